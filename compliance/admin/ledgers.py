"""Evidence, read only: who asked for which contact, when, what was answered, under which rule, from which source."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.decided import without_personal_data
from compliance.models import Clearance, Contact, Disclosure, Refusal
from compliance.overrides import NoOverride, rules_to_override
from compliance.rulebook import origins
from compliance.wording import TITLES, readable, title
from config.admin import ModelAdmin, ReadOnlyAdmin

DECIDED = [("customer", "channel", "purpose", "party"), ("asked_by", "decided_at", "at")]


def table_of_rules(rows: Iterable[tuple[str, int, str]]) -> SafeString:
    """One line a rule: what it is called, what it said, whose rule it is and from which source."""
    told = list(rows)
    known = origins({rule for rule, _number, _said in told})
    lines = format_html_join(
        "",
        "<tr><td><strong>{}</strong><br>{} v{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (title(rule), rule, number, said, known[rule].authority, _lines(known[rule].sources))
            for rule, number, said in told
        ),
    )
    head = format_html(
        "<tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        _("rule"),
        _("what it said"),
        _("authority"),
        _("source"),
    )
    return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", head, lines)


def _lines(names: Iterable[str]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((name,) for name in names))


def facts_seen(facts: Mapping[str, Any]) -> SafeString:
    shown = json.dumps(without_personal_data(facts), indent=1, ensure_ascii=False)
    return format_html("<pre>{}</pre>", shown)


class DecisionAdmin(ReadOnlyAdmin[Any]):
    list_display = ["decided_at", "customer", "channel", "purpose", "at", "asked_by"]
    list_filter = ["channel", "purpose"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "asked_by"]
    date_hierarchy = "decided_at"
    ordering = ["-decided_at"]

    @admin.display(description=_("facts"))
    def seen(self, decision: Clearance | Refusal) -> SafeString:
        return facts_seen(decision.facts)


@admin.register(Clearance)
class ClearanceAdmin(DecisionAdmin):
    list_display = [*DecisionAdmin.list_display, "expires_at"]
    fields = [*DECIDED, "expires_at", "remarks", "passed", ("rulebook", "policy", "tzdata"), "seen"]

    @admin.display(description=_("rules that had something to say"))
    def remarks(self, clearance: Clearance) -> SafeString | str:
        said = readable(clearance.hits)
        return table_of_rules((one["rule"], one["version"], one["sentence"]) for one in said) if said else "–"

    @admin.display(description=_("rules that were passed"))
    def passed(self, clearance: Clearance) -> SafeString:
        return table_of_rules((rule, number, "✓") for rule, number in clearance.rules)


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
    change_form_template = "admin/compliance/refusal/change_form.html"
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
    fields = [*DECIDED, "why", "next_allowed_at", ("rulebook", "policy", "tzdata"), "seen"]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        refusal: Refusal | None = context.get("original")
        if refusal is not None and asking(request).has_perm("compliance.add_override") and _has_one(refusal):
            context["override_url"] = reverse("admin:compliance_override_request", args=[refusal.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("rules"))
    def rules_hit(self, refusal: Refusal) -> str:
        return ", ".join(reason["title"] for reason in readable(refusal.reasons))

    @admin.display(description=_("reasons"))
    def why(self, refusal: Refusal) -> SafeString:
        said = readable(refusal.reasons)
        return table_of_rules((one["rule"], one["version"], one["sentence"]) for one in said)


def _has_one(refusal: Refusal) -> bool:
    """Whether somebody may override this refusal, and nobody asked before."""
    try:
        rules_to_override(refusal)
    except NoOverride:
        return False
    return not hasattr(refusal, "override")


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin[Contact]):
    fields = [
        "made_at",
        "customer",
        "channel",
        "purpose",
        "staff_present",
        "made_by",
        "clearance",
        "why_allowed",
    ]
    list_display = ["made_at", "customer", "channel", "purpose", "staff_present", "made_by"]
    list_filter = ["channel", "purpose"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "made_by"]
    date_hierarchy = "made_at"
    ordering = ["-made_at"]

    @admin.display(description=_("why it was allowed"))
    def why_allowed(self, contact: Contact) -> SafeString:
        return table_of_rules((rule, number, "✓") for rule, number in contact.clearance.rules)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin[Disclosure]):
    list_display = ["at", "customer", "field", "reason", "by"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
