from django.contrib import admin

from config.admin import ReadOnlyAdmin
from followups.admin.inlines import ReadOnlyInline
from followups.models import Promise, PromisePayment


class PromisePaymentInline(ReadOnlyInline):
    model = PromisePayment
    fields = ["payment", "amount"]


@admin.register(Promise)
class PromiseAdmin(ReadOnlyAdmin[Promise]):
    """A promise is taken by agents and judged by payments; nobody edits it."""

    list_display = [
        "due_on",
        "customer",
        "amount",
        "currency",
        "paid_amount",
        "status",
        "made_at",
        "recorded_by",
    ]
    list_filter = ["status", "case__branch"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "recorded_by"]
    date_hierarchy = "due_on"
    ordering = ["-due_on"]
    inlines = [PromisePaymentInline]
