from followups.admin.follow_ups import FollowUpAdmin
from followups.admin.messages import MessageAdmin, MessageEventAdmin, SentMessageAdmin
from followups.admin.promises import PromiseAdmin

__all__ = ["FollowUpAdmin", "MessageAdmin", "MessageEventAdmin", "PromiseAdmin", "SentMessageAdmin"]
