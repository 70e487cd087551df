from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import User
from compliance.calendar import loading
from compliance.calendar.days import DayKind
from compliance.calendar.entering import (
    AlreadyInTheCalendar,
    NothingToConfirm,
    confirm_year,
    correct_holiday,
    enter_holiday,
)
from compliance.calendar.loading import load_holidays, load_missing_holidays
from compliance.calendar.package import VERSION, NoSuchCalendar
from compliance.calendar.places import Country
from compliance.calendar.reading import Doubt, calendar_for, calendar_warnings
from compliance.models import Holiday, HolidayYear
from compliance.tasks import load_missing_holidays_daily
from config.models import JobRun
from tests.accounts.factories import UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role="COMPLIANCE_OFFICER")


@pytest.fixture
def load(officer):
    def loaded(*years, countries=("CN",), now=NOW):
        return load_holidays(countries=countries, years=years, by=officer, now=now)

    return loaded


def rows():
    return list(Holiday.objects.order_by("pk").values())


def kind(day, *parts, country="CN"):
    return calendar_for(countries={country}, first=day, last=day).kind_of(country, parts, day)


def festival(officer, **changes):
    given = {
        "country": "CN",
        "subdivision": "NM",
        "day": date(2026, 7, 22),
        "kind": "HOLIDAY",
        "name_zh": "那达慕大会",
        "name_en": "Nadam",
        "is_spring_festival_core": False,
    }
    return enter_holiday(**{**given, **changes}, by=officer, now=NOW)


def correct(holiday, officer, **changes):
    given = {
        "kind": "ORDINARY",
        "name_zh": "不放假",
        "name_en": "No holiday",
        "is_spring_festival_core": False,
    }
    correct_holiday(holiday, **{**given, **changes}, by=officer, now=NOW)


def test_an_arranged_year_is_loaded_as_official(load, officer):
    loaded = load(2026)

    year = HolidayYear.objects.get()
    assert (year.country, year.year, year.status) == ("CN", 2026, "OFFICIAL")
    assert (year.loaded_at, year.loaded_by, year.package_version) == (NOW, officer, VERSION)
    assert loaded.written == Holiday.objects.count() == 28
    assert {row["source"] for row in rows()} == {"OFFICIAL"}
    assert kind(date(2026, 10, 10)) is DayKind.WORKDAY
    assert kind(date(2026, 10, 7)) is DayKind.REST


def test_a_guessed_year_is_loaded_as_estimated(load):
    load(2027)

    assert HolidayYear.objects.get().status == "ESTIMATED"
    assert {row["source"] for row in rows()} == {"ESTIMATED"}
    known = calendar_for(countries={"CN"}, first=date(2027, 2, 6), last=date(2027, 2, 6))
    assert known.kind_of("CN", (), date(2027, 2, 6)) is DayKind.HOLIDAY
    assert known.is_estimated("CN", date(2027, 2, 6))


def test_a_year_not_loaded_is_unknown(load, officer):
    load(2026)
    festival(officer, day=date(2027, 7, 22))

    assert kind(date(2027, 1, 4)) is DayKind.UNKNOWN
    assert kind(date(2027, 7, 22), "NM") is DayKind.UNKNOWN
    assert kind(date(2026, 11, 23), country="US") is DayKind.UNKNOWN


def test_loading_twice_changes_nothing(load):
    load(2026, 2027, countries=Country.values)
    before = rows(), list(HolidayYear.objects.order_by("pk").values())

    again = load(2026, 2027, countries=Country.values, now=LATER)

    assert (again.written, again.removed, again.left_alone) == (0, 0, 0)
    assert (rows(), list(HolidayYear.objects.order_by("pk").values())) == before


def test_a_load_takes_the_same_statements_for_one_year_and_for_many(load, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        load(2026)
    with django_assert_max_num_queries(9):
        load(2024, 2025, 2026, 2027, countries=Country.values)


def test_the_official_arrangement_replaces_the_guess(load, monkeypatch):
    """What an older package guessed of 2026 goes: days moved are rewritten, days that are none are removed."""
    official = loading.package_year("CN", 2026)
    guess = loading.package_year("CN", 2027)
    moved = tuple(
        type(it)(it.country, "", it.day.replace(year=2026), it.kind, False, it.name_zh, it.name_en)
        for it in guess.days
    )
    monkeypatch.setattr(loading, "package_year", lambda *_: type(guess)("CN", 2026, False, moved))
    load(2026)
    assert HolidayYear.objects.get().status == "ESTIMATED"
    monkeypatch.setattr(loading, "package_year", lambda *_: official)

    loaded = load(2026, now=LATER)

    assert loaded.removed > 0
    assert {(it["date"], it["kind"]) for it in rows()} == {(it.day, it.kind) for it in official.days}
    assert {row["source"] for row in rows()} == {"OFFICIAL"}
    year = HolidayYear.objects.get()
    assert (year.status, year.loaded_at) == ("OFFICIAL", LATER)


def test_what_a_person_wrote_survives_every_load(load, officer):
    load(2026)
    corrected = Holiday.objects.get(date=date(2026, 4, 6))
    correct(corrected, officer)
    entered = festival(officer)
    before = rows()

    again = load(2026, now=LATER)

    assert again.left_alone == 2
    assert rows() == before
    corrected.refresh_from_db()
    assert (corrected.source, corrected.entered_by, corrected.entered_at) == ("ENTERED", officer, NOW)
    assert kind(date(2026, 4, 6)) is DayKind.WORKING
    assert kind(entered.date, "NM") is DayKind.HOLIDAY


def test_a_struck_out_weekend_day_is_a_weekend_day(load, officer):
    load(2026)
    correct(Holiday.objects.get(date=date(2026, 2, 28)), officer)

    assert kind(date(2026, 2, 28)) is DayKind.WEEKEND


def test_a_confirmed_year_is_left_alone_as_a_whole(load, officer, monkeypatch):
    load(2027)
    days = Holiday.objects.count()
    confirm_year(country="CN", year=2027, by=officer, now=NOW)
    monkeypatch.setattr(loading, "VERSION", "99")

    again = load(2027, now=LATER)

    assert (again.written, again.left_alone, again.confirmed) == (0, days, (("CN", 2027),))
    year = HolidayYear.objects.get()
    assert (year.status, year.confirmed_by, year.confirmed_at) == ("OFFICIAL", officer, NOW)


def test_a_year_entered_by_hand_counts_once_it_is_confirmed(officer):
    festival(officer, subdivision="", day=date(2030, 1, 1))

    confirm_year(country="CN", year=2030, by=officer, now=NOW)

    assert kind(date(2030, 1, 1)) is DayKind.HOLIDAY
    assert kind(date(2030, 1, 2)) is DayKind.WORKING


def test_a_year_without_national_days_cannot_be_confirmed(officer):
    festival(officer)

    with pytest.raises(NothingToConfirm):
        confirm_year(country="CN", year=2026, by=officer, now=NOW)


def test_a_day_is_entered_once(officer):
    festival(officer)

    with pytest.raises(AlreadyInTheCalendar):
        festival(officer)
    festival(officer, subdivision="GX")


def test_an_unknown_country_loads_nothing(load):
    with pytest.raises(NoSuchCalendar):
        load(2026, countries=["CN", "FR"])

    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "SOMETHING"},
        {"country": "cn"},
        {"subdivision": "n m"},
        {"source": "OFFICIAL"},
        {"entered_by": None},
        {"entered_at": None},
        {"package_version": "1"},
        {"kind": "WORKDAY", "is_spring_festival_core": True},
        {"country": "KR", "is_spring_festival_core": True},
    ],
)
def test_the_database_keeps_rows_whole(officer, changes):
    row = festival(officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Holiday.objects.filter(pk=row.pk).update(**changes)


# The tick


def test_the_tick_loads_this_year_and_the_next_when_they_are_missing(load, officer):
    load(2026)

    done = load_missing_holidays(today=NOW.date(), by=officer, now=NOW)

    assert HolidayYear.objects.count() == 2 * len(Country.values)
    assert ("CN", 2026) not in {(it.country, it.year) for it in done.years}
    assert not load_missing_holidays(today=NOW.date(), by=officer, now=LATER).years


def test_the_tick_looks_again_when_the_package_is_newer(load, officer, monkeypatch):
    load(2026, 2027, countries=Country.values)
    confirm_year(country="CN", year=2027, by=officer, now=NOW)
    monkeypatch.setattr(loading, "VERSION", "99")

    done = load_missing_holidays(today=NOW.date(), by=officer, now=LATER)

    assert len(done.years) == 2 * len(Country.values) - 1
    assert {
        *HolidayYear.objects.exclude(year=2027, country="CN").values_list("package_version", flat=True)
    } == {"99"}


def test_the_task_does_it_once_a_day_and_says_what_is_uncertain(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)

    load_missing_holidays_daily.apply(throw=True)
    load_missing_holidays_daily.apply(throw=True)

    run = JobRun.objects.get(name="load missing holidays")
    assert "CN 2027 estimated" in run.result
    assert {*HolidayYear.objects.values_list("loaded_by__username", flat=True)} == {
        User.objects.system().username
    }


# What to warn of


def told(*, today, countries=("CN",)):
    return [
        (it.country, it.doubt, it.first, it.last)
        for it in calendar_warnings(countries=countries, today=today)
    ]


def test_a_guess_is_warned_of_sixty_days_before_it_matters(load):
    load(2026, 2027)

    assert told(today=date(2026, 11, 1)) == []
    assert told(today=date(2026, 11, 2)) == [("CN", Doubt.ESTIMATED, date(2027, 1, 1), date(2027, 1, 1))]
    assert told(today=date(2027, 3, 1)) == [("CN", Doubt.ESTIMATED, date(2027, 3, 1), date(2027, 4, 30))]


def test_a_missing_year_is_warned_of(load):
    load(2026)

    assert told(today=date(2026, 12, 1), countries=["CN", "US"]) == [
        ("US", Doubt.MISSING, date(2026, 12, 1), date(2026, 12, 31)),
        ("CN", Doubt.MISSING, date(2027, 1, 1), date(2027, 1, 30)),
        ("US", Doubt.MISSING, date(2027, 1, 1), date(2027, 1, 30)),
    ]


def test_a_confirmed_year_is_no_worry(load, officer):
    load(2026, 2027)
    confirm_year(country="CN", year=2027, by=officer, now=NOW)

    assert told(today=date(2026, 12, 1)) == []


# Reading


def test_a_calendar_takes_two_queries_for_any_number_of_countries(load, django_assert_num_queries):
    load(2026, 2027, countries=Country.values)

    with django_assert_num_queries(2):
        known = calendar_for(countries={*Country.values}, first=date(2026, 1, 1), last=date(2027, 12, 31))
        assert known.kind_of("CN", (), date(2026, 10, 1)) is DayKind.HOLIDAY
        assert known.kind_of("US", ("MA",), date(2026, 4, 20)) is DayKind.HOLIDAY
        assert known.kind_of("US", (), date(2026, 4, 20)) is DayKind.WORKING


def test_only_the_days_asked_for_are_read(load):
    load(2026)

    known = calendar_for(countries={"CN"}, first=date(2026, 10, 7), last=date(2026, 10, 9))

    assert [it.day for it in known.days] == [date(2026, 10, 7)]
    assert kind(date(2026, 10, 8)) is DayKind.WORKING


# The command


def test_the_command_says_what_it_did(officer):
    said = StringIO()
    call_command("load_holidays", "--years", "2026", "2027", "--countries", "CN", stdout=said)
    correct(Holiday.objects.get(date=date(2026, 4, 6)), officer)
    again = StringIO()
    call_command("load_holidays", "--years", "2026", "--countries", "CN", stdout=again)

    assert HolidayYear.objects.count() == 2
    assert "CN 2027" in said.getvalue()
    assert "CN 2026" not in said.getvalue()
    assert again.getvalue().count("\n") == 2


def test_the_command_loads_this_year_and_the_next_of_every_country():
    call_command("load_holidays", stdout=StringIO())

    assert HolidayYear.objects.count() == 2 * len(Country.values)


def test_the_command_names_a_country_it_does_not_know():
    with pytest.raises(CommandError, match="FR"):
        call_command("load_holidays", "--countries", "FR", stdout=StringIO())
