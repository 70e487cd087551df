from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.models import Restriction
from compliance.restrictions import AlreadyLifted, enter_restriction, lift_restriction
from compliance.terms import Channel, RestrictionKind
from config.admin import ZoufangAdmin, act


@admin.register(Restriction)
class RestrictionAdmin(ZoufangAdmin[Restriction]):
    list_display = ["customer", "kind", "channels", "starts_at", "ends_at", "entered_by", "lifted_at"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["customer__bank_number"]
    autocomplete_fields = ["customer"]
    list_select_related = ["customer", "entered_by"]
    date_hierarchy = "starts_at"
    fields = ["customer", "kind", "channels", "starts_at", "ends_at", "evidence"]
    actions = ["lift"]

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

    def has_change_permission(self, request: HttpRequest, obj: Restriction | None = None) -> bool:
        """A restriction is entered and lifted; it is never rewritten."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Restriction,
        form: "ModelForm[Restriction]",
        change: bool,  # noqa: FBT001
    ) -> None:
        entered = enter_restriction(
            customer=obj.customer,
            kind=RestrictionKind(obj.kind),
            channels=[Channel(one) for one in obj.channels],
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            evidence=obj.evidence,
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = entered.pk

    @admin.action(description=_("Lift the selected restrictions"), permissions=["add"])
    def lift(self, request: HttpRequest, rows: QuerySet[Restriction]) -> None:
        act(
            self,
            request,
            rows,
            lambda row: lift_restriction(row, by=asking(request), now=timezone.now()),
            expecting=[AlreadyLifted],
        )
