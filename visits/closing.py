"""By when a visit must be over: alerts at 20:30 and 20:50, the end at 21:00, by the customer's clock. No extension.

Pure functions. Of several zones the one whose clock is first counts, as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from compliance.rules.checks.hours import BANK_HOURS
from compliance.windows import all_known
from visits.models.overruns import AlertLevel

ALERTS = {AlertLevel.SOON: time(20, 30), AlertLevel.NOW: time(20, 50)}
ENDS = BANK_HOURS.closes


@dataclass(frozen=True, slots=True)
class Closing:
    """The instants (UTC) at which a visit is alerted, and `ends`, the first at which nobody may be there any more."""

    alerts: dict[AlertLevel, datetime]
    ends: datetime

    def due(self, *, at: datetime) -> list[AlertLevel]:
        """The alerts whose instant has come, the first one first."""
        return [level for level, instant in self.alerts.items() if instant <= at]

    def is_over(self, *, at: datetime) -> bool:
        return self.ends <= at


def closing(zones: Sequence[str], *, since: datetime, otherwise: str) -> Closing:
    """When the visit that began at `since` comes to its end. `otherwise` is the zone taken for zones nobody knows."""
    known = [zone for zone in zones if all_known((zone,))] or [otherwise]
    return Closing(
        alerts={level: _first(known, clock, since=since) for level, clock in ALERTS.items()},
        ends=_first(known, ENDS, since=since),
    )


def _first(zones: Sequence[str], clock: time, *, since: datetime) -> datetime:
    """The first instant at which it is `clock` in one of the zones, on the date that `since` has there.

    Not before `since`: where it was past that hour already, the visit should be over at once.
    """
    instants = (
        datetime.combine(since.astimezone(ZoneInfo(zone)).date(), clock, ZoneInfo(zone)) for zone in zones
    )
    return max(min(instants).astimezone(UTC), since)
