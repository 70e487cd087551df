"""Follow-up calls: through the gate, one contact a call, and the number shown only to dial it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from accounts.models import Phone, User
from accounts.models.cases import NextAction
from accounts.phones import note_reached_at, report_wrong_number
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
from followups.actions import Then, close
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


CALL_THE_OTHER_NUMBER = Then(NextAction.CALL, 1)


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
    phones = Phone.objects.to_call().filter(customer=follow_up.customer_id).select_related("customer")
    phone: Phone | None = phones.order_by(F("last_reached_at").desc(nulls_last=True), "pk").first()
    if phone is None:
        raise NotAllowed(gettext("No mobile number of the customer is known. Complete the data first."))
    return phone


@transaction.atomic
def finish_call(follow_up: FollowUp, *, outcome: Outcome, note: str = "", by: User, now: datetime) -> None:
    """Say what came of the call. Risk and the gate hear of it. A dispute is filed as a complaint and stops all contact;
    a wrong number goes out of use, and the customer is called at another one if there is any.

    Raises NotAllowed when no call was made.
    """
    contact = follow_up.contact
    if contact is None:
        raise NotAllowed(gettext("Make the call first, then say what came of it."))
    hold(follow_up.customer_id)
    # before the case gets its next step, which the outcome decides and not what is called off
    then = _put_aside_the_number(follow_up, by=by, now=now) if outcome == Outcome.WRONG_NUMBER else None
    if outcome == Outcome.DISPUTE:
        _file_dispute(follow_up, note, by=by, now=now)
    close(follow_up, status=FollowUpStatus.DONE, outcome=outcome, note=note, by=by, now=now, then=then)
    reached = outcome not in NOT_REACHED
    party = NOT_REACHED.get(outcome, PartyReached.DEBTOR)
    note_contact(
        follow_up.customer_id,
        right_party=reached,
        attitude=ATTITUDE.get(outcome),
        by=by,
        now=now,
    )
    if reached and contact.phone_id:
        note_reached_at(contact.phone_id, now=now)
    note_outcome(contact, reached=reached, party=party, by=by, now=now)


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


def _put_aside_the_number(follow_up: FollowUp, *, by: User, now: datetime) -> Then | None:
    """Take the dialled number out of use. Returns the case's next step when there is another number to call."""
    dialled = _dialled(follow_up)
    if dialled is None:
        _stop_every_number(follow_up, by=by, now=now)
        return None
    return CALL_THE_OTHER_NUMBER if report_wrong_number(dialled, by=by, now=now) else None


def _dialled(follow_up: FollowUp) -> Phone | None:
    """The number the call was made to; for a call that did not keep it, the customer's only one, if it is the only."""
    kept: Phone | None = follow_up.contact.phone if follow_up.contact else None
    if kept is not None:
        return kept
    possible = list(Phone.objects.to_call().filter(customer=follow_up.customer_id)[:2])
    return possible[0] if len(possible) == 1 else None


def _stop_every_number(follow_up: FollowUp, *, by: User, now: datetime) -> None:
    """Nobody kept which of several numbers was dialled, and whoever has it is not to hear from us again."""
    enter_restriction(
        customer=follow_up.customer,
        kind=RestrictionKind.DO_NOT_CONTACT,
        channels=(Channel.CALL, Channel.SMS),
        starts_at=now,
        ends_at=None,
        evidence=f"follow-up {follow_up.pk}: {Outcome.WRONG_NUMBER.label}",
        evidence_kind=EvidenceKind.OWN_RECORD,
        by=by,
        now=now,
    )
