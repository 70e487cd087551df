"""The watch over visits that come near the end of the contact hours, and what becomes of those that run past it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from visits.closing import Closing, closing
from visits.models import EndOfOverrun, Overrun, OverrunAlert, Visit
from visits.models.overruns import HowEnded
from visits.models.reports import Report
from visits.models.visits import Status


@dataclass(frozen=True)
class Watched:
    """How many alerts and overruns a watch wrote."""

    alerts: int
    overruns: int

    def __str__(self) -> str:
        return f"{self.alerts} alerts, {self.overruns} overruns"


@transaction.atomic
def watch_overruns(*, now: datetime) -> Watched:
    """Write what is due at `now` and was not written before: four queries, however many visits are under way.

    After a downtime everything due meanwhile is written with the instants at which it was due. A visit that is being
    checked out this moment is left to the next watch; its check-out itself says when it comes too late.
    """
    due = list(_due(now=now))
    ids = [visit for visit, _closing in due]
    alerted = set(OverrunAlert.objects.filter(visit__in=ids).values_list("visit", "level"))
    noticed = set(Overrun.objects.filter(visit__in=ids).values_list("visit", flat=True))
    alerts = [
        OverrunAlert(visit_id=visit, level=level, due_at=ends.alerts[level], noticed_at=now)
        for visit, ends in due
        for level in ends.due(at=now)
        if (visit, level.value) not in alerted
    ]
    overruns = [
        Overrun(visit_id=visit, at=ends.ends, noticed_at=now)
        for visit, ends in due
        if ends.is_over(at=now) and visit not in noticed
    ]
    OverrunAlert.objects.bulk_create(alerts, ignore_conflicts=True)
    Overrun.objects.bulk_create(overruns, ignore_conflicts=True)
    return Watched(len(alerts), len(overruns))


def _due(*, now: datetime) -> Iterable[tuple[UUID, Closing]]:
    rows = Visit.objects.filter(status=Status.UNDER_WAY).select_for_update(
        of=("self",), no_key=True, skip_locked=True
    )
    names = ("pk", "customer__time_zones", "check_in__received_at", "plan__branch__time_zone")
    for visit, zones, since, otherwise in rows.order_by("pk").values_list(*names):
        ends = closing(zones, since=since, otherwise=otherwise)
        if ends.due(at=now):
            yield visit, ends


def closing_of(visit: Visit) -> Closing:
    """When this visit comes to its end: from its check-in, before it from its planned start."""
    arrived = getattr(visit, "check_in", None)
    since = arrived.received_at if arrived else visit.planned_start
    return closing(visit.customer.time_zones, since=since, otherwise=visit.plan.branch.time_zone)


def note_end(visit: Visit, report: Report, *, how: HowEnded) -> None:
    """The visit ends with this report, at the time the server has it. Past the hours that is an overrun, whether a tick
    saw it or not, and whatever the phone says of its own time: that is kept beside it.

    The caller's transaction holds the end and this together.
    """
    ends = closing_of(visit).ends
    if ends <= report.received_at:
        row = Overrun(visit=visit, at=ends, noticed_at=report.received_at)
        Overrun.objects.bulk_create([row], ignore_conflicts=True)
    overrun = Overrun.objects.filter(visit=visit).first()
    if overrun is not None:
        EndOfOverrun.objects.create(overrun=overrun, how=how, **_times(overrun, report))


def _times(overrun: Overrun, report: Report) -> dict[str, Any]:
    effective = report.client_at - report.clock_offset if report.clock_offset else report.client_at
    return {
        "ended_at": report.received_at,
        "told_at": report.client_at,
        "effective_at": effective,
        "in_time_by_the_phone": effective < overrun.at,
    }
