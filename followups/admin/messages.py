from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from config.admin import ReadOnlyAdmin, act
from followups import outbox
from followups.admin.inlines import ReadOnlyInline
from followups.models import Message, MessageEvent, SentMessage
from followups.models.messages import CancelReason
from visits.life import NotAllowed


class MessageEventInline(ReadOnlyInline):
    model = MessageEvent
    fields = ["at", "old", "new", "by", "detail"]
    ordering = ["at", "pk"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    list_display = ["due_at", "customer", "purpose", "phone", "status", "deferrals", "status_changed_at"]
    list_filter = ["status", "purpose", "case__branch"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "phone"]
    date_hierarchy = "due_at"
    ordering = ["-due_at"]
    inlines = [MessageEventInline]
    actions = ["cancel", "settle_as_sent", "settle_as_failed"]

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("followups.change_message")

    @admin.action(description=_("Cancel the selected messages"), permissions=["act"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Message]) -> None:
        by, now = asking(request), timezone.now()
        self._act(request, rows, lambda row: outbox.cancel(row, reason=CancelReason.BY_STAFF, by=by, now=now))

    @admin.action(description=_("Settle unknown messages: they arrived"), permissions=["act"])
    def settle_as_sent(self, request: HttpRequest, rows: QuerySet[Message]) -> None:
        by, now = asking(request), timezone.now()
        self._act(request, rows, lambda row: outbox.settle_as_sent(row, by=by, now=now))

    @admin.action(description=_("Settle unknown messages: they never arrived"), permissions=["act"])
    def settle_as_failed(self, request: HttpRequest, rows: QuerySet[Message]) -> None:
        by, now = asking(request), timezone.now()
        self._act(request, rows, lambda row: outbox.settle_as_failed(row, by=by, now=now))

    def _act(
        self, request: HttpRequest, rows: QuerySet[Message], use_case: Callable[[Message], None]
    ) -> None:
        act(self, request, rows.select_related("visit"), use_case, expecting=[NotAllowed])


@admin.register(MessageEvent)
class MessageEventAdmin(ReadOnlyAdmin[MessageEvent]):
    list_display = ["at", "message", "old", "new", "by"]
    list_filter = ["new"]
    search_fields = ["message__customer__bank_number"]
    list_select_related = ["message", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(SentMessage)
class SentMessageAdmin(ReadOnlyAdmin[SentMessage]):
    list_display = ["handed_over_at", "to_masked", "text"]
    search_fields = ["message__customer__bank_number"]
    date_hierarchy = "handed_over_at"
    ordering = ["-handed_over_at"]
