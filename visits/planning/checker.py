"""An examiner of plans that trusts no solver: it recomputes everything from the problem alone.

It shares no code with the solvers or the timetable. A plan with a violation is never proposed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from visits.planning.problem import Problem, Route, Routing


class Fault(StrEnum):
    UNKNOWN_CREW = "UNKNOWN_CREW"
    UNKNOWN_STOP = "UNKNOWN_STOP"
    CREW_TWICE = "CREW_TWICE"
    STOP_TWICE = "STOP_TWICE"
    EMPTY_ROUTE = "EMPTY_ROUTE"
    TOO_MANY_VISITS = "TOO_MANY_VISITS"
    SKILL_MISSING = "SKILL_MISSING"
    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"
    NOT_THERE_YET = "NOT_THERE_YET"
    BACK_TOO_LATE = "BACK_TOO_LATE"
    WRONG_TRAVEL = "WRONG_TRAVEL"


@dataclass(frozen=True, slots=True)
class Violation:
    fault: Fault
    crew: int
    stop: int | None = None


class Flawed(Exception):
    """A solver handed in a plan that breaks its own problem."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(f"{v.fault} crew {v.crew} stop {v.stop}" for v in violations))
        self.violations = violations


def examine(problem: Problem, routing: Routing) -> list[Violation]:
    """Every violation in the plan; an empty list means that it can be walked as written."""
    found = list(_repetitions(routing))
    for route in routing.routes:
        if not 0 <= route.crew < len(problem.crews):
            found.append(Violation(Fault.UNKNOWN_CREW, route.crew))
        elif not route.calls:
            found.append(Violation(Fault.EMPTY_ROUTE, route.crew))
        elif strangers := [c.stop for c in route.calls if not 0 <= c.stop < len(problem.stops)]:
            found += [Violation(Fault.UNKNOWN_STOP, route.crew, stop) for stop in strangers]
        else:
            found += _of_crew(problem, route)
            found += _of_clock(problem, route)
    return found


def _repetitions(routing: Routing) -> Iterator[Violation]:
    crews = Counter(route.crew for route in routing.routes)
    yield from (Violation(Fault.CREW_TWICE, crew) for crew, times in crews.items() if times > 1)
    seen: set[int] = set()
    for route in routing.routes:
        for call in route.calls:
            if call.stop in seen:
                yield Violation(Fault.STOP_TWICE, route.crew, call.stop)
            seen.add(call.stop)


def _of_crew(problem: Problem, route: Route) -> Iterator[Violation]:
    crew = problem.crews[route.crew]
    if len(route.calls) > crew.max_visits:
        yield Violation(Fault.TOO_MANY_VISITS, route.crew)
    for call in route.calls:
        if problem.stops[call.stop].needs - crew.skills:
            yield Violation(Fault.SKILL_MISSING, route.crew, call.stop)


def _of_clock(problem: Problem, route: Route) -> Iterator[Violation]:
    crew, travel = problem.crews[route.crew], problem.travel
    place, free_at = 0, crew.starts
    for call in route.calls:
        stop = problem.stops[call.stop]
        seconds = int(travel.seconds[place][call.stop + 1])
        metres = int(travel.metres[place][call.stop + 1])
        if (call.travel_seconds, call.travel_metres) != (seconds, metres):
            yield Violation(Fault.WRONG_TRAVEL, route.crew, call.stop)
        if call.begins - free_at < seconds:
            yield Violation(Fault.NOT_THERE_YET, route.crew, call.stop)
        if not any(window.opens <= call.begins <= window.closes for window in stop.windows):
            yield Violation(Fault.OUTSIDE_WINDOW, route.crew, call.stop)
        place, free_at = call.stop + 1, call.begins + stop.service_seconds
    if free_at + int(travel.seconds[place][0]) > crew.ends:
        yield Violation(Fault.BACK_TOO_LATE, route.crew)
