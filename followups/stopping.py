"""When contact with a customer stops: messages that have not left are called off, and calls nobody has made.

Called by `compliance.stopping` through `settings.ON_RESTRICTION`, inside its transaction, with the customers locked and after
`visits.stopping`. Whoever had been told of a visit is told that it does not take place, or else the supervisor sees to it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from compliance.stopping import Stop, Stopped
from compliance.terms import Channel, Purpose
from followups.days import local_date
from followups.models import FollowUp, Message
from followups.models.actions import CALLS, FollowUpKind, FollowUpStatus, Outcome
from followups.models.messages import CancelReason, MessageStatus
from followups.occasions import Occasion, own_mobile, queue
from followups.outbox import cancel_all
from visits.models import Visit, VisitEvent
from visits.models.visits import CancelReason as VisitCancelReason
from visits.models.visits import Status

PURPOSES_OF_CALLS = (Purpose.FOLLOW_UP_CALL, Purpose.CONTACT_SEARCH)

# A message of which nobody knows may have arrived.
MAY_HAVE_ARRIVED = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN)


def call_off_messages(stop: Stop, *, by: User, now: datetime) -> Stopped:
    """Cancel what waits for these customers and the stop forbids. A constant number of queries.

    Returns how many messages and calls of which branch.
    """
    stopped: Stopped = Counter()
    if stop.is_over(at=now):
        return stopped
    theirs = Message.objects.filter(customer__in=stop.customers.values("pk"))
    off = cancel_all(theirs.filter(_forbidden(stop, now=now)), reason=CancelReason.RESTRICTED, by=by, now=now)
    stopped.update({(branch, "messages"): count for branch, count in off.items()})
    calls = _close_calls(stop, by=by, now=now)
    stopped.update((call.case.branch_id, "calls") for call in calls)
    lost_calls = {call.case_id: _to_decide(call.case, by=by, now=now) for call in calls}
    lost_visits = _tell_who_waits(_told_in_vain(stop, now=now), stop, by=by, now=now)
    _hand_over({**lost_calls, **lost_visits}, by=by, now=now)
    return stopped


def _forbidden(stop: Stop, *, now: datetime) -> Q:
    """Messages that would go out while the stop binds, and announcements of visits that are off."""
    forbidden = Q(pk__in=[])
    for channel in stop.stopped_channels():
        forbidden |= Q(channel=channel) & ~Q(purpose__in=stop.passing(channel))
    if not stop.starts_at <= now:
        forbidden &= Q(due_at__gte=stop.starts_at)
    if stop.ends_at is not None:
        forbidden &= Q(due_at__lt=stop.ends_at)
    off = Visit.objects.filter(
        customer__in=stop.customers.values("pk"),
        status=Status.CANCELLED,
        cancel_reason=VisitCancelReason.HOLD,
    )
    return forbidden | Q(purpose=Purpose.VISIT_NOTICE, visit__in=off.values("pk"))


def _told_in_vain(stop: Stop, *, now: datetime) -> list[Any]:
    """Visits called off this moment, still to come, of which the customer knows or may know."""
    announced = Message.objects.filter(
        visit=OuterRef("pk"), purpose=Purpose.VISIT_NOTICE, status__in=MAY_HAVE_ARRIVED
    )
    notified = VisitEvent.objects.filter(visit=OuterRef("pk"), old=Status.NOTIFIED, new=Status.CANCELLED)
    off = Visit.objects.filter(
        Exists(announced) | Exists(notified),
        customer__in=stop.customers.values("pk"),
        status=Status.CANCELLED,
        cancel_reason=VisitCancelReason.HOLD,
        status_changed_at=now,
        planned_end__gt=now,
    )
    return list(off.annotate(own_mobile=own_mobile()).select_related("customer", "case__branch"))


def _tell_who_waits(visits: Iterable[Any], stop: Stop, *, by: User, now: datetime) -> dict[UUID, FollowUp]:
    """Queue a message where one may still be sent; the others are for the supervisor, by their cases."""
    may_write = not stop.stops(Channel.SMS, Purpose.VISIT_OFF)
    by_message = [visit for visit in visits if may_write and visit.own_mobile is not None]
    occasions = [
        Occasion(
            key=f"visit-off:{visit.pk}",
            purpose=Purpose.VISIT_OFF,
            case_id=visit.case_id,
            customer=visit.customer,
            phone_id=visit.own_mobile,
            due_at=now,
            expires_at=visit.planned_end,
            visit_id=visit.pk,
        )
        for visit in by_message
    ]
    queue(occasions, by=by, now=now)
    told = {visit.pk for visit in by_message}
    note = gettext("The customer was told of a visit that is called off. See to it that nobody waits for us.")
    return {
        visit.case_id: _to_decide(visit.case, visit=visit, note=note, by=by, now=now)
        for visit in visits
        if visit.pk not in told
    }


def _close_calls(stop: Stop, *, by: User, now: datetime) -> list[FollowUp]:
    """Calls that were made stay until their outcome is told."""
    stopped = [purpose for purpose in PURPOSES_OF_CALLS if stop.stops(Channel.CALL, purpose)]
    if not (stop.binds(at=now) and stopped):
        return []
    calls = FollowUp.objects.open().filter(
        customer__in=stop.customers.values("pk"),
        kind__in=CALLS,
        purpose__in=stopped,
        contact__isnull=True,
    )
    off = list(calls.select_for_update(of=("self",)).select_related("case__branch").order_by("pk"))
    FollowUp.objects.filter(pk__in=[call.pk for call in off]).update(
        status=FollowUpStatus.CANCELLED, outcome=Outcome.OVERTAKEN, done_at=now, done_by=by
    )
    return off


def _to_decide(
    case: Case, *, visit: Visit | None = None, note: str = "", by: User, now: datetime
) -> FollowUp:
    return FollowUp(
        case=case,
        customer_id=case.customer_id,
        visit=visit,
        kind=FollowUpKind.SUPERVISOR,
        due_on=_today(case, now=now),
        note=note,
        created_at=now,
        created_by=by,
    )


def _today(case: Case, *, now: datetime) -> date:
    return local_date(now, zone=case.branch.time_zone)


def _hand_over(follow_ups: Mapping[UUID, FollowUp], *, by: User, now: datetime) -> None:
    """The case's next action says the same as its follow-up: otherwise the follow-up would be withdrawn again."""
    if not follow_ups:
        return
    steps = [
        NextStep(case, NextAction.SUPERVISOR, row.due_on, Stage.FOLLOW_UP) for case, row in follow_ups.items()
    ]
    set_next_actions(steps, by=by, now=now)
    FollowUp.objects.bulk_create(follow_ups.values(), ignore_conflicts=True)
