"""Visits near and past the end of the contact hours: for the compliance officers, looked at, never edited."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.admin import ReadOnlyAdmin
from visits.admin.tables import moment
from visits.models import EndOfOverrun, Overrun, OverrunAlert
from visits.models.overruns import HowEnded


class OfVisitAdmin(ReadOnlyAdmin[Any]):
    list_select_related = ["visit__customer", "visit__team", "visit__plan__branch"]
    list_filter = ["visit__plan__branch"]
    search_fields = ["visit__customer__bank_number"]


@admin.register(OverrunAlert)
class OverrunAlertAdmin(OfVisitAdmin):
    list_display = ["due_at", "visit", "level", "noticed_at"]
    list_filter = ["level", "visit__plan__branch"]
    date_hierarchy = "due_at"
    ordering = ["-due_at", "-pk"]


class HowItEnded(admin.SimpleListFilter):
    title = _("how it ended")
    parameter_name = "ended"
    NOT_YET = "NOT_YET"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.NOT_YET, _("not told yet")), *HowEnded.choices]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted == self.NOT_YET:
            return rows.filter(end__isnull=True)
        return rows.filter(end__how=wanted) if wanted in HowEnded.values else rows


@admin.register(Overrun)
class OverrunAdmin(OfVisitAdmin):
    list_display = ["at", "visit", "team", "noticed_at", "how_it_ended", "received", "by_the_phone"]
    list_filter = [HowItEnded, "end__in_time_by_the_phone", "visit__plan__branch"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    fields = ["visit", "team", "at", "noticed_at", "how_it_ended", "received", "by_the_phone"]
    readonly_fields = ["team", "how_it_ended", "received", "by_the_phone"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Overrun]:
        related = ("end", "visit__customer", "visit__team", "visit__plan__branch")
        rows: QuerySet[Overrun] = super().get_queryset(request).select_related(*related)
        return rows

    @admin.display(description=_("team"))
    def team(self, row: Overrun) -> str:
        return str(row.visit.team.name)

    @admin.display(description=_("how it ended"))
    def how_it_ended(self, row: Overrun) -> str:
        end = _end(row)
        return end.get_how_display() if end else str(_("not told yet"))

    @admin.display(description=_("received at"))
    def received(self, row: Overrun) -> str:
        end = _end(row)
        return moment(end.ended_at, row.visit.plan.branch) if end else ""

    @admin.display(description=_("left at, by the phone"))
    def by_the_phone(self, row: Overrun) -> str:
        end = _end(row)
        return moment(end.effective_at, row.visit.plan.branch) if end else ""


@admin.register(EndOfOverrun)
class EndOfOverrunAdmin(ReadOnlyAdmin[EndOfOverrun]):
    list_display = ["ended_at", "overrun", "how", "told_at", "effective_at", "in_time_by_the_phone"]
    list_filter = ["how", "in_time_by_the_phone", "overrun__visit__plan__branch"]
    list_select_related = ["overrun__visit__customer"]
    date_hierarchy = "ended_at"
    ordering = ["-ended_at", "-pk"]


def _end(row: Overrun) -> EndOfOverrun | None:
    return getattr(row, "end", None)
