"""The routing problem of one branch and one day, free of Django: what a solver is given and what it gives back.

Times are whole seconds from the problem's origin (an instant its maker knows), distances metres, money whole
hundredths of the branch's currency. Place 0 of the travel matrix is the branch, place i + 1 is stop i.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SECURITY_OFFICER = "SECURITY_OFFICER"
BASE = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A visit may begin at any second from `opens` to `closes`, both included."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that may be made: `prize` is what it is expected to be worth."""

    service_seconds: int
    prize: int
    windows: tuple[Window, ...]
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Crew:
    """A team that leaves the branch at `starts` at the earliest and is back by `ends`."""

    starts: int
    ends: int
    max_visits: int
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Travel between every two places."""

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    stops: tuple[Stop, ...]
    crews: tuple[Crew, ...]
    travel: Matrix
    cost_per_km: int


@dataclass(frozen=True, slots=True)
class Call:
    """One stop in a route: when it begins, and the leg that leads to it."""

    stop: int
    begins: int
    travel_seconds: int
    travel_metres: int


@dataclass(frozen=True, slots=True)
class Route:
    crew: int
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """A solver's answer: at most one route a crew, in the order of the crews; stops may be left out."""

    routes: tuple[Route, ...]

    @property
    def planned(self) -> frozenset[int]:
        return frozenset(call.stop for route in self.routes for call in route.calls)

    def metres(self, problem: Problem) -> int:
        """The whole way of all crews, back to the branch included."""
        back = problem.travel.metres[:, BASE]
        return sum(
            sum(call.travel_metres for call in route.calls) + int(back[route.calls[-1].stop + 1])
            for route in self.routes
        )

    def value(self, problem: Problem) -> int:
        """Prizes less the cost of the way, in hundredths."""
        prizes = sum(problem.stops[stop].prize for stop in self.planned)
        return prizes - self.metres(problem) * problem.cost_per_km // 1000


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a solver may look: by the clock, or by its own steps when the answer must be reproducible."""

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.iterations is None):
            raise ValueError("Give a solver either seconds or iterations.")


class Solver(Protocol):
    """Whatever can plan a day. Same problem, seed and iterations: same answer."""

    name: str

    def solve(self, problem: Problem, *, seed: int, budget: Budget) -> Routing: ...
