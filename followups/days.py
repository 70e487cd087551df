"""Local days: which date it is, when it begins, and when a person may expect a message in the morning."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.windows import all_known

MORNING = time(9, 30)


def local_date(at: datetime, *, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, *, zone: str) -> datetime:
    """The instant at which `day` is over in `zone`, built from the next local date: days have 23 to 25 hours."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def morning_of(day: date, *, zones: Iterable[str], otherwise: str) -> datetime:
    """09:30 of `day` in the last of the customer's `zones` to reach it.

    `otherwise` (the branch's zone) serves customers whose zones are not known; the gate will not let a message
    to them out, but the refusal is then on record.
    """
    names = tuple(zones)
    known = names if all_known(names) else (otherwise,)
    return max(datetime.combine(day, MORNING, tzinfo=ZoneInfo(name)).astimezone(UTC) for name in known)
