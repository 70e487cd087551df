from django.contrib import admin

from config.admin import ReadOnlyAdmin
from visits.models import BreakOff


@admin.register(BreakOff)
class BreakOffAdmin(ReadOnlyAdmin[BreakOff]):
    list_display = ["at", "visit", "by"]
    list_filter = ["visit__status", "visit__plan__branch"]
    list_select_related = ["visit__customer", "by"]
    search_fields = ["visit__customer__bank_number"]
    date_hierarchy = "at"
    ordering = ["-at"]
