"""Follow-up calls: through the gate, one contact a call, and the number shown only to dial it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from accounts.models import Phone, User
from compliance import gate
from compliance.complaints.intake import MOST_TOLD, receive_complaint
from compliance.complaints.terms import Category, Intake
from compliance.disclosure import disclose_number_to_dial
from compliance.evidence import EvidenceKind
from compliance.gate import Ask, Channel, Purpose
from compliance.outcomes import note_outcome
from compliance.parties import PartyReached
from compliance.restrictions import enter_restriction, hold
from compliance.terms import RestrictionKind
from followups.actions import close
from followups.models import FollowUp
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from risk.behaviour import note_contact
from risk.models import Attitude
from visits.life import NotAllowed

# Whoever answered when it was not the customer.
NOT_REACHED: dict[Outcome, PartyReached] = {
    Outcome.NO_ANSWER: PartyReached.NOBODY,
    Outcome.WRONG_NUMBER: PartyReached.STRANGER,
}

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
    ask = Ask(
        follow_up.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, at=now, until=now, phone_id=phone.pk
    )
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
    """Say what came of the call. Risk hears of it. A dispute is filed as a complaint and
    stops all contact; a wrong number stops calls and messages.

    Raises NotAllowed when no call was made.
    """
    if follow_up.contact is None:
        raise NotAllowed(gettext("Make the call first, then say what came of it."))
    hold(follow_up.customer_id)
    if outcome in STOPS:
        _stop(follow_up, outcome, by=by, now=now)
    if outcome == Outcome.DISPUTE:
        _file_dispute(follow_up, note, by=by, now=now)
    close(follow_up, status=FollowUpStatus.DONE, outcome=outcome, note=note, by=by, now=now)
    reached = outcome not in NOT_REACHED
    party = NOT_REACHED.get(outcome, PartyReached.DEBTOR)
    note_outcome(follow_up.contact, reached=reached, party=party, by=by, now=now)
    note_contact(
        follow_up.customer_id,
        right_party=reached,
        attitude=ATTITUDE.get(outcome),
        by=by,
        now=now,
    )


def _file_dispute(follow_up: FollowUp, note: str, *, by: User, now: datetime) -> None:
    receive_complaint(
        category=Category.AMOUNT_DISPUTED,
        intake=Intake.CALL,
        told=note.strip()[:MOST_TOLD] or str(Outcome.DISPUTE.label),
        customer=follow_up.customer,
        contact=follow_up.contact,
        origin=f"follow-up {follow_up.pk}",
        by=by,
        now=now,
    )


def _stop(follow_up: FollowUp, outcome: Outcome, *, by: User, now: datetime) -> None:
    """Before the case gets its next step, which the outcome decides and not what is called off."""
    enter_restriction(
        customer=follow_up.customer,
        kind=STOPS[outcome].kind,
        channels=STOPS[outcome].channels,
        starts_at=now,
        ends_at=None,
        evidence=f"follow-up {follow_up.pk}: {outcome.label}",
        evidence_kind=EvidenceKind.OWN_RECORD,
        by=by,
        now=now,
    )
