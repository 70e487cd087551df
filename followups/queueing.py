"""Which messages are wanted now. The unique key of each occasion makes a second message impossible.

Every function is set-wise: a constant number of queries, however many messages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, Customer, Phone, User
from accounts.models.cases import NextAction, Stage
from compliance.terms import Channel, Purpose
from followups.days import local_date, morning_of
from followups.models import Message, Promise
from followups.models.messages import MessageStatus
from followups.wording import language_for
from visits.models import Visit

MOST = 2000
DAY = timedelta(days=1)
REMIND_EVERY = timedelta(days=7)
REMINDER_KEEPS = timedelta(days=3)
JUST_SAID = timedelta(hours=12)
UNTIL_EVENING = timedelta(hours=11, minutes=30)  # from 09:30 to 21:00


@dataclass(frozen=True)
class Occasion:
    """One reason to send one message to `phone_id`, between two instants."""

    key: str
    purpose: Purpose
    case_id: UUID
    customer: Customer
    phone_id: UUID
    due_at: datetime
    expires_at: datetime
    visit_id: UUID | None = None
    promise_id: UUID | None = None


def queue_visit_notices(*, by: User, now: datetime) -> int:
    """Announce every planned visit, once, to the customer's own mobile. Returns how many were queued.

    A customer without one cannot be told this way: the visit stays planned, and nobody goes unannounced.
    """
    told = Message.objects.filter(visit=OuterRef("pk"), purpose=Purpose.VISIT_NOTICE)
    visits = Visit.objects.awaiting_notice(now=now).filter(~Exists(told))
    visits = visits.annotate(own_mobile=_own_mobile()).filter(own_mobile__isnull=False)
    occasions = [
        Occasion(
            key=f"visit-notice:{visit.pk}",
            purpose=Purpose.VISIT_NOTICE,
            case_id=visit.case_id,
            customer=visit.customer,
            phone_id=visit.own_mobile,
            due_at=now,
            expires_at=visit.planned_start,
            visit_id=visit.pk,
        )
        for visit in visits.select_related("customer").order_by("planned_start", "pk")[:MOST]
    ]
    return _queue(occasions, by=by, now=now)


def queue_promise_reminders(*, by: User, now: datetime) -> int:
    """Remind of an open promise at 09:30 of the day before and of the day itself. Returns how many were queued.

    Nobody is reminded of what they said less than twelve hours ago.
    """
    promises = Promise.objects.open().filter(due_on__range=((now - DAY).date(), (now + 2 * DAY).date()))
    promises = promises.annotate(own_mobile=_own_mobile()).filter(own_mobile__isnull=False)
    occasions = [
        Occasion(
            key=f"promise-reminder:{promise.pk}:{day}",
            purpose=Purpose.PROMISE_REMINDER,
            case_id=promise.case_id,
            customer=promise.customer,
            phone_id=promise.own_mobile,
            due_at=due_at,
            expires_at=due_at + UNTIL_EVENING,
            promise_id=promise.pk,
        )
        for promise in promises.select_related("customer", "case__branch").order_by("pk")
        for day, due_at in _mornings(promise, now=now)
    ]
    return _queue(occasions, by=by, now=now)


def _mornings(promise: Promise, *, now: datetime) -> Iterator[tuple[date, datetime]]:
    for day in (promise.due_on - DAY, promise.due_on):
        zone = promise.case.branch.time_zone
        due_at = morning_of(day, zones=promise.customer.time_zones, otherwise=zone)
        if due_at - promise.made_at >= JUST_SAID and due_at + UNTIL_EVENING > now:
            yield day, due_at


@transaction.atomic
def queue_payment_reminders(*, by: User, now: datetime) -> int:
    """Remind the customers of open cases whose next action is to be reminded and is due, at most once in 7 days.

    The next reminder is 7 days on. A customer without an own mobile becomes the supervisor's matter.
    Returns how many messages were queued.
    """
    occasions, steps = [], []
    for case, own_mobile in _to_be_reminded(now=now):
        today = local_date(now, zone=case.branch.time_zone)
        if own_mobile is None:
            steps.append(NextStep(case.pk, NextAction.SUPERVISOR, today, Stage.FOLLOW_UP))
        else:
            occasions.append(_reminder(case, own_mobile, today=today, now=now))
            steps.append(NextStep(case.pk, NextAction.REMIND, today + REMIND_EVERY, Stage(case.stage)))
    if steps:
        set_next_actions(steps, by=by, now=now)
    return _queue(occasions, by=by, now=now)


def _to_be_reminded(*, now: datetime) -> list[tuple[Case, UUID | None]]:
    reminded = Message.objects.filter(
        case=OuterRef("pk"), purpose=Purpose.PAYMENT_REMINDER, queued_at__gt=now - REMIND_EVERY
    )
    cases = Case.objects.open().filter(
        ~Exists(reminded), next_action=NextAction.REMIND, next_action_on__lte=(now + DAY).date()
    )
    cases = cases.annotate(own_mobile=_own_mobile()).select_related("customer", "branch")
    return [
        (case, case.own_mobile)
        for case in cases.order_by("next_action_on", "pk")[:MOST]
        if case.next_action_on <= local_date(now, zone=case.branch.time_zone)
    ]


def _reminder(case: Case, own_mobile: UUID, *, today: date, now: datetime) -> Occasion:
    morning = morning_of(today, zones=case.customer.time_zones, otherwise=case.branch.time_zone)
    return Occasion(
        key=f"payment-reminder:{case.pk}:{today}",
        purpose=Purpose.PAYMENT_REMINDER,
        case_id=case.pk,
        customer=case.customer,
        phone_id=own_mobile,
        due_at=max(now, morning),
        expires_at=max(now, morning) + REMINDER_KEEPS,
    )


def _own_mobile() -> Subquery:
    """The customer's own mobile; of several, the one at which they were reached last."""
    phones = Phone.objects.own_mobiles().filter(customer=OuterRef("customer"))
    by_last_reached = F("last_reached_at").desc(nulls_last=True)
    return Subquery(phones.order_by(by_last_reached, "pk").values("pk")[:1])


def _queue(occasions: Sequence[Occasion], *, by: User, now: datetime) -> int:
    known = set(
        Message.objects.filter(key__in=[occasion.key for occasion in occasions]).values_list("key", flat=True)
    )
    messages = [
        Message(
            key=occasion.key,
            purpose=occasion.purpose,
            channel=Channel.SMS,
            case_id=occasion.case_id,
            customer=occasion.customer,
            phone_id=occasion.phone_id,
            visit_id=occasion.visit_id,
            promise_id=occasion.promise_id,
            language=language_for(occasion.customer.language),
            status=MessageStatus.PENDING,
            due_at=occasion.due_at,
            expires_at=occasion.expires_at,
            queued_at=now,
            queued_by=by,
            status_changed_at=now,
        )
        for occasion in occasions
        if occasion.key not in known
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return len(messages)
