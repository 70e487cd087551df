"""Asking a contact person how the customer can be reached: on the gate's conditions, once, without a word of why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.cases import CaseClosed, set_next_action
from accounts.contact_people import note_refusal, withdraw_contact_person
from accounts.models import Case, ContactPerson, User
from accounts.models.cases import NextAction, Stage
from accounts.models.contact_people import ContactRole
from accounts.phones import BadNumber, add_found_number
from compliance import gate
from compliance.disclosure import disclose_contact_person
from compliance.gate import Ask, Channel, Party, Purpose
from compliance.outcomes import note_outcome
from compliance.parties import NOT_REACHED, PartyReached
from compliance.restrictions import hold
from compliance.third_parties import third_party_facts
from compliance.third_party_conditions import unmet_conditions
from compliance.third_party_wording import sentence
from followups.actions import Then, close
from followups.days import local_date
from followups.models import FollowUp
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from visits.life import NotAllowed

# What the case goes on with, and after how many days.
THEN: dict[Outcome, Then] = {
    Outcome.GAVE_DETAILS: Then(NextAction.CALL, 1),
    Outcome.WILL_PASS_ON: Then(NextAction.SUPERVISOR, 3),
    Outcome.DOES_NOT_KNOW: Then(NextAction.SUPERVISOR, 1),
    Outcome.REFUSES_CONTACT: Then(NextAction.SUPERVISOR, 1),
    Outcome.OFFERS_TO_PAY: Then(NextAction.AWAIT_PAYMENT, 5),
    Outcome.NO_ANSWER: Then(NextAction.SUPERVISOR, 1),
    Outcome.WRONG_NUMBER: Then(NextAction.SUPERVISOR, 1),
}

REACHED: dict[Outcome, PartyReached] = {
    Outcome.NO_ANSWER: PartyReached.NOBODY,
    Outcome.WRONG_NUMBER: PartyReached.STRANGER,
}


def why_not(people: list[ContactPerson], *, now: datetime) -> dict[ContactPerson, tuple[str, ...]]:
    """For each contact person the reasons not to ask them now; none: they may be asked. A constant number of queries."""
    facts = third_party_facts({str(person.pk) for person in people})
    return {
        person: tuple(
            sentence(failure)
            for failure in unmet_conditions(facts[str(person.pk)], purpose=Purpose.CONTACT_SEARCH, at=now)
        )
        for person in people
    }


@transaction.atomic
def plan_search(case: Case, person: ContactPerson, *, by: User, now: datetime) -> FollowUp:
    """Decide that a contact person is asked today. What else was to be done on the case gives way.

    Raises NotAllowed: for a guarantor, a closed case, a call that waits for its outcome, and as long as the
    conditions are not met.
    """
    if person.customer_id != case.customer_id or person.role != ContactRole.CONTACT:
        raise NotAllowed(gettext("Choose a contact person of this customer."))
    hold(case.customer_id)
    _ensure_may_be_asked(person, now=now)
    waiting = FollowUp.objects.open().filter(case=case)
    if waiting.filter(contact__isnull=False).exists():
        raise NotAllowed(gettext("A call on this case waits for its outcome. Say first what came of it."))
    waiting.update(status=FollowUpStatus.CANCELLED, outcome=Outcome.OVERTAKEN, done_at=now, done_by=by)
    today = local_date(now, zone=case.branch.time_zone)
    try:
        set_next_action(
            case.pk, action=NextAction.CONTACT_SEARCH, on=today, stage=Stage.FOLLOW_UP, by=by, now=now
        )
    except CaseClosed as closed:
        raise NotAllowed(gettext("This case is closed.")) from closed
    planned: FollowUp = FollowUp.objects.create(
        case=case,
        customer_id=case.customer_id,
        kind=FollowUpKind.CONTACT_SEARCH,
        purpose=Purpose.CONTACT_SEARCH,
        contact_person=person,
        due_on=today,
        created_at=now,
        created_by=by,
    )
    return planned


def search_call(follow_up: FollowUp, *, by: User, now: datetime) -> str:
    """Clear one call to the contact person and return the number (E.164) to dial within the minute.

    The contact counts from here on; showing the number is a disclosure. Raises NotAllowed and
    `compliance.gate.Refused`.
    """
    person = follow_up.contact_person
    if follow_up.kind != FollowUpKind.CONTACT_SEARCH or person is None:
        raise NotAllowed(gettext("This follow-up is not about asking a contact person."))
    ask = Ask(
        follow_up.customer_id,
        Channel.CALL,
        Purpose.CONTACT_SEARCH,
        at=now,
        until=now,
        party=Party.CONTACT_PERSON,
        contact_person_id=person.pk,
    )
    with gate.clearance(ask, by=by, now=now) as clearance:
        # asked again with the customer locked: of two who call at once the second finds the first one's call
        _ensure_may_be_asked(person, now=now)
        contact = gate.make_contact(clearance, by=by, now=now)
        waiting = FollowUp.objects.open().filter(pk=follow_up.pk, contact__isnull=True)
        if not waiting.update(contact=contact):
            raise NotAllowed(gettext("This call was made already, or is no longer wanted."))
        follow_up.contact = contact
        return disclose_contact_person(person, clearance=clearance, by=by, now=now)


def _ensure_may_be_asked(person: ContactPerson, *, now: datetime) -> None:
    reasons = why_not([person], now=now)[person]
    if reasons:
        raise NotAllowed(" ".join(reasons))


@transaction.atomic
def finish_search(
    follow_up: FollowUp, *, outcome: Outcome, note: str = "", number: str = "", by: User, now: datetime
) -> None:
    """Say what came of asking. `number` is the customer's, as the contact person gave it; it is kept unverified.

    A refusal is for ever; a wrong number withdraws the person. Raises NotAllowed, and `accounts.phones.BadNumber`
    when the number cannot be kept: then nothing is written.
    """
    contact, person = follow_up.contact, follow_up.contact_person
    if contact is None or person is None:
        raise NotAllowed(gettext("Make the call first, then say what came of it."))
    if outcome not in THEN:
        raise NotAllowed(gettext("Choose what came of it."))
    _check_number(outcome, number)
    hold(follow_up.customer_id)
    close(
        follow_up, status=FollowUpStatus.DONE, outcome=outcome, note=note, by=by, now=now, then=THEN[outcome]
    )
    party = REACHED.get(outcome, PartyReached.CONTACT_PERSON)
    refused = outcome == Outcome.REFUSES_CONTACT
    if refused:
        note_refusal(person, by=by, now=now)
    if outcome == Outcome.WRONG_NUMBER and person.withdrawn_at is None:
        withdraw_contact_person(person, by=by, now=now)
    if number:
        add_found_number(customer=follow_up.customer, country=person.country, number=number, now=now)
    note_outcome(
        contact, reached=party not in NOT_REACHED, party=party, refused_further=refused, by=by, now=now
    )


def _check_number(outcome: Outcome, number: str) -> None:
    if outcome == Outcome.GAVE_DETAILS and not number:
        raise BadNumber(gettext("Enter the number that was given, or choose another outcome."))
    if outcome != Outcome.GAVE_DETAILS and number:
        raise BadNumber(gettext("A number is kept only when the contact person gave it."))
