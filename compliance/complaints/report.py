"""What was complained of, where, with what outcome, and how long it took: for the compliance officer and the auditor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Aggregate, Count, DateField, DurationField, ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from compliance.complaints.terms import OPEN, Category, Outcome
from compliance.models import Complaint
from compliance.models.complaints import ComplaintQuerySet


class EndsBeforeItStarts(ValueError):
    """The last day of a report is not before its first."""


class _Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


class _LocalDay(Func):
    """The date of an instant by a clock: `_LocalDay(zone, instant)`."""

    template = "(timezone(%(expressions)s))::date"
    output_field = DateField()


@dataclass(frozen=True)
class ComplaintReport:
    """Complaints received on the local days from `first` to `last`, both included, that the reader may see.

    `branches` has the id None for those nobody could place. `upheld_share` is the part of those answered in which
    the customer was right, at least in part, 0 to 1; `median_days` from receipt to the answer. Both are None when
    nothing was answered. `overdue`: an answer is owed and late; `answered_late`: it came late.
    """

    first: date
    last: date
    total: int
    still_open: int
    overdue: int
    answered: int
    answered_late: int
    upheld_share: float | None
    median_days: float | None
    categories: Mapping[Category, int]
    branches: Mapping[int | None, int]
    outcomes: Mapping[Outcome, int]


def complaint_report(*, first: date, last: date, user: User, now: datetime) -> ComplaintReport:
    """Four queries for any number of complaints. Raises EndsBeforeItStarts."""
    if last < first:
        raise EndsBeforeItStarts(f"From {first} until {last}.")
    rows = Complaint.objects.visible_to(user).filter(received_on__range=(first, last)).order_by()
    outcomes = {Outcome(name): count for name, count in _counted(rows.exclude(outcome=""), "outcome").items()}
    answered = sum(outcomes.values())
    right = outcomes.get(Outcome.UPHELD, 0) + outcomes.get(Outcome.PARTLY, 0)
    totals = _totals(rows, now=now)
    median: timedelta | None = totals["median"]
    return ComplaintReport(
        first=first,
        last=last,
        total=totals["total"],
        still_open=totals["still_open"],
        overdue=totals["overdue"],
        answered=answered,
        answered_late=totals["answered_late"],
        upheld_share=right / answered if answered else None,
        median_days=median / timedelta(days=1) if median is not None else None,
        categories={Category(name): count for name, count in _counted(rows, "category").items()},
        branches=_counted(rows, "branch_id"),
        outcomes=outcomes,
    )


def _counted(rows: ComplaintQuerySet, field: str) -> dict[Any, int]:
    """The most frequent first."""
    counted = rows.values(field).annotate(n=Count("pk")).order_by("-n", field)
    return dict(counted.values_list(field, "n"))


def _totals(rows: ComplaintQuerySet, *, now: datetime) -> dict[str, Any]:
    zone = Coalesce(F("branch__time_zone"), Value(settings.TIME_ZONE))
    timed = rows.annotate(
        today=_LocalDay(zone, Value(now)),
        answered_on=_LocalDay(zone, F("answered_at")),
        took=ExpressionWrapper(F("answered_at") - F("received_at"), output_field=DurationField()),
    )
    is_open = Q(status__in=OPEN)
    totals: dict[str, Any] = timed.aggregate(
        total=Count("pk"),
        still_open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=F("today"))),
        answered_late=Count("pk", filter=Q(answered_on__gt=F("due_on"))),
        median=_Median("took"),
    )
    return totals
