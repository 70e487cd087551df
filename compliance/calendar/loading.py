"""Filling the calendar from the package: all countries and years in a handful of statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from compliance.calendar.package import VERSION, PackageYear, package_year
from compliance.calendar.places import Country
from compliance.models import Holiday, HolidayYear
from compliance.models.holidays import Certainty, Source

EVERY_COUNTRY: tuple[str, ...] = tuple(Country.values)

# A row somebody entered while this runs is left alone too: the condition is looked at under the row's lock.
UPSERT = """
INSERT INTO compliance_holiday AS holiday (country, subdivision, date, kind, name_zh, name_en,
    is_spring_festival_core, source, package_version)
SELECT *, %s FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bool[],
    %s::text[])
ON CONFLICT (country, subdivision, date) DO UPDATE SET kind = excluded.kind, name_zh = excluded.name_zh,
    name_en = excluded.name_en, is_spring_festival_core = excluded.is_spring_festival_core,
    source = excluded.source, package_version = excluded.package_version
WHERE holiday.source <> 'ENTERED' AND (holiday.kind, holiday.name_zh, holiday.name_en,
    holiday.is_spring_festival_core, holiday.source, holiday.package_version) IS DISTINCT FROM (excluded.kind,
    excluded.name_zh, excluded.name_en, excluded.is_spring_festival_core, excluded.source,
    excluded.package_version)
"""

UPSERT_YEARS = """
INSERT INTO compliance_holidayyear AS year (country, year, status, loaded_at, loaded_by_id, package_version)
SELECT country, year, status, %s, %s, %s FROM unnest(%s::text[], %s::int[], %s::text[]) AS it (country, year, status)
ON CONFLICT (country, year) DO UPDATE SET status = excluded.status, loaded_at = excluded.loaded_at,
    loaded_by_id = excluded.loaded_by_id, package_version = excluded.package_version
WHERE year.confirmed_at IS NULL AND (year.status, year.package_version)
    IS DISTINCT FROM (excluded.status, excluded.package_version)
"""

FORGET = """
DELETE FROM compliance_holiday AS holiday
WHERE source <> 'ENTERED' AND (country, extract(year FROM date)) IN (SELECT * FROM unnest(%s::text[], %s::int[]))
  AND NOT EXISTS (SELECT FROM unnest(%s::text[], %s::text[], %s::date[]) AS kept (country, subdivision, date)
    WHERE (kept.country, kept.subdivision, kept.date) = (holiday.country, holiday.subdivision, holiday.date))
"""


@dataclass(frozen=True)
class Loaded:
    """What a load did: days written or rewritten, days that are gone, days of people that were left alone."""

    years: tuple[PackageYear, ...]
    confirmed: tuple[tuple[str, int], ...]
    written: int
    removed: int
    left_alone: int


@transaction.atomic
def load_holidays(*, countries: Collection[str], years: Collection[int], by: User, now: datetime) -> Loaded:
    """Fill the calendar of these countries and years. May be run any number of times.

    Never changes a day that a person entered, nor a year that a person confirmed. Raises NoSuchCalendar when the
    package knows nothing of one of them; then nothing is loaded.
    """
    wanted = [(country, year) for country in sorted({*countries}) for year in sorted({*years})]
    return _load(wanted, by=by, now=now)


def load_missing_holidays(*, today: date, by: User, now: datetime) -> Loaded:
    """Load this year and the next of every country where they are missing, or known from an older package."""
    wanted = {(country, year) for country in EVERY_COUNTRY for year in (today.year, today.year + 1)}
    fresh = HolidayYear.objects.filter(Q(package_version=VERSION) | Q(confirmed_at__isnull=False))
    wanted -= {*fresh.values_list("country", "year")}
    with transaction.atomic():
        return _load(sorted(wanted), by=by, now=now)


def _load(wanted: Sequence[tuple[str, int]], *, by: User, now: datetime) -> Loaded:
    # Locked, so that nobody confirms a year while its days are rewritten.
    known = HolidayYear.objects.select_for_update().order_by("country", "year")
    confirmed = {(it.country, it.year) for it in known if it.confirmed_at is not None} & {*wanted}
    found = tuple(package_year(*one) for one in wanted if one not in confirmed)
    left_alone = Holiday.objects.filter(_of(confirmed)).count()
    left_alone += Holiday.objects.filter(
        _of((it.country, it.year) for it in found), source=Source.ENTERED
    ).count()
    written, removed = (_write(found), _forget(found)) if found else (0, 0)
    _note_years(found, by=by, now=now)
    return Loaded(found, tuple(sorted(confirmed)), written, removed, left_alone)


def _of(years: Iterable[tuple[str, int]]) -> Q:
    condition = Q(pk__in=[])
    for country, year in years:
        condition |= Q(country=country, date__year=year)
    return condition


def _write(found: Sequence[PackageYear]) -> int:
    rows = [
        (
            it.country,
            it.subdivision,
            it.day,
            it.kind.value,
            it.name_zh,
            it.name_en,
            it.spring_festival_core,
            (Source.OFFICIAL if year.official else Source.ESTIMATED).value,
        )
        for year in found
        for it in year.days
    ]
    return _changed_by(UPSERT, [VERSION, *(list(column) for column in zip(*rows, strict=True))])


def _forget(found: Sequence[PackageYear]) -> int:
    days = [it for year in found for it in year.days]
    return _changed_by(
        FORGET,
        [
            [it.country for it in found],
            [it.year for it in found],
            [it.country for it in days],
            [it.subdivision for it in days],
            [it.day for it in days],
        ],
    )


def _note_years(found: Sequence[PackageYear], *, by: User, now: datetime) -> None:
    statuses = [(Certainty.OFFICIAL if it.official else Certainty.ESTIMATED).value for it in found]
    columns = [[it.country for it in found], [it.year for it in found], statuses]
    _changed_by(UPSERT_YEARS, [now, by.pk, VERSION, *columns])


def _changed_by(statement: str, values: Sequence[Any]) -> int:
    """How many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
