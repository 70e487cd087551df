"""Who was shown which personal value of one customer: for the compliance officer, the auditor and the branch."""

from uuid import UUID

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.asking import asking
from accounts.models import Case
from accounts.models.contact_people import CONTACT_PERSON_NUMBER
from accounts.models.customers import IDENTITY_NUMBER, PHONE_NUMBER
from compliance.reading import disclosures_of
from config.desk.access.held import TOLD, WORDS
from followups.letters import TEXT

SEE_DISCLOSURES = "compliance.view_disclosure"
SHOWN = 500
FIELDS = {
    IDENTITY_NUMBER: gettext_lazy("identity number"),
    PHONE_NUMBER: gettext_lazy("phone number"),
    TOLD: gettext_lazy("what was told in a complaint"),
    WORDS: gettext_lazy("answer to a complaint"),
    TEXT: gettext_lazy("text of a letter"),
    CONTACT_PERSON_NUMBER: gettext_lazy("number of a contact person"),
}


@require_safe
@permission_required(SEE_DISCLOSURES, raise_exception=True)
def who_saw_what(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The newest five hundred; all of them are in the ledger's own list and in its export."""
    user = asking(request)
    case = get_object_or_404(Case.objects.visible_to(user).select_related("customer", "branch"), pk=case_id)
    rows = list(disclosures_of(case.customer_id, user=user)[: SHOWN + 1])
    context = {
        **admin.site.each_context(request),
        "title": gettext("Who was shown personal data"),
        "case": case,
        "rows": [(row, FIELDS.get(row.field, row.field)) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
    }
    return render(request, "desk/privacy/seen.html", context)
