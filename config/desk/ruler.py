"""From instants to places on a horizontal ruler, in percent of its width."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
SHORTEST = 6 * HOUR


@dataclass(frozen=True)
class Mark:
    x: str
    label: str


@dataclass(frozen=True)
class Ruler:
    """A stretch of one local day, from full hour to full hour."""

    starts: datetime
    ends: datetime

    def at(self, instant: datetime) -> str:
        """Where `instant` stands; what lies outside is drawn at the edge."""
        return _percent(self._part(instant))

    def width(self, since: datetime, until: datetime) -> str:
        return _percent(max(self._part(until) - self._part(since), 0.0))

    def holds(self, instant: datetime) -> bool:
        return self.starts <= instant <= self.ends

    @property
    def hours(self) -> list[Mark]:
        """The full hours between the ends."""
        count = (self.ends - self.starts) // HOUR
        instants = (self.starts + n * HOUR for n in range(1, count))
        return [Mark(self.at(instant), f"{instant:%H}") for instant in instants]

    def _part(self, instant: datetime) -> float:
        part = (instant - self.starts) / (self.ends - self.starts)
        return min(max(part, 0.0), 1.0)


def ruler_over(instants: Iterable[datetime], *, otherwise: tuple[datetime, datetime]) -> Ruler:
    """A ruler on which all `instants` (in one zone) find room, or `otherwise` when there are none."""
    found = sorted(instants) or list(otherwise)
    starts = found[0].replace(minute=0, second=0, microsecond=0)
    ends = starts + max(-((starts - found[-1]) // HOUR) * HOUR, SHORTEST)
    return Ruler(starts, ends)


def _percent(part: float) -> str:
    return f"{100 * part:.2f}%"
