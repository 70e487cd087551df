"""What calls teach about the customer's numbers: one was somebody else's, one reached the customer, one is new."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from accounts import vault
from accounts.cases import note_changed_facts
from accounts.feed import people
from accounts.feed.fields import Wrong
from accounts.models import ContactPerson, Customer, Phone, User
from accounts.models.contact_people import CONTACT_PERSON_NUMBER
from accounts.models.customers import PHONE_NUMBER, PhoneKind, PhoneOrigin
from accounts.verification import verify_customers


class BadNumber(Exception):
    """The number cannot be kept; the message says why and how to mend it."""


class NotWrong(Exception):
    """The number is not one that was found wrong."""


@transaction.atomic
def report_wrong_number(phone: Phone, *, by: User, now: datetime) -> bool:
    """The number turned out to be somebody else's: out of use from this moment, also when the bank lists it again.

    Messages that wait for it are called off when they are due. Returns whether another own mobile is left to call;
    when none is, the customer's checklist is filled in anew.
    """
    wrong = Phone.objects.filter(pk=phone.pk, invalid_at__isnull=True)
    wrong.update(invalid_at=now, withdrawn_at=Coalesce("withdrawn_at", Value(now, DateTimeField())))
    note_changed_facts(customers=[phone.customer_id], now=now)
    if Phone.objects.to_call().filter(customer=phone.customer_id).exists():
        return True
    verify_customers(customers=Customer.objects.filter(pk=phone.customer_id), by=by, now=now)
    return False


@transaction.atomic
def reinstate_number(phone: Phone, *, by: User, now: datetime) -> None:
    """The number is the customer's after all: the report was a mistake. Raises NotWrong."""
    wrong = Phone.objects.filter(pk=phone.pk, invalid_at__isnull=False)
    if not wrong.update(invalid_at=None, withdrawn_at=None):
        raise NotWrong(gettext("This number was not found wrong."))
    note_changed_facts(customers=[phone.customer_id], now=now)
    verify_customers(customers=Customer.objects.filter(pk=phone.customer_id), by=by, now=now)


def note_reached_at(phone_id: UUID, *, now: datetime) -> None:
    """The customer in person was reached at this number."""
    Phone.objects.filter(pk=phone_id).update(last_reached_at=now)


@transaction.atomic
def add_found_number(*, customer: Customer, country: str, number: str, now: datetime) -> Phone:
    """Keep a number that a contact person named as the customer's. Not verified: it is called, never written to.

    A number in use is returned as it is; one that was withdrawn comes back into use. Raises BadNumber for what is
    no valid mobile, was found wrong before, or is a third party's own.
    """
    try:
        valid = people.check_phone(country, number)
    except Wrong as wrong:
        raise BadNumber(gettext(wrong.reason)) from wrong
    if not valid.is_mobile:
        raise BadNumber(gettext("Only a mobile number is the customer's own. Enter a mobile number."))
    _must_not_be_a_third_partys(customer, valid.e164)
    index = vault.blind_index(valid.e164, column=PHONE_NUMBER)
    known: Phone | None = Phone.objects.filter(customer=customer, number_index=index).first()
    if known is None:
        return _found(customer, valid, index, now=now)
    if known.invalid_at is not None:
        raise BadNumber(gettext("Somebody else answered at this number before. Ask for another one."))
    Phone.objects.filter(pk=known.pk).update(withdrawn_at=None)
    known.withdrawn_at = None
    return known


def _must_not_be_a_third_partys(customer: Customer, e164: str) -> None:
    index = vault.blind_index(e164, column=CONTACT_PERSON_NUMBER)
    if ContactPerson.objects.filter(customer=customer, number_index=index).exists():
        raise BadNumber(gettext("This is the number of a contact person, not of the customer."))


def _found(customer: Customer, valid: people.Number, index: bytes, *, now: datetime) -> Phone:
    row = uuid4()
    phone: Phone = Phone.objects.create(
        id=row,
        customer=customer,
        kind=PhoneKind.OWN,
        number_sealed=vault.seal(valid.e164, column=PHONE_NUMBER, row=row),
        number_index=index,
        number_masked=vault.masked_phone(valid.e164),
        country=valid.country,
        is_mobile=True,
        origin=PhoneOrigin.CONTACT_PERSON,
    )
    note_changed_facts(customers=[customer.pk], now=now)
    return phone
