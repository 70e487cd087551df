from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from config.admin import ReadOnlyAdmin, act
from visits.devices import AlreadyRevoked, revoke
from visits.models import Device, LoginAttempt


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin[Device]):
    list_display = ["user", "name", "enrolled_at", "last_seen_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "user__branch"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__employee_number"]
    ordering = ["-last_seen_at"]
    fields = [
        "user",
        "name",
        "enrolled_at",
        "last_seen_at",
        "expires_at",
        "revoked_at",
        ("clock_offset", "clock_read_at"),
    ]
    actions = ["revoke"]

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("visits.change_device")

    @admin.action(description=_("Revoke the selected devices"), permissions=["act"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Device]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: revoke(row, by=by, now=now), expecting=[AlreadyRevoked])


@admin.register(LoginAttempt)
class LoginAttemptAdmin(ReadOnlyAdmin[LoginAttempt]):
    list_display = ["at", "username", "address", "succeeded"]
    list_filter = ["succeeded"]
    search_fields = ["=username"]
    date_hierarchy = "at"
    ordering = ["-at"]

    def has_view_permission(self, request: HttpRequest, obj: LoginAttempt | None = None) -> bool:
        """Names that failed are of no branch: those who see every branch see them."""
        return asking(request).sees_every_branch and super().has_view_permission(request, obj)
