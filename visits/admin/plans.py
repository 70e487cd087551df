from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import Branch, User
from accounts.models.staff import within_branch
from config.admin import ReadOnlyAdmin, act
from visits.admin.rounds import rounds
from visits.admin.tables import table
from visits.admin.wording import left_out
from visits.life import NotAllowed
from visits.models import Plan
from visits.models.plans import PlanStatus
from visits.planning import accept_plan, propose_plan, reject_plan

SEED = 1


class ProposeForm(forms.Form):
    """What the supervisor chooses; whether a plan can be made is for the use case to say."""

    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("branch"))
    date = forms.DateField(
        label=_("date"), widget=AdminDateWidget(), help_text=_("A day at the branch, by its own calendar.")
    )
    seconds = forms.IntegerField(
        label=_("seconds"),
        min_value=1,
        max_value=20,
        initial=5,
        help_text=_("How long to look for better ways."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = within_branch(Branch.objects.order_by("code"), user, path="pk")
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]
        self.fields["branch"].initial = branches.first()


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin[Plan]):
    """Plans are proposed, looked at, and accepted or rejected; nobody writes into them."""

    change_list_template = "admin/visits/plan/change_list.html"
    change_form_template = "admin/visits/plan/change_form.html"
    list_display = ["date", "branch", "status", "planned", "km", "proposed_by", "proposed_at", "decided_by"]
    list_filter = ["status", "branch"]
    list_select_related = ["branch", "proposed_by", "decided_by"]
    date_hierarchy = "date"
    ordering = ["-date", "-proposed_at"]
    fieldsets = (
        (None, {"fields": [("branch", "date", "status"), "figures", "not_planned"]}),
        (_("visits, in the order they are made"), {"fields": ["rounds"]}),
        (
            _("Made and decided"),
            {"fields": [("proposed_by", "proposed_at"), ("decided_by", "decided_at"), ("solver", "seed")]},
        ),
    )
    readonly_fields = ["figures", "not_planned", "rounds"]
    actions = ["accept", "reject"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("visits.change_plan")

    @admin.action(description=_("Accept the selected plans"), permissions=["decide"])
    def accept(self, request: HttpRequest, rows: QuerySet[Plan]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, _whole(rows), lambda row: accept_plan(row, by=by, now=now), expecting=[NotAllowed])

    @admin.action(description=_("Reject the selected plans"), permissions=["decide"])
    def reject(self, request: HttpRequest, rows: QuerySet[Plan]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, _whole(rows), lambda row: reject_plan(row, by=by, now=now), expecting=[NotAllowed])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.propose_view)
        return [path("propose/", view, name="visits_plan_propose"), *super().get_urls()]

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        """A form, and when it is sent a plan; the page waits for the solver."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        form = ProposeForm(request.POST or None, user=asking(request), initial={"date": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                plan = propose_plan(**form.cleaned_data, by=asking(request), now=timezone.now(), seed=SEED)
            except NotAllowed as reason:
                form.add_error(None, str(reason))
            else:
                said = gettext("%(count)d visits are proposed.") % {"count": plan.summary["planned"]}
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:visits_plan_change", plan.pk)
        return TemplateResponse(request, "admin/visits/plan/propose.html", self._page(request, form))

    def _page(self, request: HttpRequest, form: ProposeForm) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": gettext("Propose a plan"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "list_url": reverse("admin:visits_plan_changelist"),
        }

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        shown = {"may_propose": self.has_decide_permission(request), **(extra_context or {})}
        return super().changelist_view(request, shown)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        plan: Plan | None = context.get("original")
        undecided = plan is not None and plan.status == PlanStatus.PROPOSED
        context["may_decide"] = undecided and self.has_decide_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("visits"))
    def planned(self, plan: Plan) -> str:
        return str(plan.summary.get("planned", ""))

    @admin.display(description=_("km"))
    def km(self, plan: Plan) -> str:
        return str(plan.summary.get("km", ""))

    @admin.display(description=_("visits"))
    def rounds(self, plan: Plan) -> SafeString:
        """Every team's way; three queries."""
        rows = plan.visits.select_related("team", "customer", "address", "assessment")
        return rounds(rows.order_by("team__starts_at", "team__name", "position"), plan.branch)

    @admin.display(description=_("figures"))
    def figures(self, plan: Plan) -> SafeString:
        said = plan.summary
        heads = (_("teams"), _("visits"), _("of cases"), _("expected benefit"), _("km"), _("hours out"))
        worth = f"{said.get('prize', '')} {said.get('currency', '')}"
        teams = f"{said.get('teams_out', '')} / {said.get('teams', '')}"
        planned = said.get("planned", "")
        return table(
            heads, [(teams, planned, said.get("candidates"), worth, said.get("km"), said.get("hours"))]
        )

    @admin.display(description=_("not planned"))
    def not_planned(self, plan: Plan) -> SafeString | str:
        reasons = plan.summary.get("left_out", {}) | plan.summary.get("refused", {})
        return table((_("why"), _("cases")), [(left_out(code), count) for code, count in reasons.items()])


def _whole(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    return plans.select_related("branch")
