"""Evidence from the door: looked at, never edited."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.admin import ReadOnlyAdmin
from visits.models import CheckIn, CheckOut, Consent, IdentityConfirmation, Incident, Record


class ReportAdmin(ReadOnlyAdmin[Any]):
    list_select_related = ["visit__customer", "reported_by"]
    search_fields = ["visit__customer__bank_number"]
    date_hierarchy = "received_at"
    ordering = ["-received_at"]


@admin.register(CheckIn, CheckOut)
class PlacedReportAdmin(ReportAdmin):
    list_display = [
        "received_at",
        "visit",
        "reported_by",
        "client_at",
        "clock_offset",
        "clock_doubt",
        "distance_metres",
        "accuracy_metres",
    ]
    list_filter = ["clock_doubt"]


@admin.register(Record)
class RecordAdmin(ReportAdmin):
    list_display = [
        "received_at",
        "visit",
        "party",
        "address_state",
        "result",
        "hardship_reason",
        "others_present",
        "entered_home",
        "reported_by",
    ]
    list_filter = [
        "result",
        "party",
        "address_state",
        "others_present",
        "entered_home",
        "visit__plan__branch",
    ]


@admin.register(IdentityConfirmation)
class IdentityConfirmationAdmin(ReportAdmin):
    list_display = ["received_at", "visit", "party", "confirmed_by", "others_present", "reported_by"]
    list_filter = ["party", "others_present", "visit__plan__branch"]

    @admin.display(description=_("confirmed by"))
    def confirmed_by(self, row: IdentityConfirmation) -> str:
        return "、".join(row.factor_labels)


@admin.register(Consent)
class ConsentAdmin(ReportAdmin):
    list_display = ["received_at", "visit", "kind", "answer", "party", "name", "how", "given_at"]
    list_filter = ["kind", "answer", "how", "visit__plan__branch"]


@admin.register(Incident)
class IncidentAdmin(ReportAdmin):
    list_display = ["received_at", "visit", "kind", "danger", "reported_by"]
    list_filter = ["kind", "danger", "visit__plan__branch"]
