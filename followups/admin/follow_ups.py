from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.gate import Refused
from config.admin import ReadOnlyAdmin, act
from followups.actions import THEN, cancel, complete
from followups.admin.searching import search_page
from followups.calls import call, finish_call
from followups.models import FollowUp
from followups.models.actions import FollowUpKind, Outcome
from visits.life import NotAllowed


class OutcomeForm(ActionForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", "---------"), *((outcome.value, outcome.label) for outcome in THEN)],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin[FollowUp]):
    """The to-do list. What is done with a follow-up is an action; nothing is edited."""

    list_display = ["due_on", "customer", "kind", "contact_person", "status", "outcome", "visit", "done_by"]
    list_filter = ["status", "kind", "outcome", "case__branch"]
    search_fields = ["customer__bank_number"]
    list_select_related = ["customer", "contact_person", "visit__customer", "done_by"]
    date_hierarchy = "due_on"
    ordering = ["due_on", "pk"]
    action_form = OutcomeForm
    actions = ["call", "ask_contact_person", "done", "cancel"]

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("followups.change_followup")

    @admin.action(description=_("Call the customer"), permissions=["act"])
    def call(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> TemplateResponse | None:
        """The number is on the page that answers, and nowhere else: not in a message, not in an address."""
        chosen = list(rows.select_related("customer")[:2])
        if len(chosen) != 1:
            self.message_user(request, gettext("Choose one follow-up to call."), messages.WARNING)
            return None
        follow_up = chosen[0]
        try:
            number = call(follow_up, by=asking(request), now=timezone.now())
        except (NotAllowed, Refused) as reason:
            self.message_user(request, f"{follow_up}: {reason}", messages.WARNING)
            return None
        return TemplateResponse(request, "followups/call.html", self._dialling(request, follow_up, number))

    def _dialling(self, request: HttpRequest, follow_up: FollowUp, number: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": gettext("Call the customer"),
            "opts": self.opts,
            "follow_up": follow_up,
            "number": number,
            "outcomes": [(outcome.value, outcome.label) for outcome in THEN],
            "list_url": reverse("admin:followups_followup_changelist"),
        }

    @admin.action(description=_("Ask the contact person"), permissions=["act"])
    def ask_contact_person(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> HttpResponse | None:
        """Leads to the page of the call; nothing is shown and nobody is called yet."""
        chosen = list(rows.filter(kind=FollowUpKind.CONTACT_SEARCH)[:2])
        if len(chosen) != 1:
            self.message_user(
                request, gettext("Choose one follow-up about asking a contact person."), messages.WARNING
            )
            return None
        return redirect("admin:followups_followup_search", chosen[0].pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.search_view)
        return [path("<uuid:pk>/search/", view, name="followups_followup_search"), *super().get_urls()]

    def search_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        if not self.has_act_permission(request):
            raise PermissionDenied
        searches = self.get_queryset(request).filter(kind=FollowUpKind.CONTACT_SEARCH)
        whole = searches.select_related("customer", "contact", "contact_person", "case__branch")
        return search_page(request, get_object_or_404(whole, pk=pk))

    @admin.action(description=_("Done, with this outcome"), permissions=["act"])
    def done(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> None:
        by, now = asking(request), timezone.now()
        outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
        if outcome not in THEN:
            self.message_user(request, gettext("Choose what came of it."), messages.WARNING)
            return

        def finish(row: FollowUp) -> None:
            use_case = finish_call if row.kind == FollowUpKind.CALL else complete
            use_case(row, outcome=Outcome(outcome), note=note, by=by, now=now)

        self._act(request, rows, finish)

    @admin.action(description=_("Cancel the selected follow-ups"), permissions=["act"])
    def cancel(self, request: HttpRequest, rows: QuerySet[FollowUp]) -> None:
        by, now, note = asking(request), timezone.now(), request.POST.get("note", "")
        self._act(request, rows, lambda row: cancel(row, note=note, by=by, now=now))

    def _act(self, request: HttpRequest, rows: QuerySet[FollowUp], use_case: Any) -> None:
        rows = rows.select_related("customer", "case__branch")
        act(self, request, rows, use_case, expecting=[NotAllowed])
