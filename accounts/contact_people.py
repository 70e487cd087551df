"""Naming and withdrawing the people around a customer. Every one of them comes with a named origin."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts import vault
from accounts.feed import people
from accounts.feed.fields import Wrong
from accounts.models import ContactPerson, Customer, Phone, User
from accounts.models.contact_people import CONTACT_PERSON_NUMBER, ContactOrigin, ContactRole, Relation
from accounts.models.customers import PHONE_NUMBER


class CannotBeNamed(Exception):
    """This person cannot be kept like this; the message says why and how to mend it. `field` is what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class AlreadyWithdrawn(Exception):
    """The person is no longer named."""


@dataclass(frozen=True)
class Named:
    """What was told of a person. `number` is read as dialled inside `country` unless it starts with a plus."""

    customer: Customer
    role: ContactRole
    name: str
    relation: Relation
    country: str
    number: str
    origin: ContactOrigin | str
    named_at: datetime
    guarantee_reference: str = ""
    time_zones: tuple[str, ...] = ()


def check_named(told: Named, *, now: datetime) -> people.Number:
    """The valid number of somebody who can be named like this. Raises CannotBeNamed.

    Refused are: no origin of the list, a guarantor without a contract, a number that is not valid, is the
    customer's own or is named for the customer already.
    """
    _check_origin(told)
    if told.named_at > now:
        raise CannotBeNamed("named_at", gettext("This lies in the future. Say when the person was named."))
    if not available_timezones().issuperset(told.time_zones):
        raise CannotBeNamed("time_zones", gettext("Use names of the IANA list, as in Asia/Shanghai."))
    try:
        number = people.check_phone(told.country, told.number)
    except Wrong as wrong:
        raise CannotBeNamed("number", gettext(wrong.reason)) from wrong
    of_customer = {"customer": told.customer, "number_index": _index(number.e164)}
    if ContactPerson.objects.in_use().filter(**of_customer).exists():
        raise CannotBeNamed("number", _named_already())
    own = vault.blind_index(number.e164, column=PHONE_NUMBER)
    if Phone.objects.in_use().filter(customer=told.customer, number_index=own).exists():
        raise CannotBeNamed("number", gettext("This is a number of the customer's own."))
    return number


def _check_origin(told: Named) -> None:
    if told.origin not in ContactOrigin.values:
        raise CannotBeNamed(
            "origin", gettext("Say where the number comes from. A number of unknown origin is not kept.")
        )
    contract = told.guarantee_reference.strip()
    if told.role == ContactRole.GUARANTOR and not contract:
        raise CannotBeNamed("guarantee_reference", gettext("Name the guarantee contract."))
    if told.role == ContactRole.CONTACT and (contract or told.origin == ContactOrigin.GUARANTEE):
        raise CannotBeNamed("role", gettext("Whoever signed a guarantee contract is a guarantor."))


def name_contact_person(told: Named, *, by: User, now: datetime) -> ContactPerson:
    """Keep a guarantor or contact person with the origin of the number. Raises CannotBeNamed."""
    number = check_named(told, now=now)
    row = uuid4()
    try:
        with transaction.atomic():
            person: ContactPerson = ContactPerson.objects.create(
                id=row,
                customer=told.customer,
                role=told.role,
                name=told.name.strip(),
                relation=told.relation,
                number_sealed=vault.seal(number.e164, column=CONTACT_PERSON_NUMBER, row=row),
                number_index=_index(number.e164),
                number_masked=vault.masked_phone(number.e164),
                country=number.country,
                time_zones=list(dict.fromkeys(told.time_zones)),
                origin=told.origin,
                guarantee_reference=told.guarantee_reference.strip(),
                named_at=told.named_at,
                entered_at=now,
                entered_by=by,
            )
    except IntegrityError as twice:
        raise CannotBeNamed("number", _named_already()) from twice
    return person


def _named_already() -> str:
    return gettext("This number is named for this customer already.")


def _index(e164: str) -> bytes:
    return vault.blind_index(e164, column=CONTACT_PERSON_NUMBER)


def withdraw_contact_person(person: ContactPerson, *, by: User, now: datetime) -> None:
    """The person is no longer named: nobody contacts them any more. Raises AlreadyWithdrawn."""
    named = ContactPerson.objects.in_use().filter(pk=person.pk)
    if not named.update(withdrawn_at=now, withdrawn_by=by):
        raise AlreadyWithdrawn(gettext("This person was withdrawn already."))


def note_refusal(person: ContactPerson, *, by: User, now: datetime) -> None:
    """The person wants no contact. It holds for ever, and for every row that is this person: with this number under
    any customer, or with this name under this one. Saying it again changes nothing.
    """
    same = Q(number_index=person.number_index) | Q(customer=person.customer_id, name=person.name)
    ContactPerson.objects.filter(same, refused_at__isnull=True).update(refused_at=now, refused_by=by)
