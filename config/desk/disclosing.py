"""Showing one personal value in clear: for a reason, remembered first, in the answer to this one request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.asking import asking
from accounts.models import Case, Phone, User
from accounts.models.customers import NotKnown
from compliance.disclosure import QuotaSpent, ReasonCode, disclose_identity_number, disclose_phone
from config.desk.forms import ReasonForm

DISCLOSE = "compliance.add_disclosure"

# Remembers code and reason and gives the value, in this order or not at all.
Disclose = Callable[[ReasonCode, str, User, datetime], str]

may_disclose = permission_required(DISCLOSE, raise_exception=True)


@require_POST
@may_disclose
def show_identity_number(request: HttpRequest, case_id: UUID) -> HttpResponse:
    case = _case(request, case_id)

    def disclose(code: ReasonCode, reason: str, by: User, now: datetime) -> str:
        return disclose_identity_number(case.customer, code=code, reason=reason, by=by, now=now)

    return _show(request, case, gettext("Identity number"), disclose)


@require_POST
@may_disclose
def show_phone(request: HttpRequest, case_id: UUID, phone_id: UUID) -> HttpResponse:
    case = _case(request, case_id)
    phone = get_object_or_404(Phone.objects.in_use().filter(customer=case.customer_id), pk=phone_id)

    def disclose(code: ReasonCode, reason: str, by: User, now: datetime) -> str:
        return disclose_phone(phone, code=code, reason=reason, by=by, now=now)

    return _show(request, case, gettext("Phone number"), disclose)


def _case(request: HttpRequest, case_id: UUID) -> Case:
    visible = Case.objects.visible_to(asking(request)).select_related("customer")
    case: Case = get_object_or_404(visible, pk=case_id)
    return case


def _show(request: HttpRequest, case: Case, field: str, disclose: Disclose) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Nothing was shown: choose why the value is needed."))
        return redirect("case-file", case_id=case.pk)
    code, reason = ReasonCode(form.cleaned_data["code"]), form.cleaned_data["reason"]
    try:
        value = disclose(code, reason, asking(request), timezone.now())
    except NotKnown:
        messages.warning(request, gettext("The bank never told a valid value."))
        return redirect("case-file", case_id=case.pk)
    except QuotaSpent as spent:
        messages.error(request, str(spent))
        return redirect("case-file", case_id=case.pk)
    told = f"{code.label}: {reason}" if reason else code.label
    return _shown_once(request, case=case, field=field, value=value, reason=told)


def _shown_once(request: HttpRequest, *, case: Case, field: str, **shown: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": field, "case": case, "field": field, **shown}
    return render(request, "desk/shown_once.html", context)
