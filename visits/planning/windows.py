"""When a visit to a customer may begin: the hours of the day in every zone the customer may be in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.rules.checks.hours import BANK_HOURS, VISIT_START_HOURS
from compliance.windows import all_known

Interval = tuple[datetime, datetime]
DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class VisitingHours:
    """A visit begins from `opens` on, before `last_start`, and is over by `closes`, by the customer's clock."""

    opens: time
    last_start: time
    closes: time


# A visit is planned to be over half an hour before the hours end, so that one that takes longer still ends inside.
LAWFUL = VisitingHours(BANK_HOURS.opens, last_start=VISIT_START_HOURS.closes, closes=VISIT_START_HOURS.closes)
BEGINNING = VisitingHours(BANK_HOURS.opens, last_start=VISIT_START_HOURS.closes, closes=BANK_HOURS.closes)
DAYLIGHT = VisitingHours(BANK_HOURS.opens, last_start=time(16, 30), closes=time(17))


def lawful_starts(
    zones: Sequence[str], *, service: timedelta, within: Interval, hours: VisitingHours = LAWFUL
) -> list[Interval]:
    """The intervals, ends included, in which a visit that lasts `service` may begin, to the second, in UTC.

    LAWFUL is for plans: over by 20:30. BEGINNING is for a team at the door: begun before 20:30 and over by 21:00.
    Every zone must be inside its hours. No zone, or one that nobody knows, is closed at all times.
    """
    if not all_known(tuple(zones)):
        return []
    allowed = [within]
    for zone in map(ZoneInfo, zones):
        allowed = list(_overlaps(allowed, _starts_in(zone, service=service, within=within, hours=hours)))
    return allowed


def _starts_in(
    zone: ZoneInfo, *, service: timedelta, within: Interval, hours: VisitingHours
) -> Iterator[Interval]:
    day = within[0].astimezone(zone).date()
    while day <= within[1].astimezone(zone).date():
        first = datetime.combine(day, hours.opens, zone).astimezone(UTC)
        last = min(
            datetime.combine(day, hours.last_start, zone).astimezone(UTC) - A_SECOND,
            datetime.combine(day, hours.closes, zone).astimezone(UTC) - service,
        )
        if first <= last:
            yield first, last
        day += DAY


def _overlaps(some: Iterable[Interval], others: Iterable[Interval]) -> Iterator[Interval]:
    others = list(others)
    for opens, closes in some:
        for also_opens, also_closes in others:
            both = max(opens, also_opens), min(closes, also_closes)
            if both[0] <= both[1]:
                yield both
