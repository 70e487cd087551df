from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.gate import readable
from compliance.models import Clearance, Contact, Disclosure, Refusal, Restriction
from compliance.restrictions import AlreadyLifted, enter_restriction, lift_restriction
from compliance.terms import Channel, RestrictionKind
from compliance.wording import TITLES
from config.admin import ModelAdmin, ReadOnlyAdmin, ZoufangAdmin, act


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


class DecisionAdmin(ReadOnlyAdmin[Any]):
    list_display = ["decided_at", "customer", "channel", "purpose", "at", "asked_by"]
    list_filter = ["channel", "purpose"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "asked_by"]
    date_hierarchy = "decided_at"
    ordering = ["-decided_at"]


@admin.register(Clearance)
class ClearanceAdmin(DecisionAdmin):
    list_display = [*DecisionAdmin.list_display, "expires_at"]


class RuleFilter(admin.SimpleListFilter):
    """Refusals in which one rule had a part."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refusal]) -> QuerySet[Refusal]:
        rule = self.value()
        return queryset.filter(reasons__contains=[{"rule": rule}]) if rule else queryset


@admin.register(Refusal)
class RefusalAdmin(DecisionAdmin):
    list_filter = [*DecisionAdmin.list_filter, RuleFilter]
    list_display = [
        "decided_at",
        "customer",
        "channel",
        "purpose",
        "rules_hit",
        "next_allowed_at",
        "asked_by",
    ]
    fields = [
        "customer",
        "channel",
        "purpose",
        "asked_by",
        "decided_at",
        "at",
        "why",
        "next_allowed_at",
        "rulebook",
        "facts",
    ]

    @admin.display(description=_("rules"))
    def rules_hit(self, refusal: Refusal) -> str:
        return ", ".join(reason["title"] for reason in readable(refusal.reasons))

    @admin.display(description=_("reasons"))
    def why(self, refusal: Refusal) -> SafeString:
        lines = format_html_join(
            "",
            "<li><strong>{}</strong> ({} v{}): {}</li>",
            (
                (one["title"], one["rule"], one["version"], one["sentence"])
                for one in readable(refusal.reasons)
            ),
        )
        return format_html("<ul>{}</ul>", lines)


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin[Contact]):
    list_display = ["made_at", "customer", "channel", "purpose", "staff_present", "made_by"]
    list_filter = ["channel", "purpose"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "made_by"]
    date_hierarchy = "made_at"
    ordering = ["-made_at"]


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin[Disclosure]):
    list_display = ["at", "customer", "field", "reason", "by"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
