"""The calendar: which days are not what their weekday says, and of which years that is known."""

from collections.abc import Collection
from datetime import date

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.calendar.places import Country


class HolidayKind(models.TextChoices):
    HOLIDAY = "HOLIDAY", _("statutory holiday")
    REST = "REST", _("day off in exchange")
    WORKDAY = "WORKDAY", _("weekend day worked in exchange")
    ORDINARY = "ORDINARY", _("as its weekday says (struck from the calendar)")


class Source(models.TextChoices):
    OFFICIAL = "OFFICIAL", _("official")
    ESTIMATED = "ESTIMATED", _("estimated")
    ENTERED = "ENTERED", _("entered by a person")


class Certainty(models.TextChoices):
    OFFICIAL = "OFFICIAL", _("official")
    ESTIMATED = "ESTIMATED", _("estimated")


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def between(self, *, countries: Collection[str], first: date, last: date) -> "HolidayQuerySet":
        """Both ends included."""
        return self.filter(country__in=countries, date__range=(first, last))


class Holiday(models.Model):
    """A day of one country or of a part of it. `subdivision` is empty for the whole country, else the ISO 3166-2
    code without the country (`NM`, `MA`) or a Chinese prefecture's four digits (`5134`).

    Loaded from the package, or entered by a person; the loader never touches what a person entered.
    """

    country = models.CharField(_("country"), max_length=2, choices=Country)
    subdivision = models.CharField(
        _("region"),
        max_length=6,
        blank=True,
        help_text=_(
            "Empty for the whole country. Otherwise the region's ISO 3166-2 letters, NM for Inner Mongolia, GX, NX,"
            " XJ, XZ, or the first four digits of a Chinese prefecture's code."
        ),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=HolidayKind)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)
    is_spring_festival_core = models.BooleanField(
        _("core of Spring Festival"),
        default=False,
        help_text=_("New Year's Eve to the third day of the new year."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source)
    package_version = models.CharField(_("version of the package"), max_length=20, blank=True)
    entered_at = models.DateTimeField(_("entered at"), null=True, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "subdivision", "date"],
                name="one_holiday_per_place_and_day",
                violation_error_message=_(
                    "This day is in the calendar already. Open it in the list of holidays and change it there."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=HolidayKind.values), name="holiday_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$", subdivision__regex=r"^[A-Z0-9]{0,6}$"),
                name="holiday_place_is_a_code",
                violation_error_message=_(
                    "A region is written in capital letters and digits, for instance NM or 1502."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(is_spring_festival_core=False)
                | models.Q(country=Country.CN, kind__in=[HolidayKind.HOLIDAY, HolidayKind.REST]),
                name="spring_festival_is_chinese_and_free",
                violation_error_message=_("The core of Spring Festival consists of days off in China."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    source=Source.ENTERED,
                    entered_at__isnull=False,
                    entered_by__isnull=False,
                    package_version="",
                )
                | (
                    models.Q(
                        source__in=[Source.OFFICIAL, Source.ESTIMATED],
                        entered_at__isnull=True,
                        entered_by__isnull=True,
                    )
                    & ~models.Q(package_version="")
                ),
                name="holiday_is_loaded_or_entered",
            ),
        ]
        indexes = [models.Index(fields=["country", "date"], name="holiday_by_country")]

    def __str__(self) -> str:
        return f"{self.country} {self.date} {self.name}"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class HolidayYear(models.Model):
    """A year of a country of which the calendar is filled. A year that is not here is not loaded.

    A person who confirms a year vouches for all its days; the loader then leaves them alone.
    """

    country = models.CharField(_("country"), max_length=2, choices=Country)
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(_("status"), max_length=10, choices=Certainty)
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("loaded by"))
    package_version = models.CharField(_("version of the package"), max_length=20, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        constraints = [
            models.UniqueConstraint(fields=["country", "year"], name="one_calendar_year_per_country"),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$", year__range=(2000, 2199)),
                name="calendar_year_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Certainty.values), name="calendar_year_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False, status=Certainty.OFFICIAL),
                name="calendar_year_confirmed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_country_display()} {self.year}"
