"""What the packages that meet customers tell risk. Each note marks the customer's open case for a new assessment."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.cases import note_changed_facts
from accounts.models import User
from risk.models import Animal, Attitude, BehaviourFacts, IncidentKind, People, Signal

ATTEMPTS_KEPT = 10

LAST_OF_KIND = {
    IncidentKind.VERBAL: "last_verbal_abuse_at",
    IncidentKind.THREAT: "last_threat_at",
    IncidentKind.ASSAULT: "last_assault_at",
}


@transaction.atomic
def note_contact(
    customer_id: UUID, *, right_party: bool, attitude: Attitude | None, by: User, now: datetime
) -> None:
    """One attempt to reach the customer. `right_party` is whether the customer in person was reached;
    `attitude` None leaves what is known of it.
    """
    facts = _facts_of(customer_id, by=by, now=now)
    if right_party:
        facts.last_right_party_contact_at = now
        facts.failed_attempts = []
    else:
        facts.failed_attempts = [*facts.failed_attempts, now][-ATTEMPTS_KEPT:]
    if attitude is not None:
        facts.attitude = attitude
    _keep(facts, by=by, now=now)


@transaction.atomic
def note_promises(customer_id: UUID, *, kept: int, broken: int, by: User, now: datetime) -> None:
    """How many of the customer's promises to pay were kept and broken, counted anew over all of them."""
    note_promises_of_many({customer_id: (kept, broken)}, by=by, now=now)


@transaction.atomic
def note_promises_of_many(promises: Mapping[UUID, tuple[int, int]], *, by: User, now: datetime) -> None:
    """The same for many customers at once: how many promises each kept and broke, over all of them."""
    BehaviourFacts.objects.bulk_create(
        [
            BehaviourFacts(
                customer_id=customer_id,
                promises_kept=kept,
                promises_broken=broken,
                updated_at=now,
                updated_by=by,
            )
            for customer_id, (kept, broken) in sorted(promises.items())
        ],
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["promises_kept", "promises_broken", "updated_at", "updated_by"],
    )
    note_changed_facts(customers=promises, now=now)


@transaction.atomic
def note_incident(customer_id: UUID, *, kind: IncidentKind, by: User, now: datetime) -> None:
    """Abuse, threat or violence met at the customer's. It weighs on the safety score for 24 months."""
    facts = _facts_of(customer_id, by=by, now=now)
    setattr(facts, LAST_OF_KIND[kind], now)
    _keep(facts, by=by, now=now)


@transaction.atomic
def note_surroundings(
    customer_id: UUID,
    *,
    animal: Animal | None = None,
    people: People | None = None,
    signal: Signal | None = None,
    by: User,
    now: datetime,
) -> None:
    """What the agents saw around the door; None leaves what is known."""
    facts = _facts_of(customer_id, by=by, now=now)
    facts.animal = animal or facts.animal
    facts.people_present = people or facts.people_present
    facts.phone_signal = signal or facts.phone_signal
    _keep(facts, by=by, now=now)


def _facts_of(customer_id: UUID, *, by: User, now: datetime) -> BehaviourFacts:
    """The customer's row, made when there is none, locked until the transaction ends."""
    facts: BehaviourFacts
    facts, _made = BehaviourFacts.objects.select_for_update().get_or_create(
        customer_id=customer_id, defaults={"updated_at": now, "updated_by": by}
    )
    return facts


def _keep(facts: BehaviourFacts, *, by: User, now: datetime) -> None:
    facts.updated_at = now
    facts.updated_by = by
    facts.save()
    note_changed_facts(customers=[facts.customer_id], now=now)
