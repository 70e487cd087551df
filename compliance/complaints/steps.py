"""The two ways a complaint changes, each compare-and-swap with its event; and what it stops, kept in line with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts import vault
from accounts.models import User
from compliance.complaints.terms import TRANSITIONS, Category, Status, Step, stop_wanted
from compliance.evidence import EvidenceKind
from compliance.models import Complaint, ComplaintEvent, Restriction
from compliance.models.complaint_events import WORDS
from compliance.restrictions import AlreadyLifted, enter_restriction, hold, lift_restriction
from compliance.special_care import may_lift
from compliance.terms import RestrictionKind


class NotAllowed(Exception):
    """This step cannot be taken on this complaint now; the sentence says why."""


class AboutThemselves(NotAllowed):
    """Nobody has a hand in a complaint about themselves."""


@transaction.atomic
def move(
    complaint: Complaint,
    *,
    to: Status,
    step: Step,
    by: User,
    now: datetime,
    words: str = "",
    detail: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take `complaint` from the status its reader saw to `to`, with `changes` to other fields. Raises NotAllowed."""
    old = Status(complaint.status)
    if to not in TRANSITIONS[old]:
        steps = {"old": old.label, "new": to.label}
        raise NotAllowed(gettext("A complaint that is “%(old)s” cannot become “%(new)s”.") % steps)
    change(
        complaint,
        step=step,
        by=by,
        now=now,
        words=words,
        detail={"from": old.value, **(detail or {})},
        status=to,
        status_changed_at=now,
        **changes,
    )


@transaction.atomic
def change(
    complaint: Complaint,
    *,
    step: Step,
    by: User,
    now: datetime,
    words: str = "",
    detail: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Change fields of a complaint whose status and handler are as its reader saw them, and bring what it stops in
    line. Raises NotAllowed when it has moved on meanwhile, AboutThemselves when `by` is whom it is about.
    """
    ensure_not_about(complaint, by)
    as_seen = Complaint.objects.filter(
        pk=complaint.pk,
        status=complaint.status,
        handler=complaint.handler_id,
        customer=complaint.customer_id,
        category=complaint.category,
    )
    if not as_seen.update(**changes):
        raise NotAllowed(gettext("Somebody else has worked on this complaint meanwhile. Look at it again."))
    for field, value in changes.items():
        setattr(complaint, field, value)
    tell(complaint, step=step, by=by, now=now, words=words, detail=detail)
    keep_stops_in_line(complaint, by=by, now=now)


def ensure_not_about(complaint: Complaint, by: User) -> None:
    """Raises AboutThemselves."""
    if complaint.about_staff_id is not None and complaint.about_staff_id == by.pk:
        raise AboutThemselves(gettext("The complaint is about you; somebody else has to handle it."))


def tell(
    complaint: Complaint,
    *,
    step: Step,
    by: User,
    now: datetime,
    words: str = "",
    detail: Mapping[str, Any] | None = None,
    restriction: Restriction | None = None,
) -> None:
    """Write one event. `words` are sealed."""
    ComplaintEvent.objects.create(
        complaint=complaint,
        step=step,
        status=complaint.status,
        at=now,
        by=by,
        restriction=restriction,
        words_sealed=vault.seal(words, column=WORDS, row=complaint.pk) if words else None,
        detail=dict(detail or {}),
    )


def keep_stops_in_line(complaint: Complaint, *, by: User, now: datetime) -> None:
    """Enter what the complaint has to stop as it stands, and lift what it entered and need not stop any more.

    Only its own: restrictions that others entered, also of the same kind, stay as they are.
    """
    wanted = stop_wanted(
        category=Category(complaint.category), status=Status(complaint.status), outcome=complaint.outcome
    )
    own = list(Restriction.objects.filter(complaint_event__complaint=complaint, lifted_at__isnull=True))
    concerned = {one.customer_id for one in own}
    if complaint.customer_id:
        concerned.add(complaint.customer_id)
    if concerned:
        hold(*concerned)
    keep = [one for one in own if one.customer_id == complaint.customer_id and one.kind == wanted]
    if wanted and complaint.customer_id and not keep:
        _stop(complaint, wanted, by=by, now=now)
    for one in own:
        if one not in keep:
            _release(complaint, one, by=by, now=now)


def _stop(complaint: Complaint, kind: RestrictionKind, *, by: User, now: datetime) -> None:
    customer = complaint.customer
    if customer is None:
        return
    entered = enter_restriction(
        customer=customer,
        kind=kind,
        channels=[],
        starts_at=now,
        ends_at=None,
        evidence=complaint.reference,
        evidence_kind=EvidenceKind.OWN_RECORD,
        by=by,
        now=now,
    )
    tell(complaint, step=Step.STOPPED, by=by, now=now, detail={"kind": kind.value}, restriction=entered)


def _release(complaint: Complaint, restriction: Restriction, *, by: User, now: datetime) -> None:
    """Whoever answers may release what hung on the answer, also a supervisor who may lift nothing else of the kind:
    it is then the bank that lifts it, and the event that says by whose step.
    """
    allowed = may_lift(RestrictionKind(restriction.kind), by.role)
    try:
        lift_restriction(restriction, by=by if allowed else User.objects.system(), now=now)
    except AlreadyLifted:  # a person was quicker: it is lifted, which is all that is wanted
        return
    tell(complaint, step=Step.RELEASED, by=by, now=now, detail={"restriction": restriction.pk})
