"""The steps of a complaint as small forms: one page a step, one call each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import User
from compliance.admin.complaint_forms import (
    AnswerForm,
    AssignForm,
    ClassifyForm,
    MatchForm,
    NothingForm,
    ReasonForm,
    StepForm,
)
from compliance.complaints import handling
from compliance.complaints.reading import complaints_visible_to, show_contact_details
from compliance.complaints.steps import NotAllowed
from compliance.complaints.terms import OPEN, TRANSITIONS, Category, Outcome, Status
from compliance.models import Complaint
from config.admin import ZoufangAdmin

MAY_HANDLE = "compliance.handle_complaint"

Said = dict[str, Any]


@dataclass(frozen=True)
class AdminStep:
    """One button: its form, the use case it calls, and at which complaints it is offered."""

    label: str | Promise
    form: type[StepForm]
    do: Callable[[Complaint, Said, User, datetime], object]
    offered: Callable[[Complaint], bool]
    help: str | Promise = ""


def _may_become(status: Status) -> Callable[[Complaint], bool]:
    return lambda complaint: status in TRANSITIONS[Status(complaint.status)]


def _is_open(complaint: Complaint) -> bool:
    return complaint.status in OPEN


def _assign(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.assign_complaint(complaint, handler=said["handler"], by=by, now=now)


def _match(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.match_complaint(complaint, customer=said["bank_number"], by=by, now=now)


def _classify(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.classify_complaint(complaint, category=Category(said["category"]), by=by, now=now)


def _answer(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.answer_complaint(
        complaint,
        outcome=Outcome(said["outcome"]),
        measures=said["measures"],
        answer=said["answer"],
        by=by,
        now=now,
    )


def _close(complaint: Complaint, _said: Said, by: User, now: datetime) -> None:
    handling.close_complaint(complaint, by=by, now=now)


def _reopen(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.reopen_complaint(complaint, reason=said["reason"], by=by, now=now)


def _withdraw(complaint: Complaint, said: Said, by: User, now: datetime) -> None:
    handling.withdraw_complaint(complaint, reason=said["reason"], by=by, now=now)


def _show_contact(complaint: Complaint, said: Said, by: User, now: datetime) -> str:
    return show_contact_details(complaint, reason=said["reason"], by=by, now=now)


STEPS: dict[str, AdminStep] = {
    "answer": AdminStep(
        _("Answer"),
        AnswerForm,
        _answer,
        _may_become(Status.ANSWERED),
        _(
            "Contact may resume with the answer, unless the customer was right about the debt: then on closing."
        ),
    ),
    "close": AdminStep(
        _("Close"),
        NothingForm,
        _close,
        _may_become(Status.CLOSED),
        _("Everything announced in the answer is done. Contact may resume, as far as this complaint goes."),
    ),
    "assign": AdminStep(
        _("Assign"),
        AssignForm,
        _assign,
        _is_open,
        _("Whoever handles it is known by name and answers it. Nobody handles a complaint about themselves."),
    ),
    "match": AdminStep(
        _("Match to a customer"),
        MatchForm,
        _match,
        lambda it: _is_open(it) and it.contact_id is None,
        _("What the complaint stops is stopped for this customer at once, and released for a wrong one."),
    ),
    "classify": AdminStep(
        _("Change the category"),
        ClassifyForm,
        _classify,
        _is_open,
        _("What is stopped follows the category at once. A deadline may come nearer, never later."),
    ),
    "reopen": AdminStep(
        _("Reopen"),
        ReasonForm,
        _reopen,
        _may_become(Status.REOPENED),
        _("Contact stops again and the days are counted anew from today."),
    ),
    "withdraw": AdminStep(
        _("Withdraw"),
        ReasonForm,
        _withdraw,
        _may_become(Status.WITHDRAWN),
        _("Only when who complained took it back: write down in which words."),
    ),
    "contact": AdminStep(
        _("Show the contact details"),
        ReasonForm,
        _show_contact,
        lambda it: it.contact_sealed is not None,
        _("You, the time and the reason are recorded first."),
    ),
}


def offered(complaint: Complaint, user: User) -> list[tuple[str, AdminStep]]:
    """The steps that `user` may take on the complaint as it stands."""
    if not user.has_perm(MAY_HANDLE):
        return []
    return [(name, step) for name, step in STEPS.items() if step.offered(complaint)]


def take_step(site_admin: ZoufangAdmin[Complaint], request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """The page of one step: its form, and what came of it."""
    by = asking(request)
    if not by.has_perm(MAY_HANDLE):
        raise PermissionDenied
    complaint = get_object_or_404(
        complaints_visible_to(by).select_related("customer", "branch", "handler"), pk=pk
    )
    step = STEPS.get(name)
    if step is None:
        raise Http404
    if not step.offered(complaint):
        messages.warning(request, gettext("This step cannot be taken on the complaint as it stands."))
        return redirect(_page_of(complaint))
    posted = request.POST if request.method == "POST" else None
    form = step.form(posted, complaint=complaint, by=by)
    if form.is_valid():
        try:
            shown = step.do(complaint, form.cleaned_data, by, timezone.now())
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            if name == "contact":
                return _rendered(site_admin, request, complaint, step, form=form, shown=shown)
            done = gettext("%(complaint)s: %(status)s.")
            messages.success(
                request, done % {"complaint": complaint, "status": complaint.get_status_display()}
            )
            return redirect(_page_of(complaint))
    return _rendered(site_admin, request, complaint, step, form=form)


def _page_of(complaint: Complaint) -> str:
    return reverse("admin:compliance_complaint_change", args=[complaint.pk])


def _rendered(
    site_admin: ZoufangAdmin[Complaint],
    request: HttpRequest,
    complaint: Complaint,
    step: AdminStep,
    **shown: Any,
) -> HttpResponse:
    context = {
        **site_admin.admin_site.each_context(request),
        "title": step.label,
        "opts": site_admin.opts,
        "complaint": complaint,
        "step": step,
        "page": _page_of(complaint),
        **shown,
    }
    return render(request, "admin/compliance/complaint/step.html", context)
