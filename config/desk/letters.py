"""A letter from the case file: looked at first, then written, cleared and printed in one step."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.asking import asking
from accounts.models import Case
from compliance.content_checking import Unacceptable
from compliance.gate import Purpose, Refused
from followups.letters import letter_text, pdf_of, write_letter
from followups.wording import NothingToSay

NOT_NUMBERED_YET = "…"

may_write = permission_required("followups.add_letter", raise_exception=True)


@may_write
def write(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """GET shows the letter with the name masked; POST writes it and answers with the sheet to be printed."""
    visible = Case.objects.open().visible_to(asking(request)).select_related("customer", "branch")
    case: Case = get_object_or_404(visible, pk=case_id)
    try:
        return _written(request, case) if request.method == "POST" else _page(request, case)
    except (NothingToSay, Unacceptable, Refused) as no:
        messages.warning(request, str(no))
        return redirect("case-file", case_id=case.pk)


def _written(request: HttpRequest, case: Case) -> HttpResponse:
    letter = write_letter(case, purpose=Purpose.PAYMENT_REMINDER, by=asking(request), now=timezone.now())
    return HttpResponse(
        pdf_of(letter),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{letter.number}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _page(request: HttpRequest, case: Case) -> HttpResponse:
    looked_at = letter_text(
        case,
        purpose=Purpose.PAYMENT_REMINDER,
        number=NOT_NUMBERED_YET,
        name=case.customer.masked_name,
        now=timezone.now(),
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": Purpose.PAYMENT_REMINDER.label,
        "case": case,
        "letter": looked_at,
    }
    return render(request, "desk/letter.html", context)
