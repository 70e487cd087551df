from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.windows import BadWindow, Window, is_open, next_close, next_open

HOURS = Window(time(8), time(21))
SHANGHAI = ("Asia/Shanghai",)
XINJIANG = ("Asia/Shanghai", "Asia/Urumqi")
NEW_YORK = ("America/New_York",)
ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "America/New_York",
    "Europe/London",
    "Asia/Kathmandu",
    "Pacific/Apia",
)

instants = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 12, 31), timezones=st.just(UTC)
)
some_zones = st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True).map(tuple)


def local(zone, *moment):
    return datetime(*moment, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ((7, 59, 59, 999_999), False),
        ((8, 0, 0, 0), True),
        ((20, 59, 59, 999_999), True),
        ((21, 0, 0, 0), False),
        ((0, 0, 0, 0), False),
    ],
)
def test_the_window_is_half_open_to_the_microsecond(zone, moment, expected):
    at = local(zone, 2026, 11, 23, *moment)

    assert is_open(HOURS, at=at, zones=(zone,)) is expected


@pytest.mark.parametrize(
    ("beijing", "expected"),
    [((9, 30), False), ((10, 0), True), ((20, 59), True), ((21, 0), False), ((22, 30), False)],
)
def test_in_xinjiang_both_clocks_must_be_inside(beijing, expected):
    at = local("Asia/Shanghai", 2026, 11, 23, *beijing)

    assert is_open(HOURS, at=at, zones=XINJIANG) is expected


@pytest.mark.parametrize("zones", [(), ("",), ("Mars/Olympus",), ("Asia/Shanghai", "Nowhere/Known")])
def test_an_unknown_zone_is_closed_at_noon_and_never_opens(zones):
    noon = local("Asia/Shanghai", 2026, 11, 23, 12)

    assert not is_open(HOURS, at=noon, zones=zones)
    assert next_open(HOURS, after=noon, zones=zones) is None


@pytest.mark.parametrize(("opens", "closes"), [(time(8), time(8)), (time(21), time(8))])
def test_a_window_that_does_not_open_before_it_closes_is_refused(opens, closes):
    with pytest.raises(BadWindow):
        Window(opens, closes)


def test_next_open_across_the_change_to_summer_time_is_eight_local():
    at = local("America/New_York", 2027, 3, 13, 22)

    assert next_open(HOURS, after=at, zones=NEW_YORK) == local("America/New_York", 2027, 3, 14, 8)
    assert next_open(HOURS, after=at, zones=NEW_YORK).hour == 12  # 08:00 EDT, not 13:00 UTC as the day before


def test_next_open_of_an_open_instant_is_itself():
    noon = local("Asia/Shanghai", 2026, 11, 23, 12)

    assert next_open(HOURS, after=noon, zones=SHANGHAI) == noon


def test_zones_whose_days_never_meet_do_not_open():
    far_apart = ("Asia/Shanghai", "America/New_York")
    noon = local("Asia/Shanghai", 2026, 11, 23, 12)

    opens = next_open(Window(time(9), time(17)), after=noon, zones=far_apart)

    assert opens is None


@given(at=instants, zones=some_zones)
def test_next_open_is_open_and_nothing_before_it_is(at, zones):
    opens = next_open(HOURS, after=at, zones=zones)

    if opens is None:
        assert not any(is_open(HOURS, at=at + timedelta(minutes=15 * n), zones=zones) for n in range(200))
        return
    assert opens >= at
    assert is_open(HOURS, at=opens, zones=zones)
    if opens > at:
        assert not is_open(HOURS, at=opens - timedelta(microseconds=1), zones=zones)
        steps = int((opens - at) / timedelta(minutes=15))
        assert not any(is_open(HOURS, at=at + timedelta(minutes=15 * n), zones=zones) for n in range(steps))


@given(at=instants, zones=some_zones)
def test_the_window_closes_exactly_at_next_close(at, zones):
    if not is_open(HOURS, at=at, zones=zones):
        return

    closes = next_close(HOURS, after=at, zones=zones)

    assert closes > at
    assert is_open(HOURS, at=closes - timedelta(microseconds=1), zones=zones)
    assert not is_open(HOURS, at=closes, zones=zones)
