"""Whether the holidays of the coming weeks are certain where the bank's customers live."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from compliance.calendar.places import Country
from compliance.calendar.reading import CalendarWarning, Doubt, calendar_warnings
from config.desk.scope import Scope


@dataclass(frozen=True)
class CalendarNotice:
    """What to do about it, and where. `missing`: until then contacts on these days need an override."""

    text: str
    missing: bool
    url: str


def calendar_notices(scope: Scope) -> list[CalendarNotice]:
    """One query. The day is that of the bank's own clock, the countries are CUSTOMER_COUNTRIES."""
    found = calendar_warnings(countries=settings.CUSTOMER_COUNTRIES, today=localdate(scope.now))
    return [CalendarNotice(_told(it), it.doubt == Doubt.MISSING, _years_of(it)) for it in found]


def _told(warning: CalendarWarning) -> str:
    known = warning.country in Country.values
    names = {
        "country": Country(warning.country).label if known else warning.country,
        "first": date_format(warning.first),
        "last": date_format(warning.last),
    }
    if warning.doubt == Doubt.MISSING:
        return gettext("The holidays of %(country)s from %(first)s to %(last)s are not loaded.") % names
    return (
        gettext(
            "The holidays of %(country)s from %(first)s to %(last)s are estimated. A compliance officer compares"
            " them with the published notice and confirms the year."
        )
        % names
    )


def _years_of(warning: CalendarWarning) -> str:
    return f"{reverse('admin:compliance_holidayyear_changelist')}?country__exact={warning.country}"
