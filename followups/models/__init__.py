from followups.models.actions import FollowUp
from followups.models.letters import Letter
from followups.models.messages import Message, MessageEvent, SentMessage
from followups.models.promises import Promise, PromisePayment
from followups.models.templates import Template, TemplateEvent

__all__ = [
    "FollowUp",
    "Letter",
    "Message",
    "MessageEvent",
    "Promise",
    "PromisePayment",
    "SentMessage",
    "Template",
    "TemplateEvent",
]
