"""What the `holidays` package knows of a year, said in our terms. No database.

The package lags behind governments: for a Chinese year whose arrangement the State Council has not announced it
silently applies the law alone, without any exchange of days (调休).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

import holidays

from compliance.calendar.chinese import chinese_name
from compliance.calendar.days import NATIONAL, DayKind, SpecialDay
from compliance.calendar.places import LOADED_SUBDIVISIONS, Country

VERSION = version("holidays")
ESTIMATED = "(estimated)"
ENGLISH, CHINESE = "en_US", "zh_CN"
CHINA = "CN"

# The package's own Chinese labels: a free day exchanged for a worked one, and a day moved off a weekend.
EXCHANGED = re.compile(r"^休息日（由 (\d{4}-\d{2}-\d{2}) 调休）$")
MOVED = re.compile(r"（补假")
SPRING_FESTIVAL = "春节"
CORE_DAYS = 4  # 除夕 to 初三
NEW_YEARS_MONTHS = {1, 12}


class NoSuchCalendar(Exception):
    """The package knows no holidays of this country or year."""


@dataclass(frozen=True)
class PackageYear:
    """`official`: no day of it is a guess."""

    country: str
    year: int
    official: bool
    days: tuple[SpecialDay, ...]


def package_year(country: str, year: int) -> PackageYear:
    """All special days of `country` in `year`. Raises NoSuchCalendar."""
    if country not in Country.values:
        raise NoSuchCalendar(f"There is no calendar of {country}. Known: {', '.join(Country.values)}.")
    found = _china(year) if country == CHINA else _abroad(country, year)
    if not found.days:
        raise NoSuchCalendar(f"The package holidays {VERSION} knows no holidays of {country} in {year}.")
    return found


def _named(country: str, year: int, *, language: str, subdivision: str = NATIONAL) -> dict[date, str]:
    # The next year as well: its arrangement may reach back into December.
    table = holidays.country_holidays(
        country, subdiv=subdivision or None, years=(year, year + 1), language=language
    )
    return {day: name for day, name in sorted(table.items()) if day.year in (year, year + 1)}


def _abroad(country: str, year: int) -> PackageYear:
    """Official unless the package itself says "(estimated)"; a part of a country keeps only days of its own."""
    national = _of_year(_named(country, year, language=ENGLISH), year)
    found = [_holiday(country, NATIONAL, day, name) for day, name in national.items()]
    for part in LOADED_SUBDIVISIONS.get(country, ()):
        own = _of_year(_named(country, year, language=ENGLISH, subdivision=part), year)
        found += [_holiday(country, part, day, name) for day, name in own.items() if day not in national]
    return PackageYear(country, year, not any(ESTIMATED in it.name_en for it in found), tuple(found))


def _of_year(named: dict[date, str], year: int) -> dict[date, str]:
    return {day: name for day, name in named.items() if day.year == year}


def _holiday(country: str, part: str, day: date, name: str) -> SpecialDay:
    return SpecialDay(country, part, day, DayKind.HOLIDAY, False, chinese_name(country, name), name)


def _china(year: int) -> PackageYear:
    chinese = _named(CHINA, year, language=CHINESE)
    english = _named(CHINA, year, language=ENGLISH)
    core = _core_of_spring_festival(_of_year(chinese, year))
    found = [
        SpecialDay(CHINA, NATIONAL, day, _kind(name), day in core, name, _english(name, english[day]))
        for day, name in _of_year(chinese, year).items()
    ]
    found += _worked_in_exchange(chinese, year)
    days = tuple(sorted(found, key=lambda it: it.day))
    return PackageYear(CHINA, year, _is_arranged(days), days)


def _kind(name: str) -> DayKind:
    return DayKind.REST if EXCHANGED.match(name) or MOVED.search(name) else DayKind.HOLIDAY


def _english(chinese: str, english: str) -> str:
    exchanged = EXCHANGED.match(chinese)
    return f"Day off (in exchange for {exchanged[1]})" if exchanged else english


def _worked_in_exchange(chinese: dict[date, str], year: int) -> Iterator[SpecialDay]:
    for rest, name in chinese.items():
        exchanged = EXCHANGED.match(name)
        worked = date.fromisoformat(exchanged[1]) if exchanged else rest
        if exchanged and worked.year == year:
            zh, en = f"上班（与 {rest} 调休）", f"Workday (in exchange for {rest})"
            yield SpecialDay(CHINA, NATIONAL, worked, DayKind.WORKDAY, False, zh, en)


def _core_of_spring_festival(chinese: dict[date, str]) -> set[date]:
    first = min((day for day, name in chinese.items() if name.startswith(SPRING_FESTIVAL)), default=None)
    return {first + timedelta(days=n) for n in range(-1, CORE_DAYS - 1)} if first else set()


def _is_arranged(days: tuple[SpecialDay, ...]) -> bool:
    """Whether the State Council's arrangement of the year is in: only it exchanges days.

    New Year's Day does not count, because the arrangement of the year before or after may touch it.
    """
    return any(it.kind == DayKind.WORKDAY and it.day.month not in NEW_YEARS_MONTHS for it in days)
