"""When: never outside the hours, in any zone the customer may be in. Every window is half-open, to the microsecond."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.calendar.days import DayKind
from compliance.facts import Facts, QuietHours
from compliance.rules.rule import VOICE, Decision, Found, Params
from compliance.windows import (
    Hours,
    Window,
    all_known,
    closed_zones,
    closing_of_the_day,
    is_open,
    local,
    midnight_after,
    next_open,
    time_of,
    window_of,
)

BANK_HOURS = Window(time(8), time(21))
VISIT_START_HOURS = Window(time(8), time(20, 30))
VISIT_END_BY = time(20, 30)
MICROSECOND = timedelta(microseconds=1)
SATURDAY = 5
LONGEST_RUN = 366
FREE = frozenset({DayKind.HOLIDAY, DayKind.REST})
NOT_FOR_SURE_WORKING = FREE | {DayKind.UNKNOWN}


def _wall_clocks(facts: Facts) -> dict[str, object]:
    return {zone: local(facts.at, zone).isoformat() for zone in facts.zones}


def zone_unknown(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    return None if all_known(facts.zones) else Found({"zones": list(facts.zones)}, None)


def outside_daily_hours(facts: Facts, params: Params) -> Found | None:
    """Outside [opens, closes), the same every day."""
    return _outside(window_of(params["opens"], params["closes"]), facts)


def outside_hours_by_day(facts: Facts, params: Params) -> Found | None:
    """Outside [opens, closes) of a working day, or [opens_free, closes_free) of a week-end or holiday."""
    return _outside(_by_day(facts, params), facts)


def _by_day(facts: Facts, params: Params) -> Hours:
    def of(day: date) -> Window:
        free = day.weekday() >= SATURDAY or bool(facts.day_kinds(day) & NOT_FOR_SURE_WORKING)
        return (
            window_of(params["opens_free"], params["closes_free"])
            if free
            else window_of(params["opens"], params["closes"])
        )

    return of


def _outside(window: Window | Hours, facts: Facts) -> Found | None:
    if not all_known(facts.zones):
        return None
    closed = closed_zones(window, at=facts.at, zones=facts.zones)
    if not closed:
        return None
    today = window if isinstance(window, Window) else window(local(facts.at, closed[0]).date())
    saw: dict[str, object] = {"local": _wall_clocks(facts)}
    if today:
        saw |= {"opens": str(today.opens), "closes": str(today.closes)}
    return Found(saw, next_open(window, after=facts.at, zones=facts.zones))


def zones_disagree(facts: Facts, params: Params) -> Found | None:
    """Open in one of the customer's zones and closed in another: then it is closed."""
    if len(facts.zones) < 2 or not all_known(facts.zones):
        return None
    window = window_of(params["opens"], params["closes"])
    closed = closed_zones(window, at=facts.at, zones=facts.zones)
    if not closed or len(closed) == len(facts.zones):
        return None
    saw = {"closed": list(closed), "local": _wall_clocks(facts)}
    return Found(saw, next_open(window, after=facts.at, zones=facts.zones))


def cannot_end_in_time(facts: Facts, params: Params) -> Found | None:
    """Too near to the close: a message handed over, a call placed or a visit begun now would not end inside.

    A visit begins before `start` and is planned to end by `planned_end`; one that begins now ends by the close.
    """
    if not is_open(BANK_HOURS, at=facts.at, zones=facts.zones):
        return None
    if facts.channel == "VISIT":
        return _visit_ends_late(facts, params)
    return _too_late(facts, params["calls" if facts.channel in VOICE else "messages"])


def _visit_ends_late(facts: Facts, params: Params) -> Found | None:
    planned = facts.purpose == "VISIT_PLAN"
    ends_by = window_of(params["opens"], params["planned_end"] if planned else params["closes"])
    end = max(facts.until - MICROSECOND, facts.at)
    starts_in_time = _too_late(facts, params["visits"]) is None
    if starts_in_time and is_open(ends_by, at=end, zones=facts.zones):
        return None
    return _tomorrow(facts, params["visits"])


def _too_late(facts: Facts, cut_off: int) -> Found | None:
    still = Window(time.min, time_of(cut_off))
    return _tomorrow(facts, cut_off) if closed_zones(still, at=facts.at, zones=facts.zones) else None


def _tomorrow(facts: Facts, cut_off: int) -> Found:
    """Nothing more today: open again when the hours are, after the first closing."""
    closings = [closing_of_the_day(BANK_HOURS, at=facts.at, zone=zone) for zone in facts.zones]
    opens = next_open(BANK_HOURS, after=min(closings), zones=facts.zones)
    return Found({"cut_off": str(time_of(cut_off)), "local": _wall_clocks(facts)}, opens)


def in_quiet_hours(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    """In hours the customer asked to be left in peace, by the clock of any zone."""
    if not all_known(facts.zones):
        return None
    ends = [
        _end_of(quiet, facts.at, zone)
        for zone in facts.zones
        for quiet in facts.quiet_hours
        if _is_quiet(quiet, local(facts.at, zone))
    ]
    return Found({"local": _wall_clocks(facts)}, max(ends)) if ends else None


def _is_quiet(quiet: QuietHours, wall: datetime) -> bool:
    since_midnight = timedelta(
        hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond
    )
    starts, ends = timedelta(seconds=quiet.starts), timedelta(seconds=quiet.ends)
    return wall.weekday() == quiet.weekday and starts <= since_midnight < ends


def _end_of(quiet: QuietHours, at: datetime, zone: str) -> datetime:
    if quiet.ends >= 86_400:
        return midnight_after(at, zone)
    day = local(at, zone).date()
    return datetime.combine(day, time_of(quiet.ends), tzinfo=ZoneInfo(zone)).astimezone(UTC)


# Holidays


def visit_on_a_holiday(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    """A statutory holiday, or one of the place's own, where the customer is."""
    return _on_days(facts, lambda day: DayKind.HOLIDAY in facts.day_kinds(day))


def contact_on_a_holiday(facts: Facts, params: Params) -> Found | None:
    """From New Year's Eve to the third day of the Spring Festival nobody is troubled; other holidays are named."""
    core = _on_days(facts, lambda day: _is_spring_festival(facts, day))
    if core:
        return Found(core.saw, core.next, Decision(params["spring_festival"]))
    return visit_on_a_holiday(facts, params)


def any_contact_on_a_holiday(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    return _on_days(facts, lambda day: bool(facts.day_kinds(day) & FREE))


def calendar_missing(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    """Nobody has loaded the holidays of that year: whether it is one, a person says."""
    if not all_known(facts.zones):
        return None
    days = {local(facts.at, zone).date() for zone in facts.zones}
    unknown = sorted(day for day in days if DayKind.UNKNOWN in facts.day_kinds(day))
    if not unknown:
        return None
    return Found({"year": unknown[0].year, "countries": [country for country, _parts in facts.places]}, None)


def _on_days(facts: Facts, is_one: Callable[[date], bool]) -> Found | None:
    if not all_known(facts.zones):
        return None
    ends = [end for zone in facts.zones if (end := _end_of_run(facts.at, zone, is_one))]
    if not ends:
        return None
    day = next(local(facts.at, zone).date() for zone in facts.zones if is_one(local(facts.at, zone).date()))
    return Found({"day": day.isoformat(), "names": _names(facts, day)}, max(ends))


def _names(facts: Facts, day: date) -> list[tuple[str, str]]:
    """What the day is called where the customer may be, in Chinese and in English."""
    named = [facts.calendar.names_of(country, parts, day) for country, parts in facts.places]
    return [names for names in named if any(names)]


def _is_spring_festival(facts: Facts, day: date) -> bool:
    return any(facts.calendar.is_spring_festival_core(country, day) for country, _parts in facts.places)


def _end_of_run(at: datetime, zone: str, is_one: Callable[[date], bool]) -> datetime | None:
    """The end of the run of such days that `at` lies in, in UTC; None when it lies in none."""
    today = local(at, zone).date()
    if not is_one(today):
        return None
    length = next(ahead for ahead in range(1, LONGEST_RUN) if not is_one(today + timedelta(days=ahead)))
    return midnight_after(at, zone, days=length)


# Clocks


def clocks_disagree(facts: Facts, params: Params) -> Found | None:
    """The database's or the phone's clock is not the application's, or this one went back: nobody knows the time."""
    skewed = {one.name: round(one.ahead) for one in facts.clocks if abs(one.ahead) > params["skew"]}
    if skewed:
        return Found({"seconds_ahead": skewed}, None)
    last, back = facts.last_contact_at, timedelta(seconds=params["rollback"])
    if facts.clocks and last is not None and last > facts.at + back:
        return Found({"last_contact": last.isoformat()}, None)
    return None
