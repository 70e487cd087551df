"""How long the way is. A port, and the estimate that needs no map: straight line, detour, speed of the hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from visits.planning.problem import Matrix

EARTH_RADIUS_METRES = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees. All places of one question are in one datum."""

    latitude: float
    longitude: float


class TravelTimes(Protocol):
    def matrix(self, places: Sequence[Place], *, hours: Sequence[int]) -> Matrix:
        """Seconds and metres between every two places, for ways made in these local hours of the day."""
        ...


def straight_line_metres(a: Place, b: Place) -> int:
    """The great-circle distance of two points of one datum."""
    return int(_great_circle([a, b])[0, 1].round())


def _great_circle(places: Sequence[Place]) -> NDArray[np.float64]:
    latitude = np.radians([place.latitude for place in places])
    longitude = np.radians([place.longitude for place in places])
    half_chord = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude)[:, None] * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))
    return metres


def _city_detour() -> tuple[tuple[float, float], ...]:
    return ((0, 1.50), (1_000, 1.42), (5_000, 1.34), (15_000, 1.30), (50_000, 1.25))


def _city_speed() -> dict[int, float]:
    return {7: 18, 8: 18, 9: 21, 17: 18, 18: 18, 19: 22, 20: 28}


@dataclass(frozen=True, slots=True)
class HaversineDetour:
    """Road = straight line x a detour that shrinks with distance, driven at the mean pace of the hours asked for,
    plus fixed minutes a leg for parking and stairs, rounded up to whole minutes.

    The detours lie around the 1.324 found on average in 25 Chinese cities (doi 10.1080/19475683.2021.1966503),
    higher on short ways; speeds and minutes are judgement. `detour` is (straight metres, factor), read linearly in
    between; `kmh` holds the hours that differ from `usual_kmh`.
    """

    detour: tuple[tuple[float, float], ...] = field(default_factory=_city_detour)
    kmh: dict[int, float] = field(default_factory=_city_speed)
    usual_kmh: float = 24
    minutes_per_leg: float = 4

    def matrix(self, places: Sequence[Place], *, hours: Sequence[int]) -> Matrix:
        straight = _great_circle(places)
        bands, factors = zip(*self.detour, strict=True)
        metres = (straight * np.interp(straight, bands, factors)).round()
        minutes = np.ceil(metres * self._seconds_per_metre(hours) / 60 + self.minutes_per_leg)
        np.fill_diagonal(metres, 0)
        np.fill_diagonal(minutes, 0)
        return Matrix(seconds=minutes.astype(np.int64) * 60, metres=metres.astype(np.int64))

    def _seconds_per_metre(self, hours: Sequence[int]) -> float:
        speeds = [self.kmh.get(hour, self.usual_kmh) for hour in hours] or [self.usual_kmh]
        return sum(3.6 / kmh for kmh in speeds) / len(speeds)
