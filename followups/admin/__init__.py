from followups.admin.follow_ups import FollowUpAdmin
from followups.admin.letters import LetterAdmin
from followups.admin.messages import MessageAdmin, MessageEventAdmin, SentMessageAdmin
from followups.admin.promises import PromiseAdmin
from followups.admin.templates import TemplateAdmin, TemplateEventAdmin

__all__ = [
    "FollowUpAdmin",
    "LetterAdmin",
    "MessageAdmin",
    "MessageEventAdmin",
    "PromiseAdmin",
    "SentMessageAdmin",
    "TemplateAdmin",
    "TemplateEventAdmin",
]
