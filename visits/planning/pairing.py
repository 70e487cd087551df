"""Who goes out with whom: teams of two from the people on shift. Pure, and the same for the same people.

As many teams as can be made, then as many shared hours as can be had. Two security officers are no team: one of
the two talks, the other looks out. An officer left over joins the team whose hours are covered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

LEAST_SHARED = timedelta(hours=3)
# The exact pairing looks at every subset of the people; neighbours by shift are paired in groups of this size.
EXACT_UP_TO = 14


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    is_officer: bool
    starts: datetime
    ends: datetime


Crew = tuple[Person, ...]


def shared_hours(crew: Crew) -> tuple[datetime, datetime]:
    """From when until when all of them work; it may end before it starts."""
    return max(one.starts for one in crew), min(one.ends for one in crew)


def pair(people: Sequence[Person]) -> list[Crew]:
    """The teams, in the order of their hours. People without a partner for three hours stay behind."""
    in_order = sorted(people, key=lambda one: (one.starts, one.ends, one.is_officer, one.id))
    crews: list[Crew] = []
    for group in _groups(in_order):
        # Officers first: of equally good pairings the one that leaves an officer over is found, who can still join.
        crews += _best_pairs(sorted(group, key=lambda one: not one.is_officer))
    out = {one for crew in crews for one in crew}
    for officer in (one for one in in_order if one.is_officer and one not in out):
        _join(officer, crews)
    return sorted(crews, key=lambda crew: (*shared_hours(crew), crew[0].id))


def _groups(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for start in range(0, len(people), EXACT_UP_TO):
        yield people[start : start + EXACT_UP_TO]


def _best_pairs(people: Sequence[Person]) -> list[Crew]:
    @cache
    def best(left: tuple[int, ...]) -> tuple[int, timedelta, tuple[tuple[int, int], ...]]:
        """Teams, shared time and the pairs themselves among the people still left."""
        if len(left) < 2:
            return 0, timedelta(0), ()
        first, others = left[0], left[1:]
        found = best(others)
        for place, partner in enumerate(others):
            shared = _shared(people[first], people[partner])
            if shared is None:
                continue
            teams, time, pairs = best(others[:place] + others[place + 1 :])
            if (teams + 1, time + shared) > found[:2]:
                found = teams + 1, time + shared, ((first, partner), *pairs)
        return found

    return [(people[one], people[other]) for one, other in best(tuple(range(len(people))))[2]]


def _shared(one: Person, other: Person) -> timedelta | None:
    starts, ends = shared_hours((one, other))
    if (one.is_officer and other.is_officer) or ends - starts < LEAST_SHARED:
        return None
    return ends - starts


def _join(officer: Person, crews: list[Crew]) -> None:
    for place, crew in enumerate(crews):
        starts, ends = shared_hours(crew)
        if officer.starts <= starts and ends <= officer.ends and not any(one.is_officer for one in crew):
            crews[place] = (*crew, officer)
            return
