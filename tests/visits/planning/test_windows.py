from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.facts import Facts
from compliance.rules.checks.hours import cannot_end_in_time, outside_daily_hours
from visits.planning.windows import BEGINNING, DAYLIGHT, LAWFUL, lawful_starts

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALF_AN_HOUR = timedelta(minutes=30)
A_SECOND = timedelta(seconds=1)


def day(zone, *, of=datetime(2026, 11, 20)):
    midnight = datetime.combine(of, time.min, ZoneInfo(zone))
    return midnight, midnight + timedelta(days=1)


def local(intervals, zone):
    return [tuple(f"{end.astimezone(ZoneInfo(zone)):%d %H:%M:%S}" for end in one) for one in intervals]


@pytest.mark.parametrize(
    ("minutes", "last"),
    [(1, "20 20:29:00"), (30, "20 20:00:00"), (31, "20 19:59:00"), (45, "20 19:45:00")],
)
def test_a_visit_is_planned_to_be_over_at_half_past_eight(minutes, last):
    starts = lawful_starts(["Asia/Shanghai"], service=timedelta(minutes=minutes), within=day("Asia/Shanghai"))

    assert local(starts, "Asia/Shanghai") == [("20 08:00:00", last)]


@pytest.mark.parametrize(
    ("minutes", "last"),
    [(1, "20 20:29:59"), (30, "20 20:29:59"), (31, "20 20:29:00"), (45, "20 20:15:00")],
)
def test_a_team_at_the_door_begins_before_half_past_eight_and_ends_by_nine(minutes, last):
    starts = lawful_starts(
        ["Asia/Shanghai"],
        service=timedelta(minutes=minutes),
        within=day("Asia/Shanghai"),
        hours=BEGINNING,
    )

    assert local(starts, "Asia/Shanghai") == [("20 08:00:00", last)]


def test_all_zones_a_customer_may_be_in_are_awake():
    zones = ["Asia/Shanghai", "Asia/Urumqi"]

    starts = lawful_starts(zones, service=HALF_AN_HOUR, within=day("Asia/Shanghai"))

    assert local(starts, "Asia/Shanghai") == [("20 10:00:00", "20 20:00:00")]


def test_far_zones_leave_the_ends_of_the_day():
    zones = ["Asia/Shanghai", "America/New_York"]

    starts = lawful_starts(zones, service=HALF_AN_HOUR, within=day("America/New_York"))

    assert local(starts, "America/New_York") == [("20 19:00:00", "20 20:00:00")]


def test_a_branch_day_may_hold_two_of_a_customers_windows():
    starts = lawful_starts(["Asia/Shanghai"], service=HALF_AN_HOUR, within=day("America/New_York"))

    assert local(starts, "America/New_York") == [
        ("20 00:00:00", "20 07:00:00"),
        ("20 19:00:00", "21 00:00:00"),
    ]


@pytest.mark.parametrize("zones", [[], ["Mars/Olympus"], ["Asia/Shanghai", "Mars/Olympus"], [""]])
def test_unknown_zones_are_closed(zones):
    assert lawful_starts(zones, service=HALF_AN_HOUR, within=day("Asia/Shanghai")) == []


def test_daylight_ends_at_five():
    starts = lawful_starts(
        ["Asia/Shanghai"], service=HALF_AN_HOUR, within=day("Asia/Shanghai"), hours=DAYLIGHT
    )

    assert local(starts, "Asia/Shanghai") == [("20 08:00:00", "20 16:29:59")]


def test_a_visit_that_takes_all_day_never_begins():
    assert lawful_starts(["Asia/Shanghai"], service=timedelta(hours=14), within=day("Asia/Shanghai")) == []


@pytest.mark.parametrize("date", [datetime(2026, 3, 8), datetime(2026, 11, 1)], ids=["23 hours", "25 hours"])
def test_the_clock_of_the_day_counts_when_it_is_changed(date):
    zone = "America/New_York"

    starts = lawful_starts([zone], service=HALF_AN_HOUR, within=day(zone, of=date))

    assert [f"{end.astimezone(ZoneInfo(zone)):%H:%M:%S}" for end in starts[0]] == ["08:00:00", "20:00:00"]


ZONES = st.lists(
    st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    min_size=1,
    max_size=3,
    unique=True,
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda it: it.replace(microsecond=0, tzinfo=UTC)
)


HOURS = {
    "opens": 8 * 3600,
    "closes": 21 * 3600,
    "visits": 20 * 3600 + 1800,
    "planned_end": 20 * 3600 + 1800,
}


@settings(max_examples=300, deadline=None)
@given(zones=ZONES, moment=MOMENTS, minutes=st.integers(1, 120))
@pytest.mark.parametrize(("purpose", "hours"), [("VISIT_PLAN", LAWFUL), ("VISIT_START", BEGINNING)])
def test_a_start_is_in_the_windows_exactly_when_the_rules_of_the_gate_have_nothing_against_it(
    purpose, hours, zones, moment, minutes
):
    service = timedelta(minutes=minutes)
    within = (moment - timedelta(hours=12), moment + timedelta(hours=12))
    facts = Facts(
        channel="VISIT",
        purpose=purpose,
        at=moment,
        until=moment + service,
        zones=tuple(zones),
        owes=True,
    )
    lawful = outside_daily_hours(facts, HOURS) is None and cannot_end_in_time(facts, HOURS) is None

    starts = lawful_starts(zones, service=service, within=within, hours=hours)

    assert any(first <= moment <= last for first, last in starts) == lawful
