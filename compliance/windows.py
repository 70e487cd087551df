"""Contact hours, exactly: half-open windows of local time at full precision, in every zone a customer may be in.

Pure functions of their arguments; `zoneinfo` with the pinned `tzdata` package is the only authority on zones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

SEARCH_LIMIT = timedelta(days=14)


class BadWindow(ValueError):
    """A window must open before it closes; anything else would be closed, or worse, open all day."""


@dataclass(frozen=True)
class Window:
    """[opens, closes) in local wall-clock time, every day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise BadWindow(f"The window opens at {self.opens} and closes at {self.closes}.")


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def all_known(zones: Iterable[str]) -> bool:
    """Whether there is at least one zone and the tz database knows every one of them."""
    names = tuple(zones)
    return bool(names) and all(name in _known_zones() for name in names)


def is_open(window: Window, *, at: datetime, zones: tuple[str, ...]) -> bool:
    """Whether the instant `at` lies inside `window` in every zone. No zone, or an unknown one: closed."""
    if not all_known(zones):
        return False
    return all(window.opens <= at.astimezone(ZoneInfo(name)).time() < window.closes for name in zones)


def next_open(window: Window, *, after: datetime, zones: tuple[str, ...]) -> datetime | None:
    """The first instant not before `after` at which `window` is open in every zone, in UTC.

    None when the zones are unknown or their windows do not meet within fourteen days. Each step builds the
    local opening time of a local date, so days of 23 or 25 hours come out right.
    """
    if not all_known(zones):
        return None
    instant = after.astimezone(UTC)
    while instant - after <= SEARCH_LIMIT:
        later = max(_next_open_in(window, instant, ZoneInfo(name)) for name in zones)
        if later == instant:
            return instant
        instant = later
    return None


def _next_open_in(window: Window, instant: datetime, zone: ZoneInfo) -> datetime:
    local = instant.astimezone(zone)
    if window.opens <= local.time() < window.closes:
        return instant
    day = local.date() if local.time() < window.opens else local.date() + timedelta(days=1)
    return datetime.combine(day, window.opens, tzinfo=zone).astimezone(UTC)


def next_close(window: Window, *, after: datetime, zones: tuple[str, ...]) -> datetime:
    """The first instant after `after` at which `window`, open now, closes in one of the zones, in UTC."""
    closings = []
    for name in zones:
        zone = ZoneInfo(name)
        local = after.astimezone(zone)
        closings.append(datetime.combine(local.date(), window.closes, tzinfo=zone).astimezone(UTC))
    return min(closings)
