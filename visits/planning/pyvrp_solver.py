"""The adapter to PyVRP (MIT): iterated local search over optional visits with prizes.

Traps it steers around: PyVRP caps a penalty at 100,000 a unit, so that breaking a cap or a missing skill by one
could cost less than a prize; both are loads of 100. One client has one window, so a stop with several is a group of
alternatives. Costs are whole numbers, so a prize is told in metres of driving that it is worth.
"""

from importlib.metadata import version

import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime

from visits.planning.problem import Budget, Crew, Problem, Route, Routing, Stop
from visits.planning.timetable import timetable

LOAD = 100


class PyVRPSolver:
    name = f"pyvrp {version('pyvrp')}"

    def solve(self, problem: Problem, *, seed: int, budget: Budget) -> Routing:
        if not problem.stops or not problem.crews:
            return Routing(())
        stop = MaxRuntime(budget.seconds) if budget.seconds is not None else _iterations(budget)
        stop_of_client = [index for index, stop in enumerate(problem.stops) for _ in stop.windows]
        result = pyvrp.solve(_translated(problem), stop, seed, collect_stats=False)
        return _routing(problem, result.best, stop_of_client)


def _iterations(budget: Budget) -> MaxIterations:
    assert budget.iterations is not None  # noqa: S101 - a Budget has one of the two
    return MaxIterations(budget.iterations)


def _routing(problem: Problem, best: pyvrp.Solution, stop_of_client: list[int]) -> Routing:
    routes = []
    for route in best.routes():
        crew = route.vehicle_type()
        order = [stop_of_client[activity.idx] for activity in route.schedule() if activity.is_client()]
        if calls := timetable(problem, problem.crews[crew], order):
            routes.append(Route(crew, calls))
    return Routing(tuple(sorted(routes, key=lambda route: route.crew)))


def _translated(problem: Problem) -> pyvrp.ProblemData:
    skills = sorted({skill for stop in problem.stops for skill in stop.needs})
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    for place, stop in enumerate(problem.stops, start=1):
        group = len(groups) if len(stop.windows) > 1 else None
        if group is not None:
            copies = range(len(clients), len(clients) + len(stop.windows))
            groups.append(pyvrp.ClientGroup(list(copies), required=False))
        clients += _alternatives(stop, place, group, skills, worth=_in_metres(stop.prize, problem))
    places = len(problem.stops) + 1
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(places)],
        clients=clients,
        depots=[pyvrp.Depot(0)],
        vehicle_types=[_vehicle(crew, skills) for crew in problem.crews],
        distance_matrices=[problem.travel.metres],  # type: ignore[list-item]  # its stubs want ndarray[int]
        duration_matrices=[problem.travel.seconds],  # type: ignore[list-item]
        groups=groups,
    )


def _in_metres(prize: int, problem: Problem) -> int:
    return prize * 1000 // problem.cost_per_km


def _alternatives(
    stop: Stop, place: int, group: int | None, skills: list[str], *, worth: int
) -> list[pyvrp.Client]:
    return [
        pyvrp.Client(
            location=place,
            delivery=[LOAD, *(LOAD * (skill in stop.needs) for skill in skills)],
            service_duration=stop.service_seconds,
            tw_early=window.opens,
            tw_late=window.closes,
            prize=worth,
            required=False,
            group=group,
        )
        for window in stop.windows
    ]


def _vehicle(crew: Crew, skills: list[str]) -> pyvrp.VehicleType:
    room = LOAD * crew.max_visits
    return pyvrp.VehicleType(
        capacity=[room, *(room * (skill in crew.skills) for skill in skills)],
        tw_early=crew.starts,
        tw_late=crew.ends,
    )
