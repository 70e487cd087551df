"""The audit ledger, for those who watch: read, filtered, never written."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.models import AuditEntry
from config.admin import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    list_display = ["at", "chain", "seq", "kind", "subject", "by"]
    list_filter = ["chain", "kind"]
    search_fields = ["subject__startswith"]
    search_help_text = _("The beginning of a subject, for instance compliance.clearance:")
    list_select_related = ["by"]
    date_hierarchy = "at"
    ordering = ["-at"]
    fields = [
        "chain",
        "seq",
        "kind",
        "at",
        "by",
        "subject",
        "subject_digest",
        "said",
        "prev",
        "hash",
        "mac",
    ]

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Everybody's log-ins and looks are read by those who watch every branch."""
        return asking(request).sees_every_branch and super().has_view_permission(request, obj)

    @admin.display(description=_("content"))
    def said(self, entry: AuditEntry) -> SafeString:
        content: dict[str, Any] = json.loads(entry.body)
        return format_html("<pre>{}</pre>", json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True))
