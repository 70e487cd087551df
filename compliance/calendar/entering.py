"""What people write into the calendar. Their word outlives every later load."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from compliance.calendar.days import NATIONAL
from compliance.models import Holiday, HolidayYear
from compliance.models.holidays import Certainty, HolidayKind, Source


class AlreadyInTheCalendar(Exception):
    """The place has a row for this day; correct that one."""


class NothingToConfirm(Exception):
    """The year has no national days: it is neither loaded nor entered."""


def enter_holiday(
    *,
    country: str,
    subdivision: str,
    day: date,
    kind: HolidayKind,
    name_zh: str,
    name_en: str,
    is_spring_festival_core: bool,
    by: User,
    now: datetime,
) -> Holiday:
    """Add a day, for instance a festival that a local government has set. Raises AlreadyInTheCalendar."""
    try:
        with transaction.atomic():
            return Holiday.objects.create(
                country=country,
                subdivision=subdivision,
                date=day,
                kind=kind,
                name_zh=name_zh,
                name_en=name_en,
                is_spring_festival_core=is_spring_festival_core,
                source=Source.ENTERED,
                entered_at=now,
                entered_by=by,
            )
    except IntegrityError as error:
        if "one_holiday_per_place_and_day" not in str(error):
            raise
        raise AlreadyInTheCalendar(f"{country} {subdivision} {day}") from error


def correct_holiday(
    holiday: Holiday,
    *,
    kind: HolidayKind,
    name_zh: str,
    name_en: str,
    is_spring_festival_core: bool,
    by: User,
    now: datetime,
) -> None:
    """Say what a day really is. ORDINARY strikes it out; a day is never moved and never deleted."""
    Holiday.objects.filter(pk=holiday.pk).update(
        kind=kind,
        name_zh=name_zh,
        name_en=name_en,
        is_spring_festival_core=is_spring_festival_core,
        source=Source.ENTERED,
        package_version="",
        entered_at=now,
        entered_by=by,
    )


@transaction.atomic
def confirm_year(*, country: str, year: int, by: User, now: datetime) -> HolidayYear:
    """Vouch that the calendar of the year is the official one, as after comparing it with the published notice.

    Raises NothingToConfirm for a year without national days.
    """
    if not Holiday.objects.filter(country=country, subdivision=NATIONAL, date__year=year).exists():
        raise NothingToConfirm(f"{country} {year}")
    confirmed, _made = HolidayYear.objects.select_for_update().update_or_create(
        country=country,
        year=year,
        defaults={"status": Certainty.OFFICIAL, "confirmed_at": now, "confirmed_by": by},
        create_defaults={
            "status": Certainty.OFFICIAL,
            "loaded_at": now,
            "loaded_by": by,
            "confirmed_at": now,
            "confirmed_by": by,
        },
    )
    return confirmed
