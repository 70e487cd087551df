"""From an order of stops to a timetable: each visit begins as early as its windows and the way there allow."""

from collections.abc import Iterable

from visits.planning.problem import BASE, Call, Crew, Problem, Stop


def timetable(problem: Problem, crew: Crew, order: Iterable[int]) -> tuple[Call, ...]:
    """The calls of one crew in this order. A stop that cannot be served in its place is left out."""
    calls: list[Call] = []
    here, clock = BASE, crew.starts
    for index in order:
        stop, there = problem.stops[index], index + 1
        travel = int(problem.travel.seconds[here, there])
        begins = _earliest(stop, arrival=clock + travel)
        if begins is None or len(calls) == crew.max_visits or not stop.needs <= crew.skills:
            continue
        leaves = begins + stop.service_seconds
        if leaves + int(problem.travel.seconds[there, BASE]) > crew.ends:
            continue
        calls.append(Call(index, begins, travel, int(problem.travel.metres[here, there])))
        here, clock = there, leaves
    return tuple(calls)


def _earliest(stop: Stop, *, arrival: int) -> int | None:
    return min(
        (max(arrival, window.opens) for window in stop.windows if arrival <= window.closes),
        default=None,
    )
