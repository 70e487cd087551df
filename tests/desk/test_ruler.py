from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from config.desk.ruler import ruler_over

DAY = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minutes: DAY + timedelta(minutes=minutes))
NINE_TO_SIX = (DAY.replace(hour=9), DAY.replace(hour=18))


def test_hours_stand_where_they_belong():
    ruler = ruler_over(NINE_TO_SIX, otherwise=NINE_TO_SIX)

    assert ruler.at(DAY.replace(hour=9)) == "0.00%"
    assert ruler.at(DAY.replace(hour=13, minute=30)) == "50.00%"
    assert ruler.width(DAY.replace(hour=9), DAY.replace(hour=18)) == "100.00%"
    assert [mark.label for mark in ruler.hours] == ["10", "11", "12", "13", "14", "15", "16", "17"]


def test_without_anything_to_show_it_is_office_hours():
    ruler = ruler_over([], otherwise=NINE_TO_SIX)

    assert (ruler.starts, ruler.ends) == NINE_TO_SIX


def test_what_lies_outside_is_drawn_at_the_edge():
    ruler = ruler_over(NINE_TO_SIX, otherwise=NINE_TO_SIX)

    assert ruler.at(DAY.replace(hour=7)) == "0.00%"
    assert ruler.at(DAY.replace(hour=23)) == "100.00%"
    assert not ruler.holds(DAY.replace(hour=7))


@given(st.lists(MINUTES, min_size=1))
def test_all_instants_find_room_between_full_hours(instants):
    ruler = ruler_over(instants, otherwise=NINE_TO_SIX)

    assert all(ruler.holds(instant) for instant in instants)
    assert ruler.starts.minute == ruler.ends.minute == 0
    assert ruler.ends - ruler.starts >= timedelta(hours=6)
