"""The quota of looks at personal data, and the alerts it gave."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.asking import asking
from compliance.models import DisclosureAlert, DisclosureQuota
from compliance.quota import set_quota
from config.admin import ReadOnlyAdmin, ZoufangAdmin


@admin.register(DisclosureQuota)
class DisclosureQuotaAdmin(ZoufangAdmin[DisclosureQuota]):
    list_display = ["role", "per_hour", "per_day", "changed_at", "changed_by"]
    list_select_related = ["changed_by"]
    fields = ["role", "per_hour", "per_day"]

    def get_readonly_fields(self, request: HttpRequest, obj: DisclosureQuota | None = None) -> list[str]:
        return ["role"] if obj else []

    def save_model(
        self,
        request: HttpRequest,
        obj: DisclosureQuota,
        form: "ModelForm[DisclosureQuota]",
        change: bool,  # noqa: FBT001
    ) -> None:
        limits: dict[str, Any] = {"per_hour": obj.per_hour, "per_day": obj.per_day}
        kept = set_quota(role=obj.role, **limits, by=asking(request), now=timezone.now())
        obj.pk = kept.pk


@admin.register(DisclosureAlert)
class DisclosureAlertAdmin(ReadOnlyAdmin[DisclosureAlert]):
    list_display = ["at", "user", "kind", "window", "shown", "most"]
    list_filter = ["kind", "window"]
    list_select_related = ["user"]
    date_hierarchy = "at"
    ordering = ["-at"]
