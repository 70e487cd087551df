"""Follow-up calls: through the gate, one contact a call, and the number shown only to dial it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from accounts.models import Phone, User
from compliance import gate
from compliance.disclosure import disclose_number_to_dial
from compliance.gate import Ask, Channel, Purpose
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from followups.actions import close
from followups.models import FollowUp
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from risk.behaviour import note_contact
from risk.models import Attitude
from visits.life import NotAllowed

NOT_REACHED = frozenset({Outcome.NO_ANSWER, Outcome.WRONG_NUMBER})

ATTITUDE: dict[Outcome, Attitude] = {
    Outcome.PROMISED: Attitude.AGREES,
    Outcome.HARDSHIP: Attitude.ASKS_FOR_HELP,
    Outcome.DISPUTE: Attitude.DISPUTES,
    Outcome.SAYS_PAID: Attitude.VAGUE,
    Outcome.REFUSES: Attitude.REFUSES,
}


@dataclass(frozen=True)
class Stop:
    """What stops until a person lifts it; no channels: every one."""

    kind: RestrictionKind
    channels: tuple[Channel, ...] = ()


STOPS: dict[Outcome, Stop] = {
    Outcome.DISPUTE: Stop(RestrictionKind.DISPUTE),
    # somebody else has the number and is not to hear from us again
    Outcome.WRONG_NUMBER: Stop(RestrictionKind.DO_NOT_CONTACT, (Channel.CALL, Channel.SMS)),
}


def call(follow_up: FollowUp, *, by: User, now: datetime) -> str:
    """Clear one call to the customer's own mobile and return its number (E.164) to dial within the minute.

    The contact counts from here on, answered or not; showing the number is a disclosure. Raises NotAllowed and
    `compliance.gate.Refused`.
    """
    if follow_up.kind != FollowUpKind.CALL:
        raise NotAllowed(gettext("This follow-up is not a call."))
    phone = _own_mobile(follow_up)
    ask = Ask(follow_up.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, at=now, until=now)
    with gate.clearance(ask, by=by, now=now) as clearance:
        contact = gate.make_contact(clearance, by=by, now=now)
        waiting = FollowUp.objects.open().filter(pk=follow_up.pk, contact__isnull=True)
        if not waiting.update(contact=contact):
            raise NotAllowed(gettext("This call was made already, or is no longer wanted."))
        follow_up.contact = contact
        return disclose_number_to_dial(phone, clearance=clearance, by=by, now=now)


def _own_mobile(follow_up: FollowUp) -> Phone:
    phones = Phone.objects.own_mobiles().filter(customer=follow_up.customer_id).select_related("customer")
    phone: Phone | None = phones.order_by(F("last_reached_at").desc(nulls_last=True), "pk").first()
    if phone is None:
        raise NotAllowed(gettext("No mobile number of the customer is known. Complete the data first."))
    return phone


@transaction.atomic
def finish_call(follow_up: FollowUp, *, outcome: Outcome, note: str = "", by: User, now: datetime) -> None:
    """Say what came of the call. Risk hears of it. A dispute stops all contact, a wrong number calls and messages.

    Raises NotAllowed when no call was made.
    """
    if follow_up.contact_id is None:
        raise NotAllowed(gettext("Make the call first, then say what came of it."))
    close(follow_up, status=FollowUpStatus.DONE, outcome=outcome, note=note, by=by, now=now)
    note_contact(
        follow_up.customer_id,
        right_party=outcome not in NOT_REACHED,
        attitude=ATTITUDE.get(outcome),
        by=by,
        now=now,
    )
    if outcome in STOPS:
        enter_restriction(
            customer=follow_up.customer,
            kind=STOPS[outcome].kind,
            channels=STOPS[outcome].channels,
            starts_at=now,
            ends_at=None,
            evidence=f"follow-up {follow_up.pk}: {outcome.label}",
            by=by,
            now=now,
        )
