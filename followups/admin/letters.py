from django.contrib import admin

from config.admin import ReadOnlyAdmin
from followups.models import Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin[Letter]):
    """Letters are written from the case file; here one sees which, when and by whom."""

    list_display = ["number", "customer", "purpose", "template", "written_by", "written_at"]
    list_filter = ["purpose", "case__branch"]
    search_fields = ["number", "customer__bank_number"]
    list_select_related = ["customer", "template", "written_by"]
    date_hierarchy = "written_at"
    ordering = ["-written_at"]
    exclude = ["text_sealed", "envelope_sealed"]
