"""Today's rounds: every team of a branch with its visits on a ruler of the day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet

from config.desk.lanes import Lane, Tally, lane, real_times, tallies
from config.desk.ruler import Ruler, ruler_over
from config.desk.scope import BranchDay, Scope
from visits.models import Team, Visit
from visits.models.plans import PlanStatus
from visits.models.visits import Status

OFFICE_HOURS = (time(9), time(18))


@dataclass(frozen=True)
class Rounds:
    """`now_at` is where the ruler's present stands, empty outside the ruler."""

    day: BranchDay
    ruler: Ruler
    lanes: tuple[Lane, ...]
    now_at: str

    @property
    def tallies(self) -> tuple[Tally, ...]:
        counts: Counter[Status] = Counter()
        for one in self.lanes:
            counts.update({tally.status: tally.count for tally in one.tallies})
        return tallies(counts)


def rounds(scope: Scope) -> tuple[Rounds, ...]:
    """The rounds of each branch: three queries for any number of branches, teams and visits."""
    visits: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in _visits(scope):
        visits[visit.team_id].append(visit)
    teams: dict[int, list[Team]] = defaultdict(list)
    for team in _teams(scope):
        teams[team.branch_id].append(team)
    return tuple(_rounds(day, teams[day.branch.pk], visits) for day in scope.days)


def visits_of_today(scope: Scope) -> QuerySet[Visit]:
    """Visits of the accepted plans of each branch's own today, in the order of each round."""
    today = scope.each("plan__branch", lambda day: Q(plan__date=day.today, plan__status=PlanStatus.ACCEPTED))
    return Visit.objects.visible_to(scope.user).filter(today).order_by("team", "position")


def _visits(scope: Scope) -> Iterable[Visit]:
    return visits_of_today(scope).select_related("customer", "address", "check_in", "check_out", "record")


def _teams(scope: Scope) -> Iterable[Team]:
    today = scope.each("branch", lambda day: Q(date=day.today))
    rows = Team.objects.visible_to(scope.user).filter(today)
    return rows.prefetch_related("members").order_by("name")


def _rounds(day: BranchDay, teams: Sequence[Team], visits: Mapping[UUID, Sequence[Visit]]) -> Rounds:
    ruler = _ruler(day, teams, visits)
    lanes = tuple(lane(team, visits.get(team.pk, ()), ruler=ruler, day=day) for team in teams)
    return Rounds(day, ruler, lanes, ruler.at(day.local) if ruler.holds(day.local) else "")


def _ruler(day: BranchDay, teams: Sequence[Team], visits: Mapping[UUID, Sequence[Visit]]) -> Ruler:
    instants = [instant for team in teams for instant in (team.starts_at, team.ends_at)]
    for team in teams:
        for visit in visits.get(team.pk, ()):
            instants += (visit.planned_start, visit.planned_end)
            instants += real_times(visit, now=day.now) or ()
    return ruler_over((at.astimezone(day.zone) for at in instants), otherwise=_office_hours(day))


def _office_hours(day: BranchDay) -> tuple[datetime, datetime]:
    opens, closes = (datetime.combine(day.today, at, tzinfo=day.zone) for at in OFFICE_HOURS)
    return opens, closes
