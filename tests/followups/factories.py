"""Promises, payments and messages. Rows are queued, promised and sent by the use cases wherever there is one."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from accounts.cases import set_next_action
from accounts.models import Batch, Case, Payment, Phone, User
from accounts.models.cases import NextAction, Stage
from accounts.models.feed import BatchStatus
from compliance.terms import Purpose
from followups.gateways import NotDelivered
from followups.models import Message
from followups.models.messages import MessageStatus
from followups.outbox import move
from followups.promises import promise as take_promise
from tests.accounts.factories import UserFactory, overdue_case

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
TEN = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)  # a Friday
TODAY = TEN.date()
DAY = timedelta(days=1)


def system():
    return User.objects.system()


def case_with(next_action, *, on=TODAY, now=TEN, stage=Stage.FOLLOW_UP, **facts):
    """An open case, 5,000.00 overdue, with this next action."""
    case = overdue_case(now=now, **facts)
    set_next_action(case.pk, action=next_action, on=on, stage=stage, by=system(), now=now)
    return Case.objects.get(pk=case.pk)


def promise(case=None, *, amount="1000.00", due_on=TODAY + 3 * DAY, now=TEN, reference=None, **fields):
    case = case or case_with(NextAction.CALL)
    return take_promise(
        case=case,
        reference=reference or uuid.uuid4(),
        amount=Decimal(amount),
        due_on=due_on,
        by=UserFactory(branch=case.branch),
        now=now,
        **fields,
    )


def payment(case, amount="1000.00", *, received_at=TEN + DAY, reversed_at=None):
    """A payment of the case's customer, imported with a batch of its own."""
    batch = Batch.objects.create(
        source=uuid.uuid4().hex,
        as_of=received_at.date(),
        content_hash="0" * 64,
        status=BatchStatus.DONE,
        started_at=received_at,
        imported_by=system(),
    )
    return Payment.objects.create(
        account=case.customer.accounts.first(),
        batch=batch,
        reference=uuid.uuid4().hex,
        amount=Decimal(amount),
        received_at=received_at,
        reversed_at=reversed_at,
    )


def close(case, *, now=TEN):
    """The feed found nothing overdue any more."""
    Case.objects.filter(pk=case.pk).update(
        status="CLOSED", closed_at=now, overdue_amount=0, next_action="", next_action_on=None
    )


def message(case=None, *, purpose=Purpose.PAYMENT_REMINDER, due_at=TEN, keeps=3 * DAY, **fields):
    """A message that waits to be sent; a reminder by default."""
    case = case or case_with(NextAction.REMIND, now=due_at)
    return Message.objects.create(
        key=uuid.uuid4().hex,
        case=case,
        customer=case.customer,
        phone=Phone.objects.filter(customer=case.customer).first(),
        purpose=purpose,
        language="zh-hans",
        due_at=due_at,
        expires_at=due_at + keeps,
        queued_at=due_at,
        queued_by=system(),
        status_changed_at=due_at,
        **fields,
    )


def claimed(row, *, now=TEN):
    move(row, to=MessageStatus.CLAIMED, by=system(), now=now)
    return row


class Hands:
    """A gateway that remembers what it was handed and then does as it is told."""

    def __init__(self, then=None):
        self.taken = []
        self.then = then

    def send(self, *, message_id, to, text):
        self.taken.append((message_id, to, text))
        if self.then:
            raise self.then
        return f"no. {len(self.taken)}"


def refusing():
    return Hands(NotDelivered("number barred"))


def timing_out():
    """Takes the message, and then the answer is lost on the way back."""
    return Hands(TimeoutError("no answer from +8613900000000"))
