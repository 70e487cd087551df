"""The calendar as the rules and the desk read it: two queries for any number of customers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compliance.calendar.days import Calendar, DayKind, LoadedYear, SpecialDay
from compliance.models import Holiday, HolidayYear
from compliance.models.holidays import Certainty, HolidayKind

LOOK_AHEAD = timedelta(days=60)


def calendar_for(*, countries: Collection[str], first: date, last: date) -> Calendar:
    """All that is known of the days `first` to `last`, both included, in `countries`.

    Ask once for a whole portfolio and pass the answer on: nothing is kept between two calls, so a correction
    counts at once.
    """
    years = HolidayYear.objects.filter(country__in=countries, year__range=(first.year, last.year))
    days = (
        Holiday.objects.between(countries=countries, first=first, last=last)
        .exclude(kind=HolidayKind.ORDINARY)
        .order_by("country", "date", "subdivision")
    )
    return Calendar(
        first,
        last,
        tuple(
            LoadedYear(country, year, status != Certainty.OFFICIAL)
            for country, year, status in years.order_by("country", "year").values_list(
                "country", "year", "status"
            )
        ),
        tuple(
            SpecialDay(country, part, day, DayKind(kind), core, zh, en)
            for country, part, day, kind, core, zh, en in days.values_list(
                "country",
                "subdivision",
                "date",
                "kind",
                "is_spring_festival_core",
                "name_zh",
                "name_en",
            )
        ),
    )


class Doubt(StrEnum):
    ESTIMATED = "ESTIMATED"
    MISSING = "MISSING"


@dataclass(frozen=True)
class CalendarWarning:
    """Of the next 60 days those from `first` to `last` are a guess, or nothing is known of them."""

    country: str
    year: int
    doubt: Doubt
    first: date
    last: date


def calendar_warnings(*, countries: Collection[str], today: date) -> list[CalendarWarning]:
    """What somebody should see to before it matters, the soonest first. One query."""
    end = today + LOOK_AHEAD
    years = range(today.year, end.year + 1)
    rows = HolidayYear.objects.filter(country__in=countries, year__in=years)
    status = {(it.country, it.year): it.status for it in rows}
    found = [
        CalendarWarning(
            country,
            year,
            Doubt.ESTIMATED if (country, year) in status else Doubt.MISSING,
            max(today, date(year, 1, 1)),
            min(end, date(year, 12, 31)),
        )
        for year in years
        for country in sorted(countries)
        if status.get((country, year)) != Certainty.OFFICIAL
    ]
    return found
