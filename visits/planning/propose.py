"""Proposing a day: who is on duty, whom a visit would help, what the gate would say, and in which order to go."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Branch, User
from visits.models import Plan, Shift, Visit
from visits.models.plans import PlanStatus
from visits.planning.candidates import candidates_of
from visits.planning.checker import Flawed, examine
from visits.planning.day import Choice, Day, choices_of, problem_of
from visits.planning.draft import Draft
from visits.planning.problem import Budget, Solver
from visits.planning.pyvrp_solver import PyVRPSolver
from visits.planning.screening import screen, screened
from visits.planning.teams import teams_of_day
from visits.planning.travel import HaversineDetour, TravelTimes
from visits.rota import create_shifts
from visits.transitions import NotAllowed

# The customer is told before anybody comes.
NOTICE = timedelta(minutes=30)
A_MINUTE = timedelta(minutes=1)

Report = Callable[[str], None]


def silent(_message: str) -> None:
    """The report of whoever does not want one."""


def propose_plan(
    *,
    branch: Branch,
    date: date,
    by: User,
    now: datetime,
    seed: int,
    seconds: float | None = None,
    iterations: int | None = None,
    solver: Solver | None = None,
    travel_times: TravelTimes | None = None,
    report: Report = silent,
) -> Plan:
    """A plan for the branch's local `date`, for a supervisor to review; nothing is cleared or told to anybody yet.

    Where nobody has been given a shift on the date, the standard rota applies. The solver looks for `seconds`, or
    for so many `iterations` when the plan must be reproducible: the same rows, seed and iterations give the same
    plan. Raises NotAllowed when there is nothing to plan with.
    """
    budget = Budget(seconds=seconds, iterations=iterations)
    _ensure_open(branch, date, now=now)
    day = _working_day(branch, date, by=by, now=now)
    report(gettext("%(count)d teams are on duty.") % {"count": len(day.teams)})

    choices, cases, left_out = _choices(branch, date, day)
    report(gettext("%(count)d cases could be visited. Looking for the best ways …") % {"count": len(choices)})

    solver = solver or PyVRPSolver()
    problem = problem_of(choices, day, travel_times=travel_times or HaversineDetour())
    routing = solver.solve(problem, seed=seed, budget=budget)
    draft, refused = screened(Draft(day, tuple(choices), problem, routing))
    if violations := examine(draft.problem, draft.routing):
        raise Flawed(violations)

    left_out += refused
    left_out["NO_ROOM"] = len(choices) - len(draft.routing.planned) - refused.total()
    plan = Plan(
        branch=branch,
        date=date,
        status=PlanStatus.PROPOSED,
        solver=solver.name,
        seed=seed,
        summary=draft.summary(left_out, cases=cases),
        proposed_at=now,
        proposed_by=by,
    )
    return _keep(plan, list(draft.visits(plan, now=now)))


def already_accepted(date: date) -> str:
    return gettext("A plan for %(date)s has been accepted at this branch already.") % {
        "date": date.isoformat()
    }


def _ensure_open(branch: Branch, date: date, *, now: datetime) -> None:
    if date < now.astimezone(ZoneInfo(branch.time_zone)).date():
        raise NotAllowed(gettext("%(date)s is over at this branch.") % {"date": date.isoformat()})
    if Plan.objects.filter(branch=branch, date=date, status=PlanStatus.ACCEPTED).exists():
        raise NotAllowed(already_accepted(date))


def _working_day(branch: Branch, date: date, *, by: User, now: datetime) -> Day:
    if not Shift.objects.filter(user__branch=branch, date=date).exists():
        create_shifts(branch=branch, date=date, by=by, now=now)
    soonest = (now + NOTICE + A_MINUTE).replace(second=0, microsecond=0)
    day = Day.of(branch, teams_of_day(branch=branch, date=date), not_before=soonest)
    if not day.teams:
        raise NotAllowed(
            gettext("No team of two can still go out on %(date)s. Give staff their shifts first.")
            % {"date": date.isoformat()}
        )
    return day


def _choices(branch: Branch, date: date, day: Day) -> tuple[list[Choice], int, Counter[str]]:
    """Whom the solver may choose from, how many cases wait for a visit, and how many of them fell out and why."""
    candidates, left_out = candidates_of(branch, date=date, at=day.closes)
    cases = len(candidates) + left_out.total()
    choices, out_of_day = choices_of(candidates, day)
    choices, refused = screen({choice: choice.starts[0][0] for choice in choices})
    return choices, cases, left_out + out_of_day + refused


@transaction.atomic
def _keep(plan: Plan, visits: list[Visit]) -> Plan:
    plan.save(force_insert=True)
    Visit.objects.bulk_create(visits)
    return plan
