"""Which kind of day a date is, where a customer lives. Pure: no Django, no clock, no database.

A decision stores the few days it looked at (`Calendar.only`, `as_json`) and is replayed from them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

NATIONAL = ""
SATURDAY = 5


class DayKind(StrEnum):
    """WORKDAY is a weekend day worked in exchange (调休上班), REST a weekday given free in exchange (调休).

    HOLIDAY is a day of the law itself: in China one of art. 2 of 全国年节及纪念日放假办法.
    """

    WORKING = "WORKING"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"
    REST = "REST"
    WORKDAY = "WORKDAY"
    UNKNOWN = "UNKNOWN"

    @property
    def is_working(self) -> bool:
        """Whether people work on such a day. Never true of a day of which nothing is known."""
        return self in (DayKind.WORKING, DayKind.WORKDAY)


# (country, subdivisions) of everywhere a customer may be.
Places = tuple[tuple[str, tuple[str, ...]], ...]

# When several tables speak of one day (the nation's and a province's), the most restful word counts.
STRONGEST_FIRST = (DayKind.HOLIDAY, DayKind.REST, DayKind.WORKDAY)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says, for a country (ISO 3166-1) or one of its subdivisions."""

    country: str
    subdivision: str
    day: date
    kind: DayKind
    spring_festival_core: bool
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """A year of which the table is filled. `estimated`: before the official arrangement was known."""

    country: str
    year: int
    estimated: bool


@dataclass(frozen=True)
class Calendar:
    """What is known of the days from `first` to `last`, both included. Every other day is UNKNOWN."""

    first: date
    last: date
    years: tuple[LoadedYear, ...]
    days: tuple[SpecialDay, ...]

    @cached_property
    def _year(self) -> dict[tuple[str, int], LoadedYear]:
        return {(it.country, it.year): it for it in self.years}

    @cached_property
    def _special(self) -> dict[tuple[str, str, date], SpecialDay]:
        return {(it.country, it.subdivision, it.day): it for it in self.days}

    def knows(self, country: str, day: date) -> bool:
        return self.first <= day <= self.last and (country, day.year) in self._year

    def is_estimated(self, country: str, day: date) -> bool:
        """Whether what is known of `day` is a guess that the official arrangement may overturn."""
        year = self._year.get((country, day.year))
        return year is not None and year.estimated

    def kind_of(self, country: str, subdivisions: Iterable[str], day: date) -> DayKind:
        """The kind of `day` in `country`, for somebody who lives in all of `subdivisions` at once.

        UNKNOWN when the year of that country is not loaded or the day was not asked for. Weekends are Saturday
        and Sunday, as they are in all countries whose rules the product knows.
        """
        if not self.knows(country, day):
            return DayKind.UNKNOWN
        said = {it.kind for it in self._of(country, subdivisions, day)}
        for kind in STRONGEST_FIRST:
            if kind in said:
                return kind
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING

    def kinds_of(self, places: Places, day: date) -> frozenset[DayKind]:
        """What `day` is in each of `places`, for somebody of whom nobody knows in which they are."""
        key = places, day
        found = self._kinds.get(key)
        if found is None:
            found = frozenset(self.kind_of(country, parts, day) for country, parts in places)
            self._kinds[key] = found
        return found

    @cached_property
    def _kinds(self) -> dict[tuple[Places, date], frozenset[DayKind]]:
        return {}

    def names_of(self, country: str, subdivisions: Iterable[str], day: date) -> tuple[str, str]:
        """What the day is called, in Chinese and in English; both empty for a day without a name."""
        found = list(self._of(country, subdivisions, day))
        return "、".join(it.name_zh for it in found), "; ".join(it.name_en for it in found)

    def is_spring_festival_core(self, country: str, day: date) -> bool:
        """From New Year's Eve (除夕) to the third day (初三). False of a day of which nothing is known."""
        return any(it.spring_festival_core for it in self._of(country, (), day))

    def _of(self, country: str, subdivisions: Iterable[str], day: date) -> Iterator[SpecialDay]:
        for subdivision in (NATIONAL, *sorted({*subdivisions} - {NATIONAL})):
            found = self._special.get((country, subdivision, day))
            if found:
                yield found

    def only(self, *, first: date, last: date, places: Mapping[str, Collection[str]]) -> "Calendar":
        """The part about `first` to `last` and `places`: subdivisions by country; as small as can be stored."""
        first, last = max(first, self.first), min(last, self.last)
        return Calendar(
            first,
            last,
            tuple(it for it in self.years if it.country in places and first.year <= it.year <= last.year),
            tuple(
                it
                for it in self.days
                if first <= it.day <= last
                and it.country in places
                and it.subdivision in (NATIONAL, *places[it.country])
            ),
        )

    def as_json(self) -> dict[str, Any]:
        """JSON-serialisable; `from_json` gives back an equal calendar."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "years": [[it.country, it.year, it.estimated] for it in self.years],
            "days": [
                [
                    it.country,
                    it.subdivision,
                    it.day.isoformat(),
                    it.kind.value,
                    it.spring_festival_core,
                    it.name_zh,
                    it.name_en,
                ]
                for it in self.days
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Calendar":
        return cls(
            date.fromisoformat(stored["first"]),
            date.fromisoformat(stored["last"]),
            tuple(LoadedYear(*it) for it in stored["years"]),
            tuple(
                SpecialDay(country, part, date.fromisoformat(day), DayKind(kind), core, zh, en)
                for country, part, day, kind, core, zh, en in stored["days"]
            ),
        )
