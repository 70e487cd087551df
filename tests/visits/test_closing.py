"""By when a visit is over: to the microsecond, in every zone, on days of 23 and 25 hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.closing import closing
from visits.models.overruns import AlertLevel

MICROSECOND = timedelta(microseconds=1)
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


def local(zone, *clock, date=(2026, 11, 20)):
    return datetime(*date, *clock, tzinfo=ZoneInfo(zone))


def ends(*zones, since, otherwise=SHANGHAI):
    return closing(zones, since=since, otherwise=otherwise)


@pytest.mark.parametrize(
    ("clock", "due", "over"),
    [
        ((20, 30), [AlertLevel.SOON], False),
        ((20, 50), [AlertLevel.SOON, AlertLevel.NOW], False),
        ((21, 0), [AlertLevel.SOON, AlertLevel.NOW], True),
    ],
)
@pytest.mark.parametrize("zone", [SHANGHAI, NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_an_instant_belongs_to_what_begins_with_it(zone, clock, due, over):
    when, instant = ends(zone, since=local(zone, 19)), local(zone, *clock)

    assert (when.due(at=instant), when.is_over(at=instant)) == (due, over)
    just_before = instant - MICROSECOND
    assert (when.due(at=just_before), when.is_over(at=just_before)) != (due, over)


def test_in_xinjiang_the_clock_that_is_first_counts():
    when = ends(SHANGHAI, "Asia/Urumqi", since=local(SHANGHAI, 20))

    assert when.ends == local(SHANGHAI, 21)
    assert when.alerts[AlertLevel.SOON] == local(SHANGHAI, 20, 30)


def test_far_apart_the_earlier_evening_counts():
    when = ends(SHANGHAI, NEW_YORK, since=local(NEW_YORK, 19, 30))

    assert when.ends == local(NEW_YORK, 21)


@pytest.mark.parametrize("date", [(2027, 3, 14), (2026, 11, 1)], ids=["23 hours", "25 hours"])
def test_on_the_day_the_clocks_are_changed_nine_is_nine(date):
    when = ends(NEW_YORK, since=local(NEW_YORK, 8, date=date))

    assert f"{when.ends.astimezone(ZoneInfo(NEW_YORK)):%Y-%m-%d %H:%M}" == "{}-{:02}-{:02} 21:00".format(
        *date
    )


@pytest.mark.parametrize("zones", [(), ("Mars/Olympus",)])
def test_where_no_zone_is_known_the_branchs_counts(zones):
    assert ends(*zones, since=local(SHANGHAI, 20), otherwise=NEW_YORK).ends == local(NEW_YORK, 21)


def test_of_a_zone_that_nobody_knows_the_others_count():
    assert ends("Mars/Olympus", NEW_YORK, since=local(NEW_YORK, 20)).ends == local(NEW_YORK, 21)


def test_where_it_was_too_late_from_the_beginning_it_is_over_at_once():
    since = local(SHANGHAI, 22)

    assert ends(SHANGHAI, since=since).ends == since


@given(
    zones=st.lists(
        st.sampled_from([SHANGHAI, "Asia/Urumqi", NEW_YORK, "Pacific/Apia", "Asia/Kathmandu"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    since=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
)
def test_nobody_is_there_at_nine_in_any_zone(zones, since):
    when = ends(*zones, since=since)
    instants = [when.alerts[AlertLevel.SOON], when.alerts[AlertLevel.NOW], when.ends]

    assert instants == sorted(instants)
    assert when.ends >= since
    last = when.ends - MICROSECOND
    if last > since:
        for zone in zones:
            day = since.astimezone(ZoneInfo(zone)).date()
            nine = datetime.combine(day, time(21), ZoneInfo(zone))
            assert last < nine
