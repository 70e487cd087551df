"""Contact hours, exactly: half-open windows of local time at full precision, in every zone a customer may be in.

Pure functions of their arguments; `zoneinfo` with the pinned `tzdata` package is the only authority on zones.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

SEARCH_LIMIT = timedelta(days=14)
A_DAY = timedelta(days=1)


class BadWindow(ValueError):
    """A window must open before it closes; anything else would be closed, or worse, open all day."""


@dataclass(frozen=True)
class Window:
    """[opens, closes) in local wall-clock time."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise BadWindow(f"The window opens at {self.opens} and closes at {self.closes}.")


# The window of a local date; None when that day is closed. A plain Window holds every day.
Hours = Callable[[date], Window | None]


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=4096)
def all_known(zones: tuple[str, ...]) -> bool:
    """Whether there is at least one zone and the tz database knows every one of them."""
    return bool(zones) and all(name in _known_zones() for name in zones)


@lru_cache(maxsize=4096)
def local(at: datetime, zone: str) -> datetime:
    """The wall clock of `zone` at the instant `at`."""
    return at.astimezone(ZoneInfo(zone))


@lru_cache(maxsize=4096)
def time_of(seconds: int) -> time:
    """A time of day from the seconds since midnight."""
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


@lru_cache(maxsize=4096)
def window_of(opens: int, closes: int) -> Window:
    """A window from two numbers of seconds since midnight."""
    return Window(time_of(opens), time_of(closes))


def is_open(window: Window | Hours, *, at: datetime, zones: Iterable[str]) -> bool:
    """Whether the instant `at` lies inside `window` in every zone. No zone, or an unknown one: closed."""
    zones = tuple(zones)
    return all_known(zones) and not closed_zones(window, at=at, zones=zones)


def closed_zones(window: Window | Hours, *, at: datetime, zones: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the known `zones` in which `at` lies outside `window`."""
    return tuple([name for name in zones if not _is_inside(window, local(at, name))])


def _is_inside(window: Window | Hours, wall: datetime) -> bool:
    today = _of_day(window, wall.date())
    return today is not None and today.opens <= wall.time() < today.closes


def _of_day(window: Window | Hours, day: date) -> Window | None:
    return window if isinstance(window, Window) else window(day)


def next_open(window: Window | Hours, *, after: datetime, zones: Iterable[str]) -> datetime | None:
    """The first instant not before `after` at which `window` is open in every zone, in UTC.

    None when the zones are unknown or their windows do not meet within fourteen days. Each step builds the
    local opening time of a local date, so days of 23 or 25 hours come out right.
    """
    zones = tuple(zones)
    if not all_known(zones):
        return None
    instant = after.astimezone(UTC)
    while instant - after <= SEARCH_LIMIT:
        steps = [_next_open_in(window, instant, ZoneInfo(name)) for name in zones]
        if None in steps:
            return None
        later = max(step for step in steps if step)
        if later == instant:
            return instant
        instant = later
    return None


def _next_open_in(window: Window | Hours, instant: datetime, zone: ZoneInfo) -> datetime | None:
    wall = instant.astimezone(zone)
    if _is_inside(window, wall):
        return instant
    for ahead in range(SEARCH_LIMIT.days + 1):
        day = wall.date() + ahead * A_DAY
        of_day = _of_day(window, day)
        if of_day is not None and (ahead or wall.time() < of_day.opens):
            return datetime.combine(day, of_day.opens, tzinfo=zone).astimezone(UTC)
    return None


def next_close(window: Window, *, after: datetime, zones: Iterable[str]) -> datetime:
    """The first instant after `after` at which `window`, open now, closes in one of the zones, in UTC."""
    return min(closing_of_the_day(window, at=after, zone=name) for name in zones)


def closing_of_the_day(window: Window, *, at: datetime, zone: str) -> datetime:
    """The instant at which `window` closes on the local day of `at` in `zone`, in UTC."""
    return datetime.combine(local(at, zone).date(), window.closes, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def midnight_after(at: datetime, zone: str, *, days: int = 1) -> datetime:
    """The instant at which the local day `days` after that of `at` begins in `zone`, in UTC."""
    return start_of_day(local(at, zone).date() + days * A_DAY, zone)


def start_of_day(day: date, zone: str) -> datetime:
    """The instant at which the local date `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
