"""Calls to customers and to people around them, made through the gate, with what came of them."""

from compliance import gate
from compliance.gate import Ask, Channel, Party, Purpose
from compliance.outcomes import note_outcome
from compliance.parties import PartyReached
from tests.accounts.factories import UserFactory


def called(customer, at, clock, *, outcome=None):
    """A follow-up call to the customer at `at`; `outcome` is the party reached, None when nobody told."""
    return _made(Ask(customer.pk, Channel.CALL, Purpose.FOLLOW_UP_CALL, at=at, until=at), at, clock, outcome)


def searched(person, at, clock, *, outcome=None, **told):
    """A call to a contact person, asking how the customer can be reached."""
    ask = Ask(
        person.customer_id,
        Channel.CALL,
        Purpose.CONTACT_SEARCH,
        at=at,
        until=at,
        party=Party.CONTACT_PERSON,
        contact_person_id=person.pk,
    )
    return _made(ask, at, clock, outcome, **told)


def _made(ask, at, clock, outcome, **told):
    by = UserFactory()
    clock(at)
    with gate.clearance(ask, by=by, now=at) as clearance:
        contact = gate.make_contact(clearance, by=by, now=at)
    if outcome:
        reached = outcome not in (PartyReached.NOBODY, PartyReached.STRANGER)
        note_outcome(contact, reached=reached, party=outcome, by=by, now=at, **told)
    return contact
