"""Small towns for the pure parts of planning."""

import numpy as np

from visits.planning.problem import SECURITY_OFFICER, Crew, Matrix, Problem, Stop, Window
from visits.planning.travel import HaversineDetour, Place

OFFICER = frozenset({SECURITY_OFFICER})
ALL_DAY = (Window(0, 8 * 3600),)
BAOTOU = Place(40.6417, 109.8224)


def on_a_line(stops, crews, *, minutes=10):
    """A street with the branch at its end and each stop ten minutes and five kilometres after the last."""
    place = np.arange(len(stops) + 1)
    steps = abs(place[:, None] - place).astype(np.int64)
    return Problem(tuple(stops), tuple(crews), Matrix(steps * minutes * 60, steps * 5000), cost_per_km=200)


def stop(*, windows=ALL_DAY, prize=30_000, service_minutes=30, needs=frozenset()):
    return Stop(service_minutes * 60, prize, windows, needs)


def crew(*, starts=0, ends=10 * 3600, max_visits=14, skills=frozenset()):
    return Crew(starts, ends, max_visits, skills)


def town(*, stops=120, crews=5, seed=1):
    """A town of optional stops, some with two windows and some that need an officer; the first crew has one."""
    random = np.random.default_rng(seed)
    places = [BAOTOU]
    places += [
        Place(BAOTOU.latitude + north, BAOTOU.longitude + east)
        for north, east in random.normal(scale=(0.03, 0.06), size=(stops, 2))
    ]
    windows = [ALL_DAY, (Window(0, 7200), Window(21_600, 28_800)), (Window(10_800, 14_400),)]
    return Problem(
        tuple(
            stop(
                windows=windows[random.integers(3)],
                prize=int(30_000 * np.exp(0.9 * random.normal())),
                needs=OFFICER if random.random() < 0.2 else frozenset(),
            )
            for _ in range(stops)
        ),
        tuple(
            crew(starts=7200 * (number % 2), skills=OFFICER if number == 0 else frozenset())
            for number in range(crews)
        ),
        HaversineDetour().matrix(places, hours=range(8, 19)),
        cost_per_km=200,
    )
