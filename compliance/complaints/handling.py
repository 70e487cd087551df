"""What is done with a complaint, one verb a step:

received → under review → answered → closed
                              ↘        ↓
                               reopened → under review …
(withdrawn from wherever an answer is still owed)
"""

from datetime import datetime

from django.utils.translation import gettext

from accounts.models import Customer, User
from accounts.models.staff import Role
from compliance.complaints.answers import ensure_answer_is_acceptable
from compliance.complaints.deadlines import due_on, local_day
from compliance.complaints.intake import zone_of
from compliance.complaints.steps import NotAllowed, change, ensure_not_about, move
from compliance.complaints.terms import NEEDS_MEASURES, OPEN, Category, Outcome, Status, Step
from compliance.models import Complaint

HANDLE = frozenset({Role.SUPERVISOR, Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR})


class CannotHandle(NotAllowed):
    """This member of staff cannot handle this complaint."""


class NotTheHandler(NotAllowed):
    """Only the handler answers."""


class NoMeasures(NotAllowed):
    """Who was right is told what was done about it."""


class NoReason(NotAllowed):
    """This step is taken for a stated reason only."""


def match_complaint(complaint: Complaint, *, customer: Customer, by: User, now: datetime) -> None:
    """Say whom the complaint concerns; a wrong match is put right the same way. What it stops moves along.

    The deadline that was told stays. Raises NotAllowed once it is answered.
    """
    _ensure_open(complaint)
    _ensure_other(complaint.customer_id != customer.pk)
    if complaint.contact_id is not None:
        raise NotAllowed(
            gettext("The complaint is about a contact with its customer, so it cannot be another’s.")
        )
    if complaint.handler is not None and not _sees(complaint.handler, customer.branch_id):
        raise NotAllowed(
            gettext("Its handler sees nothing of %(branch)s. Assign it to a compliance officer first.")
            % {"branch": customer.branch}
        )
    detail = {"before": str(complaint.customer_id or "")}
    change(
        complaint,
        step=Step.MATCHED,
        by=by,
        now=now,
        detail=detail,
        customer=customer,
        branch=customer.branch,
    )


def classify_complaint(complaint: Complaint, *, category: Category, by: User, now: datetime) -> None:
    """Put the complaint into its right category. What it stops follows; the deadline may come nearer, never later:
    what was promised is kept. Raises NotAllowed once it is answered.
    """
    _ensure_open(complaint)
    _ensure_other(complaint.category != category)
    due = min(complaint.due_on, due_on(category, counted_from=complaint.counted_from))
    detail = {"before": complaint.category, "after": category.value}
    change(
        complaint, step=Step.CLASSIFIED, by=by, now=now, detail=detail, category=category.value, due_on=due
    )


def assign_complaint(complaint: Complaint, *, handler: User, by: User, now: datetime) -> None:
    """Name who handles the complaint, first or instead of another. It is under review from then on.

    Raises CannotHandle for whom it is about, for who has left, and for who may not see it; NotAllowed.
    """
    _ensure_can_handle(complaint, handler)
    detail = {"handler": handler.pk, "before": complaint.handler_id}
    if complaint.status == Status.UNDER_REVIEW:
        _ensure_other(complaint.handler_id != handler.pk)
        change(complaint, step=Step.ASSIGNED, by=by, now=now, detail=detail, handler=handler)
        return
    move(
        complaint,
        to=Status.UNDER_REVIEW,
        step=Step.ASSIGNED,
        by=by,
        now=now,
        detail=detail,
        handler=handler,
    )


def answer_complaint(
    complaint: Complaint, *, outcome: Outcome, measures: str, answer: str, by: User, now: datetime
) -> None:
    """The handler answers. Contact may resume as far as this complaint is concerned, unless the customer was right
    about the debt: then it resumes when the complaint is closed, the books having been put right.

    Raises NotTheHandler, NoMeasures when the customer was right and nothing was done, NotAllowed, and whatever
    `ensure_answer_is_acceptable` finds.
    """
    ensure_not_about(complaint, by)
    if complaint.status == Status.UNDER_REVIEW and complaint.handler_id != by.pk:
        raise NotTheHandler(
            gettext("Only the handler answers. Have the complaint assigned to yourself first.")
        )
    measures, answer = measures.strip(), answer.strip()
    if outcome in NEEDS_MEASURES and not measures:
        raise NoMeasures(gettext("Say what was done: the customer was right, at least in part."))
    ensure_answer_is_acceptable(complaint, answer, measures=measures)
    move(
        complaint,
        to=Status.ANSWERED,
        step=Step.ANSWERED,
        by=by,
        now=now,
        words=answer,
        detail={"outcome": outcome.value, "measures": measures},
        outcome=outcome.value,
        measures=measures,
        answered_at=now,
        answered_by=by,
    )


def close_complaint(complaint: Complaint, *, by: User, now: datetime) -> None:
    """Nothing more is to be done: whatever it still stopped is released. Raises NotAllowed."""
    move(complaint, to=Status.CLOSED, step=Step.CLOSED, by=by, now=now)


def reopen_complaint(complaint: Complaint, *, reason: str, by: User, now: datetime) -> None:
    """The customer is not content with the answer. The days are counted anew and contact stops again.

    The handler stays named until another is; earlier answers stay in the events. Raises NoReason, NotAllowed.
    """
    today = local_day(now, zone=zone_of(complaint.branch))
    move(
        complaint,
        to=Status.REOPENED,
        step=Step.REOPENED,
        by=by,
        now=now,
        words=_reason(reason),
        counted_from=today,
        due_on=due_on(complaint.category, counted_from=today),
        outcome="",
        measures="",
        answered_at=None,
        answered_by=None,
    )


def withdraw_complaint(complaint: Complaint, *, reason: str, by: User, now: datetime) -> None:
    """Who complained took it back, in the words of `reason`. Raises NoReason, NotAllowed."""
    move(complaint, to=Status.WITHDRAWN, step=Step.WITHDRAWN, by=by, now=now, words=_reason(reason))


def _ensure_open(complaint: Complaint) -> None:
    if complaint.status not in OPEN:
        raise NotAllowed(gettext("The complaint is answered or withdrawn. Reopen it first."))


def _ensure_other(differs: bool) -> None:  # noqa: FBT001
    if not differs:
        raise NotAllowed(gettext("That is what it says already."))


def _reason(words: str) -> str:
    if not words.strip():
        raise NoReason(gettext("Say why."))
    return words.strip()


def _ensure_can_handle(complaint: Complaint, handler: User) -> None:
    if handler.pk == complaint.about_staff_id:
        raise CannotHandle(gettext("%(who)s is whom the complaint is about.") % {"who": handler})
    sees = _sees(handler, complaint.branch_id)
    if not (handler.is_active and handler.role in HANDLE and sees):
        raise CannotHandle(
            gettext("%(who)s cannot handle it: choose a supervisor of the branch or a compliance officer.")
            % {"who": handler}
        )


def _sees(handler: User, branch_id: int | None) -> bool:
    return handler.sees_every_branch or (branch_id is not None and handler.branch_id == branch_id)
