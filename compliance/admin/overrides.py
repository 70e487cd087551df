"""Overrides: asked for from a refusal, decided by a second person, all of them listed for the auditor."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import User
from compliance.admin.ledgers import table_of_rules
from compliance.models import Override, OverrideUse, Refusal
from compliance.models.overrides import OverrideStatus
from compliance.overrides import (
    AlreadyDecided,
    NoOverride,
    NotForYou,
    approve_override,
    ensure_may_decide,
    reject_override,
    request_override,
)
from compliance.terms import OverrideReason
from compliance.wording import readable, title
from config.admin import ModelAdmin, ReadOnlyAdmin, act


class RequestForm(forms.Form):
    reason_code = forms.ChoiceField(label=_("reason"), choices=OverrideReason.choices)
    reason = forms.CharField(
        label=_("reason in words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why this one contact should take place. No health details."),
    )


class RuleFilter(admin.SimpleListFilter):
    """Overrides of one rule."""

    title = _("rule")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        recent = Override.objects.order_by("-requested_at").values_list("rules", flat=True)[:500]
        return [(rule, title(rule)) for rule in sorted({rule for rules in recent for rule in rules})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Override]) -> QuerySet[Override]:
        rule = self.value()
        return queryset.filter(rules__contains=[rule]) if rule else queryset


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin[Override]):
    change_form_template = "admin/compliance/override/change_form.html"
    list_display = [
        "requested_at",
        "customer",
        "channel",
        "which",
        "reason_code",
        "status",
        "requested_by",
        "decided_by",
        "valid_until",
    ]
    list_filter = ["status", "channel", "reason_code", RuleFilter]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "requested_by", "decided_by"]
    date_hierarchy = "requested_at"
    ordering = ["-requested_at"]
    fields = [
        ("customer", "channel", "status"),
        "what_stood_in_the_way",
        ("reason_code", "reason"),
        ("requested_by", "requested_at"),
        ("decided_by", "decided_at", "decision_note"),
        ("valid_until", "used_for"),
        "refusal",
    ]
    actions = ["approve", "reject"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Override]:
        return (
            super()
            .get_queryset(request)
            .select_related("refusal", "customer__branch")
            .prefetch_related("uses")
        )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("compliance.change_override")

    @admin.action(description=_("Approve the selected overrides"), permissions=["decide"])
    def approve(self, request: HttpRequest, rows: QuerySet[Override]) -> None:
        by, now = asking(request), timezone.now()
        expected = [NotForYou, AlreadyDecided]
        act(self, request, rows, lambda row: approve_override(row, by=by, now=now), expecting=expected)

    @admin.action(description=_("Reject the selected overrides"), permissions=["decide"])
    def reject(self, request: HttpRequest, rows: QuerySet[Override]) -> None:
        by, now = asking(request), timezone.now()
        expected = [NotForYou, AlreadyDecided]
        act(self, request, rows, lambda row: reject_override(row, by=by, now=now), expecting=expected)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.request_view)
        return [
            path("request/<uuid:refusal_id>/", view, name="compliance_override_request"),
            *super().get_urls(),
        ]

    def request_view(self, request: HttpRequest, refusal_id: str) -> HttpResponse:
        """Ask a second person to let one refused contact take place."""
        by = asking(request)
        if not by.has_perm("compliance.add_override"):
            raise PermissionDenied
        refusal: Refusal = get_object_or_404(Refusal.objects.visible_to(by), pk=refusal_id)
        form = RequestForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                asked = request_override(
                    refusal=refusal,
                    reason_code=OverrideReason(form.cleaned_data["reason_code"]),
                    reason=form.cleaned_data["reason"],
                    by=by,
                    now=timezone.now(),
                )
            except (NoOverride, NotForYou, AlreadyDecided) as no:
                form.add_error(None, str(no))
            else:
                self.message_user(request, gettext("Asked for. A second person decides."), messages.SUCCESS)
                return redirect("admin:compliance_override_change", asked.pk)
        page = {
            **self.admin_site.each_context(request),
            "title": gettext("Ask for an override"),
            "opts": self.opts,
            "form": form,
            "above": _reasons(refusal),
            "note": gettext("It is used once, within 24 hours of its approval, and stays on record."),
            "button": gettext("Ask a second person"),
            "media": self.media + form.media,
            "list_url": reverse("admin:compliance_override_changelist"),
        }
        return TemplateResponse(request, "admin/compliance/form_page.html", page)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Override | None = context.get("original")
        context["may_decide"] = (
            row is not None and self.has_decide_permission(request) and _may_decide(row, asking(request))
        )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("rules"))
    def which(self, row: Override) -> str:
        return ", ".join(map(title, row.rules))

    @admin.display(description=_("what stood in the way"))
    def what_stood_in_the_way(self, row: Override) -> SafeString:
        return _reasons(row.refusal)

    @admin.display(description=_("used for"))
    def used_for(self, row: Override) -> str:
        return ", ".join(use.get_purpose_display() for use in row.uses.all()) or "–"


def _may_decide(row: Override, by: User) -> bool:
    if row.status != OverrideStatus.REQUESTED:
        return False
    try:
        ensure_may_decide(row, by=by)
    except NotForYou:
        return False
    return True


def _reasons(refusal: Refusal) -> SafeString:
    said = readable(refusal.reasons)
    return format_html("{}", table_of_rules((one["rule"], one["version"], one["sentence"]) for one in said))


@admin.register(OverrideUse)
class OverrideUseAdmin(ReadOnlyAdmin[OverrideUse]):
    list_display = ["used_at", "override", "purpose", "clearance"]
    list_select_related = ["override", "clearance"]
    date_hierarchy = "used_at"
    ordering = ["-used_at"]
