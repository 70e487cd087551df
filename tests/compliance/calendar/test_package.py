"""What the package knows, against what governments published."""

from collections import Counter
from datetime import date, timedelta

import holidays
import pytest

from compliance.calendar.days import DayKind
from compliance.calendar.package import NoSuchCalendar, package_year
from compliance.calendar.places import Country

HOLIDAY, REST, WORKDAY = DayKind.HOLIDAY, DayKind.REST, DayKind.WORKDAY


def days(start, end):
    return [start + timedelta(n) for n in range((end - start).days + 1)]


# 国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025
# (https://politics.gmw.cn/2025-11/04/content_38391083.htm): the days off, and the weekend days worked for them.
OFF = {
    "元旦": days(date(2026, 1, 1), date(2026, 1, 3)),
    "春节": days(date(2026, 2, 15), date(2026, 2, 23)),
    "清明节": days(date(2026, 4, 4), date(2026, 4, 6)),
    "劳动节": days(date(2026, 5, 1), date(2026, 5, 5)),
    "端午节": days(date(2026, 6, 19), date(2026, 6, 21)),
    "中秋节": days(date(2026, 9, 25), date(2026, 9, 27)),
    "国庆节": days(date(2026, 10, 1), date(2026, 10, 7)),
}
MADE_UP = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
WORKED = {date(2026, month, day) for month, day in MADE_UP}

# 全国年节及纪念日放假办法 art. 2, in force since 1 January 2025.
BY_LAW = {
    "元旦": 1,
    "农历除夕": 1,
    "春节": 3,
    "清明节": 1,
    "劳动节": 2,
    "端午节": 1,
    "中秋节": 1,
    "国庆节": 3,
}


def by_day(country, year):
    return {it.day: it for it in package_year(country, year).days if not it.subdivision}


def test_every_day_of_2026_in_china_is_as_the_state_council_arranged_it():
    special = by_day("CN", 2026)
    off = {day for span in OFF.values() for day in span}

    for day in days(date(2026, 1, 1), date(2026, 12, 31)):
        weekend = day.weekday() >= 5
        kind = special[day].kind if day in special else None
        free = kind in (HOLIDAY, REST) or (kind is None and weekend)
        assert free == (day in off or (weekend and day not in WORKED)), day


def test_the_six_days_made_up_for_in_2026():
    assert {day for day, it in by_day("CN", 2026).items() if it.kind is WORKDAY} == WORKED
    assert package_year("CN", 2026).official


def test_the_thirteen_days_of_the_law_are_the_holidays_and_the_others_are_rest():
    statutory = [it for it in by_day("CN", 2026).values() if it.kind is HOLIDAY]
    rest = {day for day, it in by_day("CN", 2026).items() if it.kind is REST}

    assert Counter(it.name_zh for it in statutory) == BY_LAW
    assert rest == {
        date(2026, 1, 2),
        date(2026, 2, 20),
        date(2026, 2, 23),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 5),
        date(2026, 10, 5),
        date(2026, 10, 6),
        date(2026, 10, 7),
    }


@pytest.mark.parametrize(
    ("year", "new_year"),
    [
        (2024, date(2024, 2, 10)),
        (2026, date(2026, 2, 17)),
        (2027, date(2027, 2, 6)),
        (2028, date(2028, 1, 26)),
    ],
)
def test_the_core_of_spring_festival_is_eve_to_third_day(year, new_year):
    core = {day for day, it in by_day("CN", year).items() if it.spring_festival_core}
    eve = new_year - timedelta(1)

    # Until 2024 the eve was no day of the law; without a row it has no mark.
    assert core - {eve} == {new_year + timedelta(n) for n in range(3)}
    assert (eve in core) == (year >= 2025)


def test_names_are_in_both_languages():
    special = by_day("CN", 2026)

    assert (special[date(2026, 2, 16)].name_zh, special[date(2026, 2, 16)].name_en) == (
        "农历除夕",
        "Chinese New Year's Eve",
    )
    assert special[date(2026, 2, 20)].name_zh == "休息日（由 2026-02-14 调休）"
    assert special[date(2026, 2, 20)].name_en == "Day off (in exchange for 2026-02-14)"
    assert special[date(2026, 2, 14)].name_zh == "上班（与 2026-02-20 调休）"
    assert special[date(2026, 2, 14)].name_en == "Workday (in exchange for 2026-02-20)"


@pytest.mark.parametrize("year", range(2002, 2027))
def test_every_arranged_year_is_official(year):
    assert package_year("CN", year).official


@pytest.mark.parametrize("year", range(2027, 2031))
def test_a_year_without_an_arrangement_is_a_guess(year):
    """The package gives such a year without a word of doubt: the law alone, days moved off weekends, none exchanged.

    It even lists days worked, those of other years, so that their mere presence proves nothing. When this fails
    for 2027, a newer package has the arrangement: take the year out, and compare it with the notice.
    """
    theirs = holidays.country_holidays("CN", years=year, language="en_US")
    assert theirs
    assert theirs.weekend_workdays
    assert not any("estimated" in name for name in theirs.values())

    assert not package_year("CN", year).official
    assert {it.kind for it in package_year("CN", year).days} == {HOLIDAY, REST}


def test_new_years_day_alone_proves_no_arrangement(monkeypatch):
    """29 to 31 December 2001 were worked for January 2002: the notice of one year touches another."""
    arranged = {it.day for it in package_year("CN", 2001).days if it.kind is WORKDAY}
    assert date(2001, 12, 29) in arranged

    only_these = {date(2027, 1, 4): "休息日（由 2027-01-02 调休）", date(2027, 5, 1): "劳动节"}
    monkeypatch.setattr("compliance.calendar.package._named", lambda *_, **__: only_these)

    assert not package_year("CN", 2027).official


def test_a_day_worked_in_december_for_the_next_year_is_in_its_own_year():
    assert date(2005, 12, 31) in {it.day for it in package_year("CN", 2005).days if it.kind is WORKDAY}
    assert date(2005, 12, 31) not in {it.day for it in package_year("CN", 2006).days}


# Spot checks: gov.uk/bank-holidays, the Thai cabinet's list, the Korean Act on Public Holidays.
@pytest.mark.parametrize(
    ("country", "part", "day", "english", "chinese"),
    [
        ("GB", "", date(2026, 12, 28), "Boxing Day (observed)", "节礼日（补假）"),
        ("GB", "ENG", date(2026, 8, 31), "Late Summer Bank Holiday", "夏末银行假日"),
        ("GB", "SCT", date(2026, 1, 2), "New Year Holiday", "新年假日"),
        ("TH", "", date(2026, 4, 13), "Songkran Festival", "宋干节"),
        ("TH", "", date(2026, 6, 1), "Visakha Bucha (in lieu)", "卫塞节（补假）"),
        ("KR", "", date(2026, 9, 25), "Chuseok", "中秋节"),
        ("KR", "", date(2026, 8, 17), "Alternative holiday for Liberation Day", "光复节（补假）"),
        ("US", "", date(2026, 11, 26), "Thanksgiving Day", "感恩节"),
        ("US", "MA", date(2026, 4, 20), "Patriots' Day", "爱国者日"),
        ("US", "NY", date(2026, 2, 12), "Lincoln's Birthday", "林肯诞辰"),
        ("AU", "VIC", date(2026, 11, 3), "Melbourne Cup Day", "墨尔本杯日"),
        ("JP", "", date(2026, 9, 22), "National Holiday", "国民休息日"),
        ("IN", "", date(2026, 11, 8), "Diwali", "排灯节"),
    ],
)
def test_days_of_other_countries(country, part, day, english, chinese):
    found = next(it for it in package_year(country, 2026).days if (it.subdivision, it.day) == (part, day))

    assert (found.kind, found.name_en, found.name_zh) == (HOLIDAY, english, chinese)


def test_a_part_of_a_country_keeps_days_of_its_own_only():
    found = package_year("GB", 2026).days

    assert date(2026, 8, 31) not in {it.day for it in found if it.subdivision in ("", "SCT")}
    assert len({(it.subdivision, it.day) for it in found}) == len(found)
    national = {it.day for it in found if not it.subdivision}
    assert not national & {it.day for it in found if it.subdivision}


def test_the_package_says_which_of_its_dates_wait_for_the_moon():
    assert package_year("IN", 2026).official
    assert not package_year("IN", 2027).official
    assert package_year("US", 2027).official


@pytest.mark.parametrize("country", [it for it in Country.values if it != "CN"])
@pytest.mark.parametrize("year", range(2025, 2030))
def test_every_foreign_holiday_has_a_chinese_name(country, year):
    assert [it.name_en for it in package_year(country, year).days if it.name_zh.isascii()] == []


def test_a_name_nobody_translated_stays_english(monkeypatch):
    monkeypatch.setattr(
        "compliance.calendar.package._named", lambda *_, **__: {date(2026, 7, 1): "Day of the Whale"}
    )

    assert package_year("US", 2026).days[0].name_zh == "Day of the Whale"


@pytest.mark.parametrize(("country", "year"), [("FR", 2026), ("cn", 2026), ("CN", 1900), ("", 2026)])
def test_what_the_package_does_not_know_is_said(country, year):
    with pytest.raises(NoSuchCalendar):
        package_year(country, year)
