import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.calendar.days import Calendar, DayKind, LoadedYear, SpecialDay
from compliance.calendar.places import CHINESE_PROVINCES, chinese_subdivisions

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def special(day, kind, *, country="CN", part="", core=False, zh="节", en="Feast"):
    return SpecialDay(country, part, day, kind, core, zh, en)


CHINA = (LoadedYear("CN", 2026, False),)


def calendar(*days, years=CHINA):
    return Calendar(FIRST, LAST, tuple(years), tuple(days))


def test_without_an_entry_the_weekday_decides():
    empty = calendar()

    assert empty.kind_of("CN", (), MONDAY) is DayKind.WORKING
    assert empty.kind_of("CN", (), SATURDAY) is DayKind.WEEKEND
    assert empty.kind_of("CN", (), SATURDAY + timedelta(1)) is DayKind.WEEKEND


@pytest.mark.parametrize("kind", [DayKind.HOLIDAY, DayKind.REST, DayKind.WORKDAY])
def test_an_entry_beats_the_weekday(kind):
    assert calendar(special(MONDAY, kind)).kind_of("CN", (), MONDAY) is kind
    assert calendar(special(SATURDAY, kind)).kind_of("CN", (), SATURDAY) is kind


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("US", MONDAY),  # a country that was not asked for
        ("", MONDAY),
        ("CN", FIRST - timedelta(1)),
        ("CN", LAST + timedelta(1)),
    ],
)
def test_what_is_not_known_is_unknown_and_never_working(country, day):
    known = calendar(special(MONDAY, DayKind.HOLIDAY))

    assert known.kind_of(country, (), day) is DayKind.UNKNOWN
    assert not known.is_spring_festival_core(country, day)
    assert known.names_of(country, (), day) == ("", "")
    assert not known.is_estimated(country, day)


def test_a_year_that_is_not_loaded_is_unknown_though_it_has_days():
    """Somebody entered one festival of next year; that does not make the other days known."""
    half = calendar(special(MONDAY, DayKind.HOLIDAY), years=())

    assert half.kind_of("CN", (), MONDAY) is DayKind.UNKNOWN


def test_only_two_kinds_are_days_of_work():
    assert {kind for kind in DayKind if kind.is_working} == {DayKind.WORKING, DayKind.WORKDAY}


def test_a_local_festival_counts_where_it_is_kept_only():
    festival = calendar(special(MONDAY, DayKind.HOLIDAY, part="NM", zh="那达慕", en="Nadam"))

    assert festival.kind_of("CN", {"NM", "1502"}, MONDAY) is DayKind.HOLIDAY
    assert festival.kind_of("CN", {"BJ"}, MONDAY) is DayKind.WORKING
    assert festival.kind_of("CN", (), MONDAY) is DayKind.WORKING
    assert festival.names_of("CN", {"NM"}, MONDAY) == ("那达慕", "Nadam")
    assert festival.names_of("CN", {"BJ"}, MONDAY) == ("", "")


@pytest.mark.parametrize(
    ("national", "local", "counts"),
    [
        (DayKind.WORKDAY, DayKind.HOLIDAY, DayKind.HOLIDAY),
        (DayKind.HOLIDAY, DayKind.WORKDAY, DayKind.HOLIDAY),
        (DayKind.REST, DayKind.HOLIDAY, DayKind.HOLIDAY),
        (DayKind.WORKDAY, DayKind.REST, DayKind.REST),
    ],
)
def test_the_most_restful_word_counts(national, local, counts):
    both = calendar(special(SATURDAY, national), special(SATURDAY, local, part="NM"))

    assert both.kind_of("CN", ["NM"], SATURDAY) is counts


def test_spring_festival_has_a_core():
    known = calendar(
        special(date(2026, 2, 17), DayKind.HOLIDAY, core=True), special(date(2026, 2, 20), DayKind.REST)
    )

    assert known.is_spring_festival_core("CN", date(2026, 2, 17))
    assert not known.is_spring_festival_core("CN", date(2026, 2, 20))


def test_an_estimated_year_says_so():
    guessed = calendar(years=[LoadedYear("CN", 2026, True), LoadedYear("US", 2026, False)])

    assert guessed.is_estimated("CN", MONDAY)
    assert not guessed.is_estimated("US", MONDAY)


PLACES = st.sampled_from(["CN", "US", "GB"])
PARTS = st.sampled_from(["", "NM", "NY"])
DAYS = st.dates(FIRST, LAST)
KINDS = st.sampled_from([DayKind.HOLIDAY, DayKind.REST, DayKind.WORKDAY])
ENTRIES = st.builds(SpecialDay, PLACES, PARTS, DAYS, KINDS, st.booleans(), st.text(), st.text())
YEARS = st.builds(LoadedYear, PLACES, st.just(2026), st.booleans())
CALENDARS = st.builds(
    lambda years, days: Calendar(FIRST, LAST, tuple(years), tuple(days)),
    st.lists(YEARS, unique_by=lambda it: it.country),
    st.lists(ENTRIES, unique_by=lambda it: (it.country, it.subdivision, it.day)),
)


@given(CALENDARS)
def test_a_stored_calendar_is_read_back_equal(known):
    assert Calendar.from_json(json.loads(json.dumps(known.as_json()))) == known


@given(CALENDARS, PLACES, st.sets(PARTS), DAYS, st.integers(0, 40))
def test_a_cut_calendar_says_the_same_of_what_it_was_cut_to(known, country, parts, first, length):
    last = min(first + timedelta(length), LAST)
    cut = known.only(first=first, last=last, places={country: parts})

    day = first
    while day <= last:
        assert cut.kind_of(country, parts, day) is known.kind_of(country, parts, day)
        assert cut.names_of(country, parts, day) == known.names_of(country, parts, day)
        assert cut.is_spring_festival_core(country, day) == known.is_spring_festival_core(country, day)
        assert cut.is_estimated(country, day) == known.is_estimated(country, day)
        day += timedelta(1)
    assert cut.kind_of(country, parts, last + timedelta(1)) is DayKind.UNKNOWN
    assert len(cut.days) <= (length + 1) * (len(parts) + 1)


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("150203", {"NM", "1502"}),
        ("513401", {"SC", "5134"}),
        ("650000", {"XJ", "6500"}),
        ("45", {"GX"}),
        ("", set()),
        ("99", set()),
        ("x", set()),
    ],
)
def test_a_chinese_address_code_names_its_province_and_prefecture(code, parts):
    assert chinese_subdivisions(code) == parts


def test_there_are_thirty_one_provinces_each_once():
    assert len(CHINESE_PROVINCES) == len({*CHINESE_PROVINCES.values()}) == 31
