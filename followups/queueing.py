"""Which messages are wanted now.

Every function is set-wise: a constant number of queries, at most `MOST` messages a tick; the next tick goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, DateField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from compliance import gate
from compliance.gate import Ask, Channel
from compliance.terms import Purpose
from followups.days import local_date, morning_of
from followups.models import Message, Promise
from followups.occasions import Occasion, own_mobile, queue
from visits.models import Visit

MOST = 2000
DAY = timedelta(days=1)
REMIND_EVERY = timedelta(days=7)
REMINDER_KEEPS = timedelta(hours=24)  # MSG-STALE: held longer, its facts are of yesterday
JUST_SAID = timedelta(hours=12)
UNTIL_EVENING = timedelta(hours=11, minutes=30)  # from 09:30 to 21:00


def queue_visit_notices(*, by: User, now: datetime) -> int:
    """Announce every planned visit, once, to the customer's own mobile. Returns how many were queued.

    A customer without one cannot be told this way: the visit stays planned, and nobody goes unannounced.
    """
    told = Message.objects.filter(visit=OuterRef("pk"), purpose=Purpose.VISIT_NOTICE)
    visits = Visit.objects.awaiting_notice(now=now).filter(~Exists(told))
    visits = visits.annotate(own_mobile=own_mobile()).filter(own_mobile__isnull=False)
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
    return queue(occasions, by=by, now=now)


def queue_promise_reminders(*, by: User, now: datetime) -> int:
    """Remind of an open promise at 09:30 of the day before and of the day itself. Returns how many were queued.

    Nobody is reminded of what they said less than twelve hours ago.
    """
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
        for days_before in (1, 0)
        for promise in _without_reminder(days_before=days_before, now=now)
        for day, due_at in _morning(promise, days_before=days_before, now=now)
    ]
    return queue(occasions, by=by, now=now)


def _without_reminder(*, days_before: int, now: datetime) -> QuerySet[Any]:
    """Open promises whose reminder of that day falls about now, wherever the customer is, and is not there yet."""
    day = ExpressionWrapper(F("due_on") - days_before, output_field=DateField())
    key = Concat(Value("promise-reminder:"), Cast("pk", CharField()), Value(":"), Cast(day, CharField()))
    promises = Promise.objects.open().annotate(reminder_on=day, reminder_key=key)
    promises = promises.filter(
        ~Exists(Message.objects.filter(key=OuterRef("reminder_key"))),
        due_on__range=[(now + (days_before + around) * DAY).date() for around in (-1, 1)],
    )
    promises = promises.annotate(own_mobile=own_mobile()).filter(own_mobile__isnull=False)
    promises = promises.select_related("customer", "case__branch")
    return cast("QuerySet[Any]", promises.order_by("-due_on", "pk")[:MOST])


def _morning(promise: Promise, *, days_before: int, now: datetime) -> Iterator[tuple[date, datetime]]:
    day, zone = promise.due_on - days_before * DAY, promise.case.branch.time_zone
    due_at = morning_of(day, zones=promise.customer.time_zones, otherwise=zone)
    if due_at - promise.made_at >= JUST_SAID and due_at + UNTIL_EVENING > now:
        yield day, due_at


@transaction.atomic
def queue_payment_reminders(*, by: User, now: datetime) -> int:
    """Remind the customers of open cases whose next action is to be reminded and is due, at most once in 7 days.

    The next reminder is 7 days on. It waits for the moment at which the gate would let it pass; where that is too far
    off, the case is looked at again then. A customer without an own mobile, or whom the gate lets nobody write to,
    becomes the supervisor's matter.
    Returns how many messages were queued.
    """
    occasions, steps = [], []
    wanted = [
        (case, _reminder(case, phone_id, now=now) if phone_id else None)
        for case, phone_id in _to_be_reminded(now=now)
    ]
    allowed_at = _as_the_gate_allows([reminder for _case, reminder in wanted if reminder])
    for case, reminder in wanted:
        today = local_date(now, zone=case.branch.time_zone)
        at = allowed_at.get(case.pk)
        if reminder is None or at is None:
            steps.append(NextStep(case.pk, NextAction.SUPERVISOR, today, Stage.FOLLOW_UP))
        elif at >= reminder.expires_at:
            again = local_date(at, zone=case.branch.time_zone)
            steps.append(NextStep(case.pk, NextAction.REMIND, max(again, today + DAY), Stage(case.stage)))
        else:
            occasions.append(replace(reminder, due_at=at))
            steps.append(NextStep(case.pk, NextAction.REMIND, today + REMIND_EVERY, Stage(case.stage)))
    if steps:
        set_next_actions(steps, by=by, now=now)
    return queue(occasions, by=by, now=now)


def _to_be_reminded(*, now: datetime) -> list[tuple[Case, UUID | None]]:
    reminded = Message.objects.filter(
        case=OuterRef("pk"), purpose=Purpose.PAYMENT_REMINDER, queued_at__gt=now - REMIND_EVERY
    )
    cases = Case.objects.open().filter(
        ~Exists(reminded), next_action=NextAction.REMIND, next_action_on__lte=(now + DAY).date()
    )
    cases = cases.annotate(own_mobile=own_mobile()).select_related("customer", "branch")
    return [
        (case, case.own_mobile)
        for case in cases.order_by("next_action_on", "pk")[:MOST]
        if case.next_action_on <= local_date(now, zone=case.branch.time_zone)
    ]


def _as_the_gate_allows(reminders: Sequence[Occasion]) -> dict[UUID, datetime]:
    """From when on the gate would let each pass, by its case; those it never would are left out. Set-wise."""
    asks = {
        reminder.case_id: Ask(
            reminder.customer.pk,
            Channel.SMS,
            reminder.purpose,
            at=reminder.due_at,
            until=reminder.due_at,
            phone_id=reminder.phone_id,
        )
        for reminder in reminders
    }
    verdicts = gate.preview_each(list(asks.values()))
    found = {case_id: verdicts[ask].next_allowed_at for case_id, ask in asks.items()}
    return {case_id: at for case_id, at in found.items() if at is not None}


def _reminder(case: Case, phone_id: UUID, *, now: datetime) -> Occasion:
    today = local_date(now, zone=case.branch.time_zone)
    morning = morning_of(today, zones=case.customer.time_zones, otherwise=case.branch.time_zone)
    return Occasion(
        key=f"payment-reminder:{case.pk}:{today}",
        purpose=Purpose.PAYMENT_REMINDER,
        case_id=case.pk,
        customer=case.customer,
        phone_id=phone_id,
        due_at=max(now, morning),
        expires_at=max(now, morning) + REMINDER_KEEPS,
    )
