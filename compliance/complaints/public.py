"""What a stranger may do and see: file a few complaints an hour, and follow one by its unguessable address."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import connection, transaction

from accounts import vault
from accounts.models import User
from compliance.complaints.answers import answer_of
from compliance.complaints.deadlines import local_day
from compliance.complaints.intake import customer_meant, filed_before, receive_complaint, zone_of
from compliance.complaints.terms import Category, Intake, Outcome, Status
from compliance.models import Complaint, Filing

MOST_FILINGS, PERIOD = 5, timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)

_SALT = "complaint status page"
_ADDRESS = "filing.address"


class TooMany(Exception):
    """So much was filed from this address within the hour that it has to wait."""


class NoSuchComplaint(Exception):
    """The address of a status page is not one of ours."""


@dataclass(frozen=True)
class PublicStatus:
    """What the holder of the address sees: nothing about any person but what the bank itself wrote in its answer."""

    reference: str
    status: Status
    received_on: date
    due_on: date
    late: bool
    outcome: Outcome | None
    measures: str
    answer: str
    answered_at: datetime | None
    zone: str


def file_complaint(
    *,
    category: Category,
    told: str,
    bank_number: str,
    contact_details: str,
    origin: str,
    address: str,
    now: datetime,
) -> Complaint:
    """A complaint from the customers' page, filed by the system's account. The same `origin` again is the same one.

    Whether the customer's number exists cannot be seen from outside. Raises TooMany before anything is written,
    and what `receive_complaint` raises.
    """
    origin = f"page {origin}"
    if before := filed_before(origin):
        return before
    with transaction.atomic():
        _count(address, now=now)
        return receive_complaint(
            category=category,
            intake=Intake.CUSTOMER_PAGE,
            told=told,
            customer=customer_meant(bank_number=bank_number, category=category, phone=contact_details),
            contact_details=contact_details,
            origin=origin,
            by=User.objects.system(),
            now=now,
        )


def _count(address: str, *, now: datetime) -> None:
    """One more from this address, counted one at a time so that many at once are not too many."""
    index = vault.blind_index(address, column=_ADDRESS)
    with connection.cursor() as cursor:
        key = int.from_bytes(index[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
    if Filing.objects.filter(address_index=index, at__gt=now - PERIOD).count() >= MOST_FILINGS:
        raise TooMany
    Filing.objects.create(address_index=index, at=now)


def forget_filings(*, now: datetime) -> int:
    """Forget from where complaints were filed. Returns how many rows went."""
    return Filing.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()[0]


def token_of(complaint: Complaint) -> str:
    """The last part of the address of the status page: signed, so that only we can make it."""
    return _signer().sign(base64.urlsafe_b64encode(complaint.pk.bytes).decode().rstrip("="))


def status_for(token: str, *, now: datetime) -> PublicStatus:
    """Raises NoSuchComplaint."""
    complaint = Complaint.objects.select_related("branch").filter(pk=_complaint_in(token)).first()
    if complaint is None:
        raise NoSuchComplaint
    zone = zone_of(complaint.branch)
    return PublicStatus(
        reference=complaint.reference,
        status=Status(complaint.status),
        received_on=complaint.received_on,
        due_on=complaint.due_on,
        late=complaint.is_open and local_day(now, zone=zone) > complaint.due_on,
        outcome=Outcome(complaint.outcome) if complaint.outcome else None,
        measures=complaint.measures,
        answer=answer_of(complaint),
        answered_at=complaint.answered_at,
        zone=zone,
    )


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")


def _complaint_in(token: str) -> UUID:
    try:
        packed = _signer().unsign(token)
        return UUID(bytes=base64.urlsafe_b64decode(packed + "=="))
    except (signing.BadSignature, binascii.Error, ValueError) as wrong:
        raise NoSuchComplaint from wrong
