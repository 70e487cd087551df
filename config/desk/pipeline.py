"""Where the open cases of a branch stand, stage by stage, and what is overdue there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Case
from accounts.models.cases import CaseStatus, Stage
from config.desk.counted import Counted
from config.desk.links import list_of
from config.desk.money import Money
from config.desk.scope import BranchDay, Scope

OPEN_STAGES = (Stage.VERIFICATION, Stage.ASSESSMENT, Stage.PLANNING, Stage.VISIT, Stage.FOLLOW_UP)


@dataclass
class _Tally:
    cases: int = 0
    late: int = 0
    overdue: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@dataclass(frozen=True)
class Step(Counted):
    """The cases at one stage. `late` ones passed the date of their next action; `share` is of 100."""

    stage: Stage
    count: int
    url: str
    late: int = 0
    late_url: str = ""
    overdue: tuple[Money, ...] = ()
    share: int = 0


@dataclass(frozen=True)
class Pipeline:
    day: BranchDay
    steps: tuple[Step, ...]
    closed_today: Step

    @property
    def open_cases(self) -> int:
        return sum(step.count for step in self.steps)

    @property
    def overdue(self) -> tuple[Money, ...]:
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for money in (money for step in self.steps for money in step.overdue):
            totals[money.currency] += money.amount
        return tuple(Money(amount, currency) for currency, amount in sorted(totals.items()))


def pipelines(scope: Scope) -> tuple[Pipeline, ...]:
    """One pipeline a branch, in two queries for any number of branches."""
    tallies = _tally(_open_cases(scope))
    closed = dict(_closed_today(scope))
    return tuple(_pipeline(day, tallies[day.branch.pk], closed.get(day.branch.pk, 0)) for day in scope.days)


def _open_cases(scope: Scope) -> Iterable[Mapping[str, Any]]:
    late = scope.each("branch", lambda day: Q(next_action_on__lt=day.today))
    here = [day.branch.pk for day in scope.days]
    rows: QuerySet[Case] = Case.objects.open().visible_to(scope.user).filter(branch__in=here)
    return rows.values("branch_id", "stage", "currency").annotate(
        cases=Count("pk"), late=Count("pk", filter=late), overdue=Sum("overdue_amount")
    )


def _closed_today(scope: Scope) -> Iterable[tuple[int, int]]:
    today = scope.each("branch", lambda day: Q(status=CaseStatus.CLOSED, closed_at__gte=day.begins))
    rows: QuerySet[Case] = Case.objects.visible_to(scope.user).filter(today)
    return rows.values("branch_id").annotate(cases=Count("pk")).values_list("branch_id", "cases")


def _tally(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, _Tally]]:
    found: dict[int, dict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for row in rows:
        tally = found[row["branch_id"]][row["stage"]]
        tally.cases += row["cases"]
        tally.late += row["late"]
        tally.overdue[row["currency"]] += row["overdue"]
    return found


def _pipeline(day: BranchDay, tallies: dict[str, _Tally], closed: int) -> Pipeline:
    most = max((tally.cases for tally in tallies.values()), default=0)
    steps = tuple(_step(day, stage, tallies[stage], most) for stage in OPEN_STAGES)
    url = list_of(Case, branch=day.branch, status__exact=CaseStatus.CLOSED.value, closed_at__gte=day.begins)
    return Pipeline(day, steps, Step(Stage.CLOSED, closed, url))


def _step(day: BranchDay, stage: Stage, tally: _Tally, most: int) -> Step:
    here = {"status__exact": CaseStatus.OPEN.value, "stage__exact": stage.value}
    return Step(
        stage=stage,
        count=tally.cases,
        url=list_of(Case, branch=day.branch, **here),
        late=tally.late,
        late_url=list_of(Case, branch=day.branch, **here, next_action_on__lt=day.today),
        overdue=tuple(Money(amount, currency) for currency, amount in sorted(tally.overdue.items())),
        share=round(100 * tally.cases / most) if most else 0,
    )
