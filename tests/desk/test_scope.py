from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Branch
from config.desk.scope import BranchDay

BAOTOU = Branch(code="BT", time_zone="Asia/Shanghai")
NEW_YORK = Branch(code="NY", time_zone="America/New_York")
SECOND = timedelta(seconds=1)


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_the_day_begins_at_local_midnight():
    day = BranchDay(BAOTOU, at("2026-11-20T00:00:00+08:00"))

    assert day.today == date(2026, 11, 20)
    assert day.begins == at("2026-11-19T16:00:00+00:00")
    assert BranchDay(BAOTOU, day.begins - SECOND).today == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("clock", "is_open", "turns_at"),
    [
        ("07:59:59", False, "2026-11-20 08:00"),
        ("08:00:00", True, "2026-11-20 21:00"),
        ("20:59:59", True, "2026-11-20 21:00"),
        ("21:00:00", False, "2026-11-21 08:00"),
    ],
)
def test_contact_hours(clock, is_open, turns_at):
    day = BranchDay(BAOTOU, at(f"2026-11-20T{clock}+08:00"))

    assert day.open is is_open
    assert f"{day.turns_at:%Y-%m-%d %H:%M}" == turns_at


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_now_lies_in_today(now):
    for branch in (BAOTOU, NEW_YORK):
        day = BranchDay(branch, now)

        assert day.begins <= now < day.midnight(day.today + timedelta(days=1))
