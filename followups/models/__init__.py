from followups.models.actions import FollowUp
from followups.models.messages import Message, MessageEvent, SentMessage
from followups.models.promises import Promise, PromisePayment

__all__ = ["FollowUp", "Message", "MessageEvent", "Promise", "PromisePayment", "SentMessage"]
