"""What customers promised to pay in the two weeks around today, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from config.desk.counted import Counted
from config.desk.links import list_of
from config.desk.money import Money
from config.desk.scope import BranchDay, Scope
from followups.models import Promise
from followups.models.promises import PromiseStatus

Rows = Sequence[dict[str, Any]]

PAST, AHEAD = 6, 7


@dataclass(frozen=True)
class Part(Counted):
    """Promises of one status; `from_top` and `height` are of 100, for the column of a day."""

    status: PromiseStatus
    count: int
    url: str
    from_top: int = 0
    height: int = 0


@dataclass(frozen=True)
class Due(Counted):
    """The promises due on one day, or from that day on."""

    on: date
    count: int
    amounts: tuple[Money, ...]
    url: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class PromisesDue:
    """`days` are six past days, today, and seven to come; `ahead` are those to come, `all` the whole."""

    day: BranchDay
    days: tuple[Due, ...]
    today: Due
    ahead: Due
    all: Due


def promises_due(scope: Scope) -> tuple[PromisesDue, ...]:
    """By the calendar of each branch. One query for any number of branches."""
    wanted = scope.each("case__branch", lambda day: Q(due_on__range=(_days(day)[0], _days(day)[-1])))
    rows = (
        Promise.objects.visible_to(scope.user)
        .filter(wanted)
        .values("case__branch_id", "due_on", "status", "currency")
        .annotate(count=Count("pk"), amount=Sum("amount"))
        .order_by()
    )
    found = defaultdict(list)
    for row in rows:
        found[row["case__branch_id"]].append(row)
    return tuple(_of_branch(day, found[day.branch.pk]) for day in scope.days)


def _days(day: BranchDay) -> tuple[date, ...]:
    return tuple(day.today + timedelta(days=n) for n in range(-PAST, AHEAD + 1))


def _of_branch(day: BranchDay, rows: Rows) -> PromisesDue:
    shown = _days(day)
    by_day = {on: [row for row in rows if row["due_on"] == on] for on in shown}
    most = max(_count(some) for some in by_day.values())
    days = tuple(_due(day, on, some, most, due_on__exact=on) for on, some in by_day.items())
    ahead = [row for row in rows if row["due_on"] > day.today]
    return PromisesDue(
        day=day,
        days=days,
        today=days[PAST],
        ahead=_due(day, shown[PAST + 1], ahead, 0, due_on__gt=day.today, due_on__lte=shown[-1]),
        all=_due(day, shown[0], rows, 0, due_on__gte=shown[0], due_on__lte=shown[-1]),
    )


def _due(day: BranchDay, on: date, rows: Rows, most: int, **lookups: date) -> Due:
    return Due(
        on=on,
        count=_count(rows),
        amounts=_amounts(rows),
        url=list_of(Promise, branch=day.branch, **lookups),
        parts=tuple(_parts(day, rows, most, lookups)),
    )


def _parts(day: BranchDay, rows: Rows, most: int, lookups: dict[str, date]) -> Iterable[Part]:
    top = 100
    for status in PromiseStatus:
        count = _count([row for row in rows if row["status"] == status])
        if count:
            height = round(100 * count / most) if most else 0
            top -= height
            url = list_of(Promise, branch=day.branch, status__exact=status.value, **lookups)
            yield Part(status, count, url, max(top, 0), height)


def _count(rows: Rows) -> int:
    return sum(row["count"] for row in rows)


def _amounts(rows: Rows) -> tuple[Money, ...]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row["currency"]] += row["amount"]
    return tuple(Money(amount, currency) for currency, amount in sorted(totals.items()))
