"""Evidence from the door: looked at, never edited."""

from typing import Any

from django.contrib import admin

from config.admin import ReadOnlyAdmin
from visits.models import CheckIn, CheckOut, Incident, Record


class ReportAdmin(ReadOnlyAdmin[Any]):
    list_select_related = ["visit__customer", "reported_by"]
    search_fields = ["visit__customer__bank_number"]
    date_hierarchy = "received_at"
    ordering = ["-received_at"]


@admin.register(CheckIn, CheckOut)
class PlacedReportAdmin(ReportAdmin):
    list_display = ["received_at", "visit", "reported_by", "client_at", "distance_metres", "accuracy_metres"]


@admin.register(Record)
class RecordAdmin(ReportAdmin):
    list_display = [
        "received_at",
        "visit",
        "party",
        "address_state",
        "result",
        "hardship_reason",
        "reported_by",
    ]
    list_filter = ["result", "party", "address_state", "visit__plan__branch"]


@admin.register(Incident)
class IncidentAdmin(ReportAdmin):
    list_display = ["received_at", "visit", "kind", "danger", "reported_by"]
    list_filter = ["kind", "danger", "visit__plan__branch"]
