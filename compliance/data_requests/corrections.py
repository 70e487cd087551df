"""Correcting what is wrong: here, where Zoufang noted it itself; in the bank's core system for everything else.

A value of the core system is recorded masked and never changed here: the next feed would bring the wrong one back. The
bank's own form carries the right value to the core system, and the feed brings it here.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts import vault
from accounts.models import User
from compliance.data_requests.terms import (
    FAVOURABLE,
    OWNED,
    CorrectedField,
    CorrectionOutcome,
    RequestKind,
)
from compliance.models import Correction, DataRequest
from risk.behaviour import note_surroundings
from risk.models import Animal, BehaviourFacts, People, Signal

CODES = {CorrectedField.ANIMAL: Animal, CorrectedField.PEOPLE: People, CorrectedField.SIGNAL: Signal}
NOTED_IN = {
    CorrectedField.ANIMAL: "animal",
    CorrectedField.PEOPLE: "people_present",
    CorrectedField.SIGNAL: "phone_signal",
}
MASKS = {
    CorrectedField.NAME: vault.masked_name,
    CorrectedField.IDENTITY_NUMBER: vault.masked_identity_number,
    CorrectedField.PHONE: vault.masked_phone,
}


class NotGranted(Exception):
    """Corrections are entered on a request for correction that was granted."""


class NotAValue(Exception):
    """The right value is missing, or is none of the codes of this field."""


@transaction.atomic
def correct(request: DataRequest, *, field: CorrectedField, new: str, by: User, now: datetime) -> Correction:
    """Record, and where the field is Zoufang's own apply, the right value. Raises NotGranted and NotAValue.

    `new` is a code for a field of Zoufang's own, and otherwise the value as the customer gave it, kept masked only.
    """
    if request.kind != RequestKind.CORRECTION or request.status not in FAVOURABLE:
        raise NotGranted(gettext("Grant the correction first."))
    if not new.strip():
        raise NotAValue(gettext("Say what is right."))
    apply = field in OWNED
    old_masked, new_masked = _applied(request, field, new, by, now) if apply else _masked(request, field, new)
    return Correction.objects.create(
        request=request,
        field=field,
        old_masked=old_masked,
        new_masked=new_masked,
        outcome=CorrectionOutcome.APPLIED if apply else CorrectionOutcome.FORWARDED,
        at=now,
        by=by,
    )


def in_words(correction: Correction) -> tuple[str, str]:
    """What was and what is, a code of Zoufang's own by its name."""
    codes = CODES.get(CorrectedField(correction.field))
    labels = dict(codes.choices) if codes else {}
    old, new = correction.old_masked, correction.new_masked
    return str(labels.get(old, old)), str(labels.get(new, new))


def _applied(
    request: DataRequest, field: CorrectedField, new: str, by: User, now: datetime
) -> tuple[str, str]:
    if new not in CODES[field].values:
        raise NotAValue(gettext("Choose one of the codes of this field."))
    known = BehaviourFacts.objects.filter(customer=request.customer_id).values_list(
        NOTED_IN[field], flat=True
    )
    old = known.first() or ""
    note_surroundings(
        request.customer_id,
        animal=Animal(new) if field == CorrectedField.ANIMAL else None,
        people=People(new) if field == CorrectedField.PEOPLE else None,
        signal=Signal(new) if field == CorrectedField.SIGNAL else None,
        by=by,
        now=now,
    )
    return old, new


def _masked(request: DataRequest, field: CorrectedField, new: str) -> tuple[str, str]:
    known = {
        CorrectedField.NAME: request.customer.masked_name,
        CorrectedField.IDENTITY_NUMBER: request.customer.identity_number_masked,
    }
    mask = MASKS.get(field, _first_letter)
    return known.get(field, ""), mask(new.strip())[:100]


def _first_letter(value: str) -> str:
    return f"{value[:1]}{'*' * min(len(value) - 1, 8)}"
