"""Entering and lifting restrictions. Both are remembered with the person who did it; nothing is deleted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.cases import note_changed_facts
from accounts.models import Customer, User
from compliance.models import Restriction
from compliance.terms import Channel, RestrictionKind


class AlreadyLifted(Exception):
    """The restriction was lifted before."""


class EndsBeforeItStarts(Exception):
    """A restriction ends after it starts, or is open."""


@transaction.atomic
def enter_restriction(
    *,
    customer: Customer,
    kind: RestrictionKind,
    channels: Sequence[Channel],
    starts_at: datetime,
    ends_at: datetime | None,
    evidence: str,
    by: User,
    now: datetime,
) -> Restriction:
    """Stop contact by `channels` (all when empty) from `starts_at` until `ends_at`. Binds at once.

    Waits for a contact that is being cleared this moment, so that none slips out after the entry.
    """
    if ends_at is not None and ends_at <= starts_at:
        raise EndsBeforeItStarts(f"From {starts_at.isoformat()} until {ends_at.isoformat()}.")
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    restriction = Restriction.objects.create(
        customer=customer,
        kind=kind,
        channels=list(channels),
        starts_at=starts_at,
        ends_at=ends_at,
        evidence=evidence,
        entered_at=now,
        entered_by=by,
    )
    note_changed_facts(customers=[customer.pk], now=now)
    return restriction


@transaction.atomic
def lift_restriction(restriction: Restriction, *, by: User, now: datetime) -> None:
    """Let contact resume, as far as this restriction is concerned. Raises AlreadyLifted."""
    lifted = Restriction.objects.filter(pk=restriction.pk, lifted_at__isnull=True)
    if not lifted.update(lifted_at=now, lifted_by=by):
        raise AlreadyLifted(str(restriction))
    note_changed_facts(customers=[restriction.customer_id], now=now)
