"""Showing personal data in clear: one field, with a reason, remembered before it is shown."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import ContactPerson, Customer, Phone, User
from accounts.models.contact_people import CONTACT_PERSON_NUMBER
from accounts.models.customers import IDENTITY_NUMBER, PHONE_NUMBER
from compliance import audit
from compliance.models import Disclosure


class NoReason(Exception):
    """Personal data is shown for a stated reason only."""


def disclose_identity_number(customer: Customer, *, reason: str, by: User, now: datetime) -> str:
    """The identity number in clear. Raises NoReason when `reason` is blank."""
    _remember(customer, field=IDENTITY_NUMBER, reason=reason, by=by, now=now)
    return customer.unseal_identity_number()


def disclose_phone(phone: Phone, *, reason: str, by: User, now: datetime) -> str:
    """The phone number in clear. Raises NoReason when `reason` is blank."""
    _remember(phone.customer, field=PHONE_NUMBER, reason=reason, by=by, now=now)
    return phone.unseal_number()


def disclose_contact_person(person: ContactPerson, *, reason: str, by: User, now: datetime) -> str:
    """The number of a contact person or guarantor in clear. Raises NoReason when `reason` is blank."""
    _remember(person.customer, field=CONTACT_PERSON_NUMBER, reason=reason, by=by, now=now)
    return person.unseal_number()


def _remember(customer: Customer, *, field: str, reason: str, by: User, now: datetime) -> None:
    if not reason.strip():
        raise NoReason(gettext("Say why the value is needed."))
    with transaction.atomic():
        remembered = Disclosure.objects.create(
            customer=customer, field=field, reason=reason.strip(), at=now, by=by
        )
        audit.record_rows([remembered], by=by, now=now)


def note_disclosure(customer: Customer, *, field: str, reason: str, by: User, now: datetime) -> None:
    """Remember that `by` is about to be shown `field` of the customer. Raises NoReason when `reason` is blank."""
    _remember(customer, field=field, reason=reason, by=by, now=now)
