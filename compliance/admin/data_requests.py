"""Requests of customers: taken in here, moved on at the desk, every step in a ledger."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.asking import asking
from compliance.data_requests.life import receive
from compliance.data_requests.terms import ReceivedThrough, RequestKind
from compliance.models import Correction, DataRequest, DataRequestEvent
from compliance.terms import Channel
from config.admin import ReadOnlyAdmin, ZoufangAdmin


@admin.register(DataRequest)
class DataRequestAdmin(ZoufangAdmin[DataRequest]):
    list_display = ["due_on", "customer", "kind", "status", "received_at", "handler"]
    list_filter = ["status", "kind", "received_through"]
    search_fields = ["customer__bank_number"]
    autocomplete_fields = ["customer"]
    list_select_related = ["customer", "handler"]
    date_hierarchy = "received_at"
    ordering = ["due_on", "pk"]

    def get_fields(self, request: HttpRequest, obj: DataRequest | None = None) -> Any:
        asked = ["customer", "kind", "received_through", "wish", "channels"]
        if obj is None:
            return asked
        done = ["status", "received_at", "received_by", "due_on", "handler", "identity_check", "checked_at"]
        end = ["checked_by", "reason", "decided_at", "decided_by", "answer", "done_at", "done_by"]
        return [*asked, *done, *end]

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name != "channels":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.MultipleChoiceField(
            label=db_field.verbose_name,
            help_text=db_field.help_text,
            choices=Channel.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def has_change_permission(self, request: HttpRequest, obj: DataRequest | None = None) -> bool:
        """A request is moved on at the desk; it is never rewritten."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: DataRequest,
        form: "ModelForm[DataRequest]",
        change: bool,  # noqa: FBT001
    ) -> None:
        received = receive(
            customer=obj.customer,
            kind=RequestKind(obj.kind),
            through=ReceivedThrough(obj.received_through),
            wish=obj.wish,
            channels=[Channel(one) for one in obj.channels],
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = received.pk


@admin.register(DataRequestEvent)
class DataRequestEventAdmin(ReadOnlyAdmin[DataRequestEvent]):
    list_display = ["at", "request", "old", "new", "by"]
    list_filter = ["new"]
    list_select_related = ["request", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin[Correction]):
    list_display = ["at", "request", "field", "old_masked", "new_masked", "outcome", "by"]
    list_filter = ["field", "outcome"]
    list_select_related = ["request", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
