"""What the gate refused today, rule by rule."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from compliance.reading import RuleCount, refusals_by_rule, refusals_visible_to
from compliance.wording import title
from config.desk.counted import Counted
from config.desk.links import list_of
from config.desk.scope import BranchDay, Scope


@dataclass(frozen=True)
class RuleLine(Counted):
    """In how many of today's refusals a rule had a part; `share` is of 100."""

    rule: str
    title: str
    count: int
    share: int
    url: str


@dataclass(frozen=True)
class RefusalsToday(Counted):
    day: BranchDay
    count: int
    url: str
    rules: tuple[RuleLine, ...]


def refusals_today(scope: Scope) -> tuple[RefusalsToday, ...]:
    """Two queries for any number of branches. A refusal with several reasons counts once in `count`."""
    today = scope.each("customer__branch", lambda day: Q(decided_at__gte=day.begins))
    rows = refusals_visible_to(scope.user).filter(today)
    counted = rows.order_by().values("customer__branch").annotate(n=Count("pk"))
    totals = dict(counted.values_list("customer__branch", "n"))
    rules: dict[int, list[RuleCount]] = defaultdict(list)
    for count in refusals_by_rule(rows):
        rules[count.branch_id].append(count)
    return tuple(
        _of_branch(day, rows.model, totals.get(day.branch.pk, 0), rules[day.branch.pk]) for day in scope.days
    )


def _of_branch(day: BranchDay, model: type[Any], total: int, counts: list[RuleCount]) -> RefusalsToday:
    since = {"decided_at__gte": day.begins}
    most = max((count.refusals for count in counts), default=0)
    lines = tuple(
        RuleLine(
            rule=count.rule,
            title=title(count.rule),
            count=count.refusals,
            share=round(100 * count.refusals / most),
            url=list_of(model, branch=day.branch, rule=count.rule, **since),
        )
        for count in counts
    )
    return RefusalsToday(day, total, list_of(model, branch=day.branch, **since), lines)
