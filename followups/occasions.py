"""An occasion to write to a customer becomes a message once: its key is unique."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from accounts.models import Customer, Phone, User
from compliance.terms import Channel, Purpose
from followups.models import Message
from followups.models.messages import MessageStatus
from followups.wording import language_for


@dataclass(frozen=True)
class Occasion:
    """One reason to send one message to `phone_id`, between two instants."""

    key: str
    purpose: Purpose
    case_id: UUID
    customer: Customer
    phone_id: UUID
    due_at: datetime
    expires_at: datetime
    visit_id: UUID | None = None
    promise_id: UUID | None = None


def own_mobile() -> Subquery:
    """The customer's own mobile; of several, the one at which they were reached last."""
    phones = Phone.objects.own_mobiles().filter(customer=OuterRef("customer"))
    by_last_reached = F("last_reached_at").desc(nulls_last=True)
    return Subquery(phones.order_by(by_last_reached, "pk").values("pk")[:1])


def queue(occasions: Sequence[Occasion], *, by: User, now: datetime) -> int:
    """Queue a message for each occasion, unless another process just did. Returns how many; set-wise."""
    messages = [
        Message(
            key=occasion.key,
            purpose=occasion.purpose,
            channel=Channel.SMS,
            case_id=occasion.case_id,
            customer=occasion.customer,
            phone_id=occasion.phone_id,
            visit_id=occasion.visit_id,
            promise_id=occasion.promise_id,
            language=language_for(occasion.customer.language),
            status=MessageStatus.PENDING,
            due_at=occasion.due_at,
            expires_at=occasion.expires_at,
            queued_at=now,
            queued_by=by,
            status_changed_at=now,
        )
        for occasion in occasions
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return len(messages)
