"""What left the house, read only."""

from django.contrib import admin

from compliance.models import Export
from config.admin import ReadOnlyAdmin


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin[Export]):
    list_display = ["at", "what", "format", "row_count", "purpose", "by", "customer"]
    list_filter = ["what", "format"]
    search_fields = ["sha256", "customer__bank_number"]
    list_select_related = ["customer", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
