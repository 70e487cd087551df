from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from config.admin import ReadOnlyAdmin, act
from risk.models import SafetyBand, Strategy
from risk.wording import LABELS
from visits.admin.door import reports_of, said_of
from visits.admin.tables import lines, moment, table
from visits.briefs import BRIEFS, CONTINGENCIES
from visits.life import NotAllowed, cancel
from visits.models import Visit, VisitEvent
from visits.models.visits import CancelReason

BY_HAND = (
    CancelReason.SUPERVISOR,
    CancelReason.CUSTOMER_RESCHEDULED,
    CancelReason.AGENT_ABSENT,
    CancelReason.WEATHER,
    CancelReason.HOLD,
)


class ReasonForm(ActionForm):
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[(reason.value, reason.label) for reason in BY_HAND]
    )


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin[Visit]):
    """A visit from the plan to its outcome. A supervisor may call it off; all else comes from the team's phone."""

    list_display = [
        "when",
        "customer",
        "team",
        "status",
        "strategy",
        "needs_security_officer",
        "address",
    ]
    list_filter = ["status", "strategy", "needs_security_officer", "plan__branch"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "team", "address", "plan__branch"]
    date_hierarchy = "planned_start"
    ordering = ["-planned_start", "pk"]
    fieldsets = (
        (None, {"fields": [("customer", "address"), ("status", "cancel_reason"), "time"]}),
        (_("Who and how"), {"fields": [("team", "needs_security_officer"), "brief", "contingency_plan"]}),
        (_("Why this visit"), {"fields": [("plan", "case", "assessment"), ("prize", "tier"), "reasons"]}),
        (_("What happened"), {"fields": ["timeline", "from_the_door"]}),
        (_("Cleared by the gate"), {"fields": [("plan_clearance", "start_contact")]}),
    )
    readonly_fields = ["time", "brief", "contingency_plan", "tier", "reasons", "timeline", "from_the_door"]
    action_form = ReasonForm
    actions = ["call_off"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        rows = super().get_queryset(request).defer("customer__identity_number_sealed")
        return rows.select_related(
            "customer", "address", "team", "plan__branch", "assessment", "case__customer"
        )

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("visits.change_visit")

    @admin.action(description=_("Call off the selected visits, for this reason"), permissions=["act"])
    def call_off(self, request: HttpRequest, rows: QuerySet[Visit]) -> None:
        by, now = asking(request), timezone.now()
        chosen = request.POST.get("reason")
        reason = CancelReason(chosen) if chosen in BY_HAND else CancelReason.SUPERVISOR
        act(
            self,
            request,
            rows,
            lambda row: cancel(row, reason=reason, by=by, now=now),
            expecting=[NotAllowed],
        )

    @admin.display(description=_("planned start"), ordering="planned_start")
    def when(self, visit: Visit) -> str:
        return moment(visit.planned_start, visit.plan.branch)

    @admin.display(description=_("planned"))
    def time(self, visit: Visit) -> str:
        branch = visit.plan.branch
        return f"{moment(visit.planned_start, branch)} – {moment(visit.planned_end, branch)} ({branch.time_zone})"

    @admin.display(description=_("communication strategy"))
    def brief(self, visit: Visit) -> SafeString:
        brief = BRIEFS[Strategy(visit.strategy)]
        return lines([visit.get_strategy_display(), brief.goal, *brief.do, *brief.leave])

    @admin.display(description=_("contingency plan"))
    def contingency_plan(self, visit: Visit) -> SafeString:
        plan = CONTINGENCIES[SafetyBand(visit.contingency)]
        said = [
            (_("hotline"), [visit.plan.branch.hotline]),
            (_("call"), plan.call),
            (_("break off when"), plan.break_off_when),
            (_("then"), plan.then),
        ]
        return table(
            (_("safety"), SafetyBand(visit.contingency).label), [(what, lines(how)) for what, how in said]
        )

    @admin.display(description=_("tier"))
    def tier(self, visit: Visit) -> str:
        return visit.assessment.get_tier_display()

    @admin.display(description=_("reasons"))
    def reasons(self, visit: Visit) -> SafeString:
        return lines(LABELS.get(code, code) for code in visit.why_planned.get("reasons", ()))

    @admin.display(description=_("steps"))
    def timeline(self, visit: Visit) -> SafeString:
        steps = visit.events.select_related("by").order_by("pk")
        rows = [
            (moment(step.at, visit.plan.branch), step.get_new_display(), step.by, said_of(step))
            for step in steps
        ]
        return table((_("at"), _("status"), _("by"), _("detail")), rows)

    @admin.display(description=_("from the door"))
    def from_the_door(self, visit: Visit) -> SafeString | str:
        return reports_of(visit)


@admin.register(VisitEvent)
class VisitEventAdmin(ReadOnlyAdmin[VisitEvent]):
    list_display = ["at", "visit", "old", "new", "by"]
    list_filter = ["new"]
    list_select_related = ["visit__customer", "by"]
    search_fields = ["visit__customer__bank_number"]
    date_hierarchy = "at"
    ordering = ["-pk"]
