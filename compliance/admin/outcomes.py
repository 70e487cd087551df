from django.contrib import admin

from compliance.models import ContactOutcome
from config.admin import ReadOnlyAdmin


@admin.register(ContactOutcome)
class ContactOutcomeAdmin(ReadOnlyAdmin[ContactOutcome]):
    """What came of each contact: told once, by whoever made it."""

    list_display = ["noted_at", "contact", "reached", "party_reached", "refused_further", "noted_by"]
    list_filter = ["reached", "party_reached", "refused_further"]
    list_select_related = ["contact", "noted_by"]
    search_fields = ["=contact__customer__bank_number"]
    date_hierarchy = "noted_at"
    ordering = ["-pk"]
