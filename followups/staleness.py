"""What was worth saying when a message was queued may be pointless when it is sent."""

from datetime import datetime

from accounts.models.cases import CaseStatus, NextAction
from compliance.terms import Purpose
from followups.models import Message
from followups.models.messages import CancelReason
from followups.models.promises import PromiseStatus
from visits.models.visits import Status


def why_pointless(message: Message, *, now: datetime) -> CancelReason | None:
    """Why a message should not be sent any more at `now`, by the rows as they are; None when it should."""
    no_longer = {
        CancelReason.CASE_CLOSED: message.case.status == CaseStatus.CLOSED,
        CancelReason.VISIT_OFF: message.visit is not None
        and message.purpose == Purpose.VISIT_NOTICE
        and not _is_to_come(message, now=now),
        CancelReason.PROMISE_SETTLED: message.promise is not None
        and message.promise.status != PromiseStatus.OPEN,
        CancelReason.OVERTAKEN: message.purpose == Purpose.PAYMENT_REMINDER
        and message.case.next_action != NextAction.REMIND,
        CancelReason.PHONE_WITHDRAWN: message.phone.withdrawn_at is not None,
        CancelReason.EXPIRED: now >= message.expires_at,
    }
    return next((reason for reason, is_so in no_longer.items() if is_so), None)


def _is_to_come(message: Message, *, now: datetime) -> bool:
    visit = message.visit
    return visit is not None and visit.status == Status.PLANNED and visit.planned_start > now
