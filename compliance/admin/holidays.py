"""The calendar: everybody looks at it, a compliance officer writes into it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.calendar.entering import NothingToConfirm, confirm_year, correct_holiday, enter_holiday
from compliance.models import Holiday, HolidayYear
from compliance.models.holidays import HolidayKind
from config.admin import ReadOnlyAdmin, ZoufangAdmin, act

PLACE_AND_DAY = ["country", "subdivision", "date"]
WHENCE = ["source", "package_version", "entered_at", "entered_by"]


@admin.register(Holiday)
class HolidayAdmin(ZoufangAdmin[Holiday]):
    """A day that is wrong is corrected in its place: never moved, never deleted, struck out by its kind."""

    list_display = ["date", "weekday", "name", "kind", "country", "subdivision", "source", "entered_by"]
    list_filter = ["country", "kind", "source"]
    search_fields = ["name_zh", "name_en", "subdivision"]
    list_select_related = ["entered_by"]
    date_hierarchy = "date"
    ordering = ["-date", "country", "subdivision"]
    fieldsets = (
        (None, {"fields": [("country", "subdivision"), "date", "kind", "is_spring_festival_core"]}),
        (_("What it is called"), {"fields": [("name_zh", "name_en")]}),
        (_("Where it comes from"), {"fields": [("source", "package_version"), ("entered_by", "entered_at")]}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Holiday | None = None) -> list[str]:
        return [*WHENCE, *(PLACE_AND_DAY if obj else [])]

    @admin.display(description=_("weekday"))
    def weekday(self, holiday: Holiday) -> str:
        return date_format(holiday.date, "D")

    @admin.display(description=_("name"))
    def name(self, holiday: Holiday) -> str:
        return holiday.name

    def save_model(
        self,
        request: HttpRequest,
        obj: Holiday,
        form: "ModelForm[Holiday]",
        change: bool,  # noqa: FBT001
    ) -> None:
        said: dict[str, Any] = {
            "kind": HolidayKind(obj.kind),
            "name_zh": obj.name_zh,
            "name_en": obj.name_en,
            "is_spring_festival_core": obj.is_spring_festival_core,
            "by": asking(request),
            "now": timezone.now(),
        }
        if change:
            correct_holiday(obj, **said)
        else:
            place: dict[str, Any] = {"country": obj.country, "subdivision": obj.subdivision, "day": obj.date}
            obj.pk = enter_holiday(**place, **said).pk


@admin.register(HolidayYear)
class HolidayYearAdmin(ReadOnlyAdmin[HolidayYear]):
    """Which years are filled, and whether by an official arrangement or by a guess."""

    list_display = ["__str__", "status", "package_version", "loaded_at", "confirmed_by", "confirmed_at"]
    list_filter = ["country", "status"]
    list_select_related = ["confirmed_by"]
    ordering = ["-year", "country"]
    actions = ["confirm"]

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("compliance.change_holidayyear")

    @admin.action(
        description=_("Mark the selected years as official (compared with the published notice)"),
        permissions=["confirm"],
    )
    def confirm(self, request: HttpRequest, rows: QuerySet[HolidayYear]) -> None:
        by, now = asking(request), timezone.now()
        act(
            self,
            request,
            rows,
            lambda row: confirm_year(country=row.country, year=row.year, by=by, now=now),
            expecting=[NothingToConfirm],
        )
