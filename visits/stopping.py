"""When contact with a customer stops: visits that have not begun are called off, teams at the door are told to leave.

Called by `compliance.stopping` through `settings.ON_RESTRICTION`, inside its transaction and with the customers locked.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.cases import NextStep, set_next_actions
from accounts.models import User
from compliance.stopping import Stop, Stopped
from compliance.terms import Channel, Purpose
from visits.models import BreakOff, Visit
from visits.models.visits import CancelReason, Status, VisitQuerySet
from visits.outcomes import BY_CANCELLATION
from visits.transitions import move_all

NOT_BEGUN = (Status.PROPOSED, Status.PLANNED, Status.NOTIFIED)


@dataclass(frozen=True)
class Word:
    """What the team is told at once. It never says why: that is the customer's own business."""

    act: str
    said: Promise


BREAK_OFF = Word(
    "BREAK_OFF",
    _(
        "Break off this visit now. Take your leave politely, talk about nothing more and give no reason; then report"
        " it as broken off for compliance. Your branch will ring you."
    ),
)
DO_NOT_GO = Word(
    "DO_NOT_GO", _("This visit is called off. Do not go there and do not ring; your branch knows why.")
)


def word_to_the_team(visit: Visit) -> Word | None:
    """What the team of this visit must be told, if anything."""
    if visit.status == Status.CANCELLED:
        return DO_NOT_GO
    if visit.status == Status.UNDER_WAY and getattr(visit, "break_off", None) is not None:
        return BREAK_OFF
    return None


def call_off_visits(stop: Stop, *, by: User, now: datetime) -> Stopped:
    """Cancel visits that fall into the stop and have not begun, and have those under way broken off.

    A case that loses a visit from the calendar goes to the supervisor: today when the customer had been told. One whose
    visit was only proposed stays as it is: it is planned again when the gate allows. A constant number of queries.
    Returns how many visits of which branch.
    """
    if not stop.stops(Channel.VISIT, Purpose.VISIT_START):
        return Counter()
    theirs = Visit.objects.filter(customer__in=stop.customers.values("pk"))
    return _call_off(theirs.filter(_within(stop)), by=by, now=now) + _have_broken_off(
        theirs, stop, by=by, now=now
    )


def _within(stop: Stop) -> Q:
    before_the_end = Q(planned_start__lt=stop.ends_at) if stop.ends_at else Q()
    return before_the_end & Q(planned_end__gt=stop.starts_at)


def _call_off(visits: VisitQuerySet, *, by: User, now: datetime) -> Stopped:
    rows = visits.filter(status__in=NOT_BEGUN).select_related("plan__branch")
    off = list(rows.select_for_update(of=("self",)).order_by("pk"))
    lost = (visit for visit in sorted(off, key=_told_last) if visit.status != Status.PROPOSED)
    steps = {visit.case_id: _next_step(visit, now=now) for visit in lost}
    for status in NOT_BEGUN:
        move_all(
            [visit for visit in off if visit.status == status],
            to=Status.CANCELLED,
            by=by,
            now=now,
            detail={"reason": CancelReason.HOLD},
            cancel_reason=CancelReason.HOLD,
        )
    if steps:
        set_next_actions(list(steps.values()), by=by, now=now)
    return _counted(off, "visits")


def _told_last(visit: Visit) -> bool:
    """Of several visits on one case the one that the customer was told of decides."""
    return visit.status == Status.NOTIFIED


def _next_step(visit: Visit, *, now: datetime) -> NextStep:
    outcome = BY_CANCELLATION[CancelReason.HOLD]
    today = now.astimezone(ZoneInfo(visit.plan.branch.time_zone)).date()
    days = 0 if visit.status == Status.NOTIFIED else outcome.days
    return NextStep(visit.case_id, outcome.action, today + timedelta(days=days), outcome.stage)


def _have_broken_off(visits: VisitQuerySet, stop: Stop, *, by: User, now: datetime) -> Stopped:
    if not stop.binds(at=now):
        return Counter()
    under_way = list(visits.filter(status=Status.UNDER_WAY, break_off=None).select_related("plan"))
    BreakOff.objects.bulk_create(
        (BreakOff(visit=visit, at=now, by=by) for visit in under_way), ignore_conflicts=True
    )
    return _counted(under_way, "under_way")


def _counted(visits: Iterable[Visit], what: str) -> Stopped:
    return Counter((visit.plan.branch_id, what) for visit in visits)
