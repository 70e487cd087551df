"""Showing personal data in clear: one field, for a coded reason, remembered before it is shown.

Looks that a person decides on are bound by a quota. Two are counted and never refused, because refusing would undo
what was decided elsewhere: the number of a call that the gate has cleared (`disclose_number_to_dial`), and the
customer's own data handed to the customer (`disclose_to_the_customer`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import ContactPerson, Customer, Phone, User
from accounts.models.contact_people import CONTACT_PERSON_NUMBER
from accounts.models.customers import IDENTITY_NUMBER, PHONE_NUMBER
from compliance import audit, quota
from compliance.disclosure_reasons import CHOOSABLE, ReasonCode
from compliance.models import Clearance, Disclosure
from compliance.quota import QuotaSpent
from compliance.terms import Channel

__all__ = [
    "NoReason",
    "NotCleared",
    "QuotaSpent",
    "ReasonCode",
    "disclose_contact_person",
    "disclose_identity_number",
    "disclose_number_to_dial",
    "disclose_phone",
    "disclose_to_the_customer",
    "note_disclosure",
]


class NoReason(Exception):
    """Personal data is shown for one of the stated reasons only."""


class NotCleared(Exception):
    """A number is shown for dialling only with the clearance of a call to the same customer."""


def disclose_identity_number(
    customer: Customer, *, code: ReasonCode, reason: str = "", by: User, now: datetime
) -> str:
    """The identity number in clear. Raises NoReason and QuotaSpent."""
    _remember_one(customer, field=IDENTITY_NUMBER, code=code, reason=reason, by=by, now=now)
    return customer.unseal_identity_number()


def disclose_phone(phone: Phone, *, code: ReasonCode, reason: str = "", by: User, now: datetime) -> str:
    """The phone number in clear. Raises NoReason and QuotaSpent."""
    _remember_one(phone.customer, field=PHONE_NUMBER, code=code, reason=reason, by=by, now=now)
    return phone.unseal_number()


@transaction.atomic
def disclose_number_to_dial(phone: Phone, *, clearance: Clearance, by: User, now: datetime) -> str:
    """The number of a call the gate has just cleared. Counts towards the quota; is never refused by it.

    Call it inside the `with` that gave the clearance. Raises NotCleared.
    """
    if clearance.channel != Channel.CALL or clearance.customer_id != phone.customer_id:
        raise NotCleared(gettext("This clearance is not for a call to this customer."))
    reason = f"clearance {clearance.pk}"
    _remember(phone.customer, [PHONE_NUMBER], code=ReasonCode.CALL, reason=reason, by=by, now=now)
    return phone.unseal_number()


@transaction.atomic
def disclose_contact_person(person: ContactPerson, *, clearance: Clearance, by: User, now: datetime) -> str:
    """The number of a contact person or guarantor whom the gate has just cleared to be called.

    Call it inside the `with` that gave the clearance. Counts towards the quota; is never refused by it. Raises NotCleared.
    """
    if clearance.channel != Channel.CALL or clearance.customer_id != person.customer_id:
        raise NotCleared(gettext("This clearance is not for a call about this customer."))
    reason = f"clearance {clearance.pk}"
    _remember(person.customer, [CONTACT_PERSON_NUMBER], code=ReasonCode.CALL, reason=reason, by=by, now=now)
    return person.unseal_number()


@transaction.atomic
def note_disclosure(
    customer: Customer, *, field: str, code: ReasonCode, reason: str, by: User, now: datetime
) -> None:
    """Remember that `by` is about to be shown `field` of the customer. Counts towards the quota; never refused by it.

    Raises NoReason when `reason` is blank.
    """
    if not reason.strip():
        raise NoReason(gettext("Say why the value is needed."))
    _remember(customer, [field], code=code, reason=reason.strip(), by=by, now=now)


@transaction.atomic
def disclose_to_the_customer(
    customer: Customer,
    phones: Sequence[Phone],
    *,
    also: Sequence[str] = (),
    reason: str,
    by: User,
    now: datetime,
) -> tuple[str, list[str]]:
    """The customer's own identity number (empty when the bank never told one) and the numbers of `phones`,
    for the package the customer has a right to. One row for each value; `also` names further sealed fields that the
    caller opens for the same package. Never refused by the quota.
    """
    known = customer.identity_number_sealed is not None
    fields = [*([IDENTITY_NUMBER] if known else []), *(PHONE_NUMBER for _ in phones), *also]
    _remember(customer, fields, code=ReasonCode.RIGHT_OF_ACCESS, reason=reason, by=by, now=now)
    return (
        customer.unseal_identity_number() if known else "",
        [phone.unseal_number() for phone in phones],
    )


def _remember_one(
    customer: Customer, *, field: str, code: ReasonCode, reason: str, by: User, now: datetime
) -> None:
    """Within the quota, or an alert is left behind and QuotaSpent raised."""
    if code not in CHOOSABLE:
        raise NoReason(gettext("Choose why the value is needed."))
    with transaction.atomic():
        quota.one_look_at_a_time(by)
        full = quota.spent(by, quota.limits_of(by), now=now)
        refusal = quota.refuse(by, full, now=now) if full else None
        if refusal is None:
            _remember(customer, [field], code=code, reason=reason.strip(), by=by, now=now)
    if refusal is not None:
        raise refusal


def _remember(
    customer: Customer, fields: Sequence[str], *, code: ReasonCode, reason: str, by: User, now: datetime
) -> None:
    quota.one_look_at_a_time(by)
    remembered = [
        Disclosure.objects.create(
            customer=customer, field=field, reason_code=code, reason=reason, at=now, by=by
        )
        for field in fields
    ]
    quota.note_growth(by, quota.limits_of(by), added=len(fields), now=now)
    audit.record_rows(remembered, by=by, now=now)
