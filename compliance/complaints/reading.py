"""Complaints for those who may look: rows, what was told, how to reach who told it, and who may handle it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts import vault
from accounts.models import User
from accounts.models.staff import SEES_EVERY_BRANCH
from compliance.complaints.handling import HANDLE, NoReason
from compliance.complaints.steps import ensure_not_about, tell
from compliance.complaints.terms import Step
from compliance.models import Complaint
from compliance.models.complaints import CONTACT_DETAILS, TOLD, ComplaintQuerySet


def complaints_visible_to(user: User) -> ComplaintQuerySet:
    return Complaint.objects.visible_to(user)


def told_in(complaint: Complaint) -> str:
    """What was told, in clear; empty once it was erased."""
    if complaint.told_sealed is None:
        return ""
    return vault.unseal(complaint.told_sealed, column=TOLD, row=complaint.pk)


def show_contact_details(complaint: Complaint, *, reason: str, by: User, now: datetime) -> str:
    """How to reach who complained, in clear; remembered with the reason first. Empty when nothing was left.

    Raises NoReason, AboutThemselves.
    """
    if not reason.strip():
        raise NoReason(gettext("Say why the value is needed."))
    ensure_not_about(complaint, by)
    tell(complaint, step=Step.CONTACT_SHOWN, by=by, now=now, detail={"reason": reason.strip()})
    if complaint.contact_sealed is None:
        return ""
    return vault.unseal(complaint.contact_sealed, column=CONTACT_DETAILS, row=complaint.pk)


def possible_handlers(complaint: Complaint) -> QuerySet[User]:
    """Whom the complaint may be assigned to."""
    sees = Q(role__in=SEES_EVERY_BRANCH)
    if complaint.branch_id is not None:
        sees |= Q(branch=complaint.branch_id)
    rows = User.objects.filter(sees, is_active=True, role__in=HANDLE)
    if complaint.about_staff is not None:
        rows = rows.exclude(pk=complaint.about_staff.pk)
    return rows.order_by("role", "last_name", "first_name")
