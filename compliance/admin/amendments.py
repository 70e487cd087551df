"""Changing the settings of the rules: proposed on a form that knows the limits, decided by another officer."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models.staff import Role
from compliance.amendments import (
    AMENDABLE,
    AlreadyDecided,
    NotAmendable,
    NotYours,
    approve_amendment,
    propose_amendment,
    reject_amendment,
)
from compliance.loading import load_policies
from compliance.models import PolicySnapshot, RuleAmendment, RuleLimit
from compliance.models.rulebook import AmendmentStatus
from compliance.rules.rule import Param, Unit
from compliance.windows import time_of
from compliance.wording import DECISIONS, in_unit, setting_named, title
from config.admin import ReadOnlyAdmin, act


def field_for(param: Param, value: int) -> forms.Field:
    """A field that people fill in as they speak: times as times, decisions by name, everything else as a number."""
    told: dict[str, Any] = {
        "label": setting_named(param.name),
        "help_text": _("packaged: %(packaged)s; not looser than: %(limit)s")
        % {"packaged": in_unit(param.value, param.unit), "limit": in_unit(param.limit, param.unit)},
    }
    if param.unit == Unit.TIME:
        return forms.TimeField(initial=time_of(value), **told)
    if param.unit == Unit.SEVERITY:
        allowed = [(int(code), name) for code, name in DECISIONS.items() if code >= param.limit]
        return forms.TypedChoiceField(choices=allowed, coerce=int, initial=int(value), **told)
    return forms.IntegerField(min_value=param.least, max_value=param.most, initial=value, **told)


class ChooseRuleForm(forms.Form):
    rule = forms.ChoiceField(label=_("rule"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(id_, f"{id_}  {title(id_)}") for id_ in AMENDABLE]  # type: ignore[attr-defined]


class AmendmentForm(forms.Form):
    """Every setting of one rule, filled in with what is in force."""

    def __init__(self, *args: Any, rule: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = AMENDABLE[rule]
        in_force = next(one for one in load_policies().at(now).settings if one.rule.id == rule)
        values = {**in_force.params, "decision": int(in_force.decision)}
        for param in self.rule.settings:
            self.fields[param.name] = field_for(param, values[param.name])
        self.fields["effective_from"] = forms.SplitDateTimeField(
            label=_("in force from"),
            widget=AdminSplitDateTime(),
            required=False,
            help_text=_("empty: as soon as another officer has approved it"),
        )
        self.fields["reason"] = forms.CharField(label=_("reason"), max_length=300)

    @property
    def settings(self) -> dict[str, int]:
        return {param.name: _number(self.cleaned_data[param.name]) for param in self.rule.settings}


def _number(value: Any) -> int:
    return value.hour * 3600 + value.minute * 60 + value.second if isinstance(value, time) else int(value)


@admin.register(RuleAmendment)
class RuleAmendmentAdmin(ReadOnlyAdmin[RuleAmendment]):
    change_list_template = "admin/compliance/ruleamendment/change_list.html"
    change_form_template = "admin/compliance/ruleamendment/change_form.html"
    list_display = ["rule_named", "number", "status", "effective_from", "reason", "proposed_by", "decided_by"]
    list_filter = ["status"]
    search_fields = ["rule"]
    list_select_related = ["proposed_by", "decided_by"]
    ordering = ["-proposed_at"]
    fields = [
        "rule_named",
        "number",
        "status",
        "what_changes",
        "effective_from",
        "reason",
        ("proposed_by", "proposed_at"),
        ("decided_by", "decided_at"),
    ]
    actions = ["approve", "reject"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        user = asking(request)
        return user.role == Role.COMPLIANCE_OFFICER and user.has_perm("compliance.change_ruleamendment")

    @admin.action(description=_("Approve the selected changes"), permissions=["decide"])
    def approve(self, request: HttpRequest, rows: QuerySet[RuleAmendment]) -> None:
        by, now = asking(request), timezone.now()
        expected = [NotYours, AlreadyDecided]
        act(
            self,
            request,
            _whole(rows),
            lambda row: approve_amendment(row, by=by, now=now),
            expecting=expected,
        )

    @admin.action(description=_("Reject the selected changes"), permissions=["decide"])
    def reject(self, request: HttpRequest, rows: QuerySet[RuleAmendment]) -> None:
        by, now = asking(request), timezone.now()
        expected = [NotYours, AlreadyDecided]
        act(
            self, request, _whole(rows), lambda row: reject_amendment(row, by=by, now=now), expecting=expected
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.propose_view)
        return [path("propose/", view, name="compliance_ruleamendment_propose"), *super().get_urls()]

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        """First the rule, then its settings."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        rule, now = request.GET.get("rule", ""), timezone.now()
        if rule not in AMENDABLE:
            return self._choose(request)
        form = AmendmentForm(request.POST or None, rule=rule, now=now)
        if request.method == "POST" and form.is_valid():
            try:
                amendment = propose_amendment(
                    rule=rule,
                    settings=form.settings,
                    effective_from=form.cleaned_data["effective_from"] or now,
                    reason=form.cleaned_data["reason"],
                    by=asking(request),
                    now=now,
                )
            except NotAmendable as wrong:
                for problem in wrong.problems:
                    form.add_error(None, problem)
            else:
                said = gettext("Proposed. Another compliance officer decides on it.")
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:compliance_ruleamendment_change", amendment.pk)
        told = gettext("Nothing looser than its limit can be saved, and nobody alone can put it in force.")
        return self._page(request, form, f"{rule}  {title(rule)}", told, gettext("Propose this change"))

    def _choose(self, request: HttpRequest) -> HttpResponse:
        form = ChooseRuleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return redirect(f"{request.path}?rule={form.cleaned_data['rule']}")
        return self._page(request, form, gettext("Propose a change"), "", gettext("Go on"))

    def _page(
        self, request: HttpRequest, form: forms.Form, heading: str, note: str, button: str
    ) -> TemplateResponse:
        page = {
            **self.admin_site.each_context(request),
            "title": heading,
            "opts": self.opts,
            "form": form,
            "note": note,
            "button": button,
            "media": self.media + form.media,
            "list_url": reverse("admin:compliance_ruleamendment_changelist"),
        }
        return TemplateResponse(request, "admin/compliance/form_page.html", page)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        shown = {"may_propose": self.has_decide_permission(request), **(extra_context or {})}
        return super().changelist_view(request, shown)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: RuleAmendment | None = context.get("original")
        context["may_decide"] = (
            row is not None
            and row.status == AmendmentStatus.PROPOSED
            and self.has_decide_permission(request)
            and row.proposed_by != asking(request)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("rule"), ordering="rule")
    def rule_named(self, row: RuleAmendment) -> str:
        return f"{row.rule}  {title(row.rule)}"

    @admin.display(description=_("what changes"))
    def what_changes(self, row: RuleAmendment) -> SafeString:
        rule = AMENDABLE.get(row.rule)
        params = rule.settings if rule else ()
        lines = format_html_join(
            "",
            "<tr><td>{}</td><td><strong>{}</strong></td><td>{}</td><td>{}</td></tr>",
            (
                (
                    setting_named(one.name),
                    in_unit(row.settings.get(one.name, one.value), one.unit),
                    in_unit(one.value, one.unit),
                    in_unit(one.limit, one.unit),
                )
                for one in params
            ),
        )
        head = format_html(
            "<tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
            _("setting"),
            _("as proposed"),
            _("as packaged"),
            _("limit"),
        )
        return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", head, lines)


def _whole(rows: QuerySet[RuleAmendment]) -> QuerySet[RuleAmendment]:
    return rows.select_related("proposed_by", "decided_by")


@admin.register(RuleLimit)
class RuleLimitAdmin(ReadOnlyAdmin[RuleLimit]):
    list_display = ["rule", "setting", "limit", "unit"]
    search_fields = ["rule"]
    ordering = ["rule", "setting"]

    @admin.display(description=_("loosest value"))
    def limit(self, row: RuleLimit) -> str:
        return in_unit(row.loosest, row.unit)


@admin.register(PolicySnapshot)
class PolicySnapshotAdmin(ReadOnlyAdmin[PolicySnapshot]):
    list_display = ["first_used_at", "rulebook", "sha256"]
    date_hierarchy = "first_used_at"
    ordering = ["-first_used_at"]
