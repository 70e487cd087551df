"""Entering, continuing, reviewing and lifting restrictions. All of it is remembered with who did it; nothing is deleted.

How long a kind may last, what proves it and who may enter or lift it: `compliance.special_care`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.cases import note_changed_facts, note_of_customers
from accounts.models import Branch, Customer, User
from accounts.models.cases import CaseEventKind
from compliance.audit import record_rows
from compliance.evidence import EvidenceKind
from compliance.limits import (
    AlreadyLifted,
    CannotBeExtended,
    EndsBeforeItStarts,
    NoEnd,
    NoProof,
    NotYours,
    TooLong,
    end_of,
    first_review,
    local_date,
    must_be_allowed,
    must_be_proven,
    must_go_on,
    next_review,
)
from compliance.models import Restriction, RestrictionReview
from compliance.special_care import EFFECTS, may_enter, may_lift
from compliance.stopping import Stop, lock, remember, same_person, same_persons, stop_at_once
from compliance.terms import Channel, RestrictionKind

__all__ = [
    "AlreadyLifted",
    "CannotBeExtended",
    "EndsBeforeItStarts",
    "NoEnd",
    "NoProof",
    "NotYours",
    "TooLong",
    "enter_restriction",
    "extend_restriction",
    "hold",
    "lift_restriction",
    "review_restriction",
]


@transaction.atomic
def enter_restriction(
    *,
    customer: Customer,
    kind: RestrictionKind,
    channels: Sequence[Channel],
    starts_at: datetime,
    ends_at: datetime | None,
    evidence: str,
    evidence_kind: EvidenceKind = EvidenceKind.WORD,
    by: User,
    now: datetime,
) -> Restriction:
    """Stop contact by `channels` (all when empty) from `starts_at` until `ends_at` (None: as is usual for the kind).

    Binds at once, and calls off what is planned or queued against it. Waits for a contact that is being cleared this
    moment, so that none slips out after the entry. Raises EndsBeforeItStarts, TooLong, NoEnd, NoProof and NotYours.
    """
    must_be_allowed(kind, may=may_enter(kind, by.role))
    must_be_proven(kind, evidence_kind)
    ends_at = end_of(kind, starts_at, ends_at)
    return _write(
        Restriction(
            customer=customer,
            kind=kind,
            channels=[str(one) for one in channels],
            starts_at=starts_at,
            ends_at=ends_at,
            evidence_kind=evidence_kind,
            evidence=evidence,
        ),
        by=by,
        now=now,
    )


@transaction.atomic
def extend_restriction(
    restriction: Restriction,
    *,
    ends_at: datetime | None,
    evidence: str,
    evidence_kind: EvidenceKind,
    by: User,
    now: datetime,
) -> Restriction:
    """Continue a restriction from its end until `ends_at` (None: as is usual for the kind), on evidence of its own.

    Raises CannotBeExtended, EndsBeforeItStarts, TooLong, NoProof and NotYours.
    """
    kind = RestrictionKind(restriction.kind)
    must_be_allowed(kind, may=may_enter(kind, by.role))
    must_be_proven(kind, evidence_kind)
    hold(restriction.customer_id)
    earlier = Restriction.objects.select_for_update().get(pk=restriction.pk)
    starts_at = must_go_on(earlier, now=now)
    return _write(
        Restriction(
            customer_id=earlier.customer_id,
            kind=kind,
            channels=earlier.channels,
            starts_at=starts_at,
            ends_at=end_of(kind, starts_at, ends_at),
            evidence_kind=evidence_kind,
            evidence=evidence,
            extended_from=earlier,
        ),
        by=by,
        now=now,
    )


@transaction.atomic
def review_restriction(restriction: Restriction, *, by: User, now: datetime) -> date:
    """Say that a restriction still holds. Returns the date of the next review. Raises AlreadyLifted and NotYours."""
    kind = RestrictionKind(restriction.kind)
    must_be_allowed(kind, may=may_lift(kind, by.role))
    hold(restriction.customer_id)
    row = Restriction.objects.select_for_update(of=("self",)).select_related("customer__branch")
    row = row.get(pk=restriction.pk)
    if row.lifted_at is not None:
        raise AlreadyLifted(gettext("This restriction was lifted already."))
    next_on = next_review(EFFECTS[kind], row, on=local_date(row.customer.branch, now))
    review = RestrictionReview.objects.create(restriction=row, at=now, by=by, next_on=next_on)
    Restriction.objects.filter(pk=row.pk).update(review_on=next_on)
    record_rows([review], by=by, now=now)
    return next_on


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: User, now: datetime) -> None:
    """Let contact resume, as far as this restriction is concerned; what would continue it is lifted with it.

    What was called off stays called off. Raises AlreadyLifted and NotYours.
    """
    kind = RestrictionKind(restriction.kind)
    must_be_allowed(kind, may=may_lift(kind, by.role))
    lifted = Restriction.objects.filter(pk=restriction.pk, lifted_at__isnull=True)
    if not lifted.update(lifted_at=now, lifted_by=by):
        raise AlreadyLifted(gettext("This restriction was lifted already."))
    following = Restriction.objects.filter(extended_from=restriction.pk, lifted_at__isnull=True).first()
    if following is not None:
        lift_restriction(following, by=by, now=now)
        return
    person = same_person(restriction.customer_id)
    note_of_customers(person, kind=CaseEventKind.RESTRICTION_LIFTED, detail={}, by=by, now=now)
    note_changed_facts(customers=person.values_list("pk", flat=True), now=now)


def hold(*customer_ids: UUID) -> None:
    """Take the customers' locks before the rows of their cases, as every entry does: nobody waits in a circle."""
    lock(same_persons(customer_ids))


def _write(row: Restriction, *, by: User, now: datetime) -> Restriction:
    person = same_person(row.customer_id)
    lock(person)
    branch = Branch.objects.get(customer=row.customer_id)
    row.review_on = first_review(EFFECTS[RestrictionKind(row.kind)], row, on=local_date(branch, now))
    row.entered_at, row.entered_by = now, by
    row.save(force_insert=True)
    stop = Stop(
        person, RestrictionKind(row.kind), row.starts_at, row.ends_at, channels=frozenset(row.channels)
    )
    stopped = stop_at_once(stop, by=by, now=now)
    until = row.ends_at.isoformat() if row.ends_at else None
    note_of_customers(person, kind=CaseEventKind.RESTRICTION_ENTERED, detail={"until": until}, by=by, now=now)
    note_changed_facts(customers=person.values_list("pk", flat=True), now=now)
    remember(stopped, branches=Branch.objects.filter(pk=branch.pk), by=by, now=now, restriction=row)
    return row
