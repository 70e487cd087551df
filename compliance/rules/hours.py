"""Contact hours: never before 08:00 or from 21:00 on, in any zone the customer may be in."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.facts import Facts
from compliance.rules.rule import Check, Found
from compliance.windows import Window, all_known, is_open, next_open

BANK_HOURS = Window(time(8), time(21))
INDUSTRY_HOURS = Window(time(8), time(22))
VISIT_START_HOURS = Window(time(8), time(20, 30))
MICROSECOND = timedelta(microseconds=1)


def _local_times(facts: Facts) -> dict[str, object]:
    return {zone: facts.at.astimezone(ZoneInfo(zone)).isoformat() for zone in facts.zones}


def zone_unknown(facts: Facts) -> Found:
    if all_known(facts.zones):
        return None
    return {"zones": list(facts.zones)}, None


def outside(window: Window) -> Check:
    def check(facts: Facts) -> Found:
        if not all_known(facts.zones) or is_open(window, at=facts.at, zones=facts.zones):
            return None
        opens = next_open(window, after=facts.at, zones=facts.zones)
        saw = {"opens": str(window.opens), "closes": str(window.closes), "local": _local_times(facts)}
        return saw, opens

    return check


def cannot_end_in_time(facts: Facts) -> Found:
    """A visit starts before 20:30 and ends by 21:00, so that nobody is still at the door at night."""
    if not all_known(facts.zones) or not is_open(BANK_HOURS, at=facts.at, zones=facts.zones):
        return None
    last = max(facts.until - MICROSECOND, facts.at)
    starts_in_time = is_open(VISIT_START_HOURS, at=facts.at, zones=facts.zones)
    if starts_in_time and is_open(BANK_HOURS, at=last, zones=facts.zones):
        return None
    opens = next_open(BANK_HOURS, after=_past_closing(facts.at, facts.zones), zones=facts.zones)
    return {"last_start": str(VISIT_START_HOURS.closes), "local": _local_times(facts)}, opens


def _past_closing(at: datetime, zones: tuple[str, ...]) -> datetime:
    """The first closing of the bank's hours after `at`, a moment at which the window is closed somewhere."""
    closings = (
        datetime.combine(at.astimezone(ZoneInfo(zone)).date(), BANK_HOURS.closes, tzinfo=ZoneInfo(zone))
        for zone in zones
    )
    return min(closing.astimezone(UTC) for closing in closings)
