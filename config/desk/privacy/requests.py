"""One request of a customer: where it stands, what can be done next, and every step so far."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import asking
from accounts.models import User
from compliance.data_requests import life
from compliance.data_requests.corrections import NotAValue, NotGranted, correct, in_words
from compliance.data_requests.effects import NotCarriedOut
from compliance.data_requests.reading import (
    DataRequest,
    corrections_of,
    days_left,
    requests_visible_to,
    steps_of,
)
from compliance.data_requests.terms import FAVOURABLE, IdentityCheck, RequestKind, RequestStatus
from compliance.exporting.export import NoPurpose
from compliance.retention.keeping import MustBeKept, why_kept
from config.desk.access import package
from config.desk.privacy import request_forms as ask
from config.desk.privacy.pages import handed_over, page

SEE = "compliance.view_datarequest"
HANDLE = "compliance.change_datarequest"
EXPORT = "compliance.export_data"
FACTS = (
    life.NotAllowed,
    life.NeedsReason,
    life.NotAnswered,
    NotCarriedOut,
    NotGranted,
    NotAValue,
    MustBeKept,
)

Step = Callable[[DataRequest, Any, User, datetime], None]


@require_safe
@permission_required(SEE, raise_exception=True)
def show(request: HttpRequest, number: UUID) -> HttpResponse:
    user, now = asking(request), timezone.now()
    asked = _of(user, number)
    deletion = asked.kind == RequestKind.DELETION and asked.status != RequestStatus.DONE
    today = now.astimezone(ZoneInfo(asked.customer.branch.time_zone)).date()
    return page(
        request,
        "desk/privacy/request.html",
        asked.get_kind_display(),
        asked=asked,
        steps=list(steps_of(asked)),
        corrections=[(one, *in_words(one)) for one in corrections_of(asked)],
        kept=why_kept(asked.customer, now=now) if deletion else [],
        days_left=None if asked.status == RequestStatus.DONE else days_left(asked, today=today),
        forms=[(name, FORMS[name]()) for name in _open_to(user, asked)],
    )


@require_POST
@permission_required(HANDLE, raise_exception=True)
def move(request: HttpRequest, number: UUID, step: str) -> HttpResponse:
    """One step; whatever is in the way is said on the page of the request."""
    user = asking(request)
    asked = _of(user, number)
    form = FORMS[step](request.POST)
    if form.is_valid():
        try:
            STEPS[step](asked, form, user, timezone.now())
        except FACTS as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, gettext("Done and recorded."))
    else:
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
    return redirect("data-request", number=number)


@require_POST
@permission_required(EXPORT, raise_exception=True)
def hand_over(request: HttpRequest, number: UUID) -> HttpResponseBase:
    """The package as a download. It is an export: without its row in the ledger there is none."""
    user = asking(request)
    asked = _of(user, number)
    form = ask.PackageForm(request.POST)
    try:
        purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
        exported = package.access_package(asked, purpose=purpose, by=user, now=timezone.now())
    except (package.NotGranted, NoPurpose) as reason:
        messages.error(request, str(reason))
        return redirect("data-request", number=number)
    return handed_over(exported)


def _of(user: User, number: UUID) -> DataRequest:
    asked: DataRequest = get_object_or_404(requests_visible_to(user), pk=number)
    return asked


def _open_to(user: User, asked: DataRequest) -> list[str]:
    """The steps that are next, for those who may take them."""
    if asked.status == RequestStatus.DONE:
        return []
    granted = asked.status in FAVOURABLE
    possible = {
        "identity": asked.status == RequestStatus.RECEIVED,
        "decide": asked.status in (RequestStatus.RECEIVED, RequestStatus.IDENTITY_CHECKED),
        "package": granted and asked.kind == RequestKind.ACCESS and user.has_perm(EXPORT),
        "correct": granted and asked.kind == RequestKind.CORRECTION,
        "complete": granted or asked.status == RequestStatus.REFUSED,
    }
    return [name for name, now in possible.items() if now] if user.has_perm(HANDLE) else []


def _identity(asked: DataRequest, form: forms.Form, by: User, now: datetime) -> None:
    life.check_identity(asked, how=IdentityCheck(form.cleaned_data["how"]), by=by, now=now)


def _decide(asked: DataRequest, form: Any, by: User, now: datetime) -> None:
    life.decide(asked, decision=ask.decided(form), reason=form.cleaned_data["reason"], by=by, now=now)


def _correct(asked: DataRequest, form: Any, by: User, now: datetime) -> None:
    field, new = form.wanted()
    correct(asked, field=field, new=new, by=by, now=now)


def _complete(asked: DataRequest, form: forms.Form, by: User, now: datetime) -> None:
    life.complete(asked, answer=form.cleaned_data["answer"], by=by, now=now)


STEPS: dict[str, Step] = {
    "identity": _identity,
    "decide": _decide,
    "correct": _correct,
    "complete": _complete,
}
FORMS: dict[str, type[forms.Form]] = {
    "identity": ask.IdentityForm,
    "decide": ask.DecisionForm,
    "package": ask.PackageForm,
    "correct": ask.CorrectionForm,
    "complete": ask.AnswerForm,
}
