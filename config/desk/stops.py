"""Whose contact was stopped today, why, and what that called off."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from compliance.care_wording import what_was_stopped
from compliance.reading import stoppages_visible_to
from config.desk.counted import Counted
from config.desk.links import list_of, page_of
from config.desk.scope import BranchDay, Scope

SHOWN = 5


@dataclass(frozen=True)
class StopLine:
    """One restriction: the customer or area, the reason, what it called off, by whom and when."""

    who: str
    why: str
    what: str
    by: str
    at: str
    url: str


@dataclass(frozen=True)
class StopsToday(Counted):
    day: BranchDay
    count: int
    url: str
    lines: tuple[StopLine, ...]


def stops_today(scope: Scope) -> tuple[StopsToday, ...]:
    """The newest few of each branch looked at alone, and how many there were. Two queries for any number of branches."""
    today = scope.each("branch", lambda day: Q(at__gte=day.begins))
    rows = stoppages_visible_to(scope.user).filter(today)
    counted = rows.order_by().values("branch").annotate(n=Count("pk"))
    totals = dict(counted.values_list("branch", "n"))
    lines: dict[int, list[StopLine]] = defaultdict(list)
    if scope.only and totals:
        lines[scope.only.branch.pk] = [_line(row, scope.only) for row in rows.order_by("-at", "-pk")[:SHOWN]]
    return tuple(
        StopsToday(
            day,
            totals.get(day.branch.pk, 0),
            list_of(rows.model, branch=day.branch, at__gte=day.begins),
            tuple(lines[day.branch.pk]),
        )
        for day in scope.days
    )


def _line(row: Any, day: BranchDay) -> StopLine:
    restriction = row.restriction
    if restriction is None:
        who, why, of = (
            row.area_restriction.name,
            row.area_restriction.get_kind_display(),
            row.area_restriction,
        )
    else:
        who, why, of = restriction.customer.masked_name, restriction.get_kind_display(), restriction
    what = what_was_stopped([row]) if row.anything else _("nothing was planned or queued")
    return StopLine(who, why, what, str(row.by), f"{row.at.astimezone(day.zone):%H:%M}", page_of(of))
