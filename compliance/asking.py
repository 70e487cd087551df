"""What the gate is asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.terms import Channel, Party, Purpose


@dataclass(frozen=True)
class Ask:
    """One intended contact with a customer from `at` until `until` (aware instants; equal when it takes no time).

    For an act, `at` is now; for a plan, the planned start. `staff` is how many members of staff would be present,
    `address` the kind of place a visit goes to, `phone_id` the customer's number that is called or written to.
    `party` and `contact_person_id` say for whom it is when it is not for the customer. `device_at` is the clock of the
    phone the act is reported from, at the same moment as `at`.
    """

    customer_id: UUID
    channel: Channel
    purpose: Purpose
    at: datetime
    until: datetime
    staff: int = 0
    party: Party = Party.DEBTOR
    phone_id: UUID | None = None
    contact_person_id: UUID | None = None
    address: str = ""
    device_at: datetime | None = None
