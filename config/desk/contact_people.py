"""The people around one customer as the case file shows them, and the decision to ask one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.asking import asking
from accounts.models import Case, ContactPerson, User
from accounts.models.contact_people import ContactRole
from followups.models import FollowUp
from followups.models.actions import FollowUpKind
from followups.searching import plan_search, why_not
from visits.life import NotAllowed

SEARCH = "followups.change_followup"

may_search = permission_required(SEARCH, raise_exception=True)


@dataclass(frozen=True)
class PersonLine:
    """`reasons` not to ask a contact person now; `asking` is the follow-up by which they are being asked."""

    person: ContactPerson
    reasons: tuple[str, ...]
    asking: FollowUp | None

    @property
    def is_contact(self) -> bool:
        return self.person.role == ContactRole.CONTACT


def people_of(case: Case, *, user: User, now: datetime) -> tuple[PersonLine, ...]:
    """Everybody named for the customer, those in use first. A constant number of queries."""
    visible = ContactPerson.objects.visible_to(user).filter(customer=case.customer_id)
    people = list(visible.defer("number_sealed").order_by("-withdrawn_at", "-role", "named_at"))
    reasons = why_not([one for one in people if _may_ever_be_asked(one)], now=now)
    asked = _being_asked(case)
    return tuple(PersonLine(one, reasons.get(one, ()), asked.get(one.pk)) for one in people)


def _may_ever_be_asked(person: ContactPerson) -> bool:
    return person.role == ContactRole.CONTACT and person.withdrawn_at is None


def _being_asked(case: Case) -> dict[UUID, FollowUp]:
    rows: Iterable[FollowUp] = FollowUp.objects.open().filter(case=case, kind=FollowUpKind.CONTACT_SEARCH)
    return {row.contact_person_id: row for row in rows if row.contact_person_id}


@require_POST
@may_search
def ask_person(request: HttpRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    """Decide to ask this person today; the page of the call follows."""
    by = asking(request)
    visible = Case.objects.visible_to(by).select_related("branch")
    case: Case = get_object_or_404(visible, pk=case_id)
    person: ContactPerson = get_object_or_404(
        ContactPerson.objects.visible_to(by).filter(customer=case.customer_id), pk=person_id
    )
    try:
        planned = plan_search(case, person, by=by, now=timezone.now())
    except NotAllowed as reason:
        messages.warning(request, gettext("Nobody is asked. %(reason)s") % {"reason": reason})
        return redirect("case-file", case_id=case.pk)
    return redirect("admin:followups_followup_search", planned.pk)
