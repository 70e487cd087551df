from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from compliance import gate
from compliance.gate import Ask, Channel, Purpose
from compliance.models import ContactOutcome
from compliance.outcomes import AlreadyNoted, Contradicts, note_outcome
from compliance.parties import PartyReached
from tests.accounts.factories import UserFactory, overdue_case
from tests.followups.factories import TEN


@pytest.fixture
def agent(db):
    return UserFactory()


@pytest.fixture
def contact(agent, database_clock):
    database_clock(TEN)
    case = overdue_case(now=TEN)
    ask = Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, at=TEN, until=TEN)
    with gate.clearance(ask, by=agent, now=TEN) as clearance:
        return gate.make_contact(clearance, by=agent, now=TEN)


def test_what_came_of_a_contact_is_kept_with_whoever_told_it(contact, agent):
    later = TEN + timedelta(minutes=3)

    note_outcome(contact, reached=True, party=PartyReached.DEBTOR, by=agent, now=later)

    kept = ContactOutcome.objects.get(contact=contact)
    assert (kept.reached, kept.party_reached, kept.refused_further) == (True, "DEBTOR", False)
    assert (kept.noted_at, kept.noted_by) == (later, agent)


def test_it_is_told_once(contact, agent):
    note_outcome(contact, reached=False, party=PartyReached.NOBODY, by=agent, now=TEN)

    with pytest.raises(AlreadyNoted):
        note_outcome(contact, reached=True, party=PartyReached.DEBTOR, by=agent, now=TEN)

    assert not ContactOutcome.objects.get().reached


@pytest.mark.parametrize(
    ("reached", "party", "refused"),
    [
        (True, PartyReached.NOBODY, False),
        (True, PartyReached.STRANGER, False),
        (False, PartyReached.NOBODY, True),
    ],
)
def test_what_cannot_be_is_refused_by_the_code_and_by_the_database(contact, agent, reached, party, refused):
    with pytest.raises(Contradicts):
        note_outcome(contact, reached=reached, party=party, refused_further=refused, by=agent, now=TEN)
    with pytest.raises(IntegrityError, match="outcome_"):
        ContactOutcome.objects.create(
            contact=contact,
            reached=reached,
            party_reached=party,
            refused_further=refused,
            noted_at=TEN,
            noted_by=agent,
        )


def test_an_unknown_party_is_refused_by_the_database(contact, agent):
    with pytest.raises(IntegrityError, match="outcome_party_is_known"):
        ContactOutcome.objects.create(
            contact=contact, reached=True, party_reached="NEIGHBOUR", noted_at=TEN, noted_by=agent
        )


def test_raw_sql_does_not_change_it(contact, agent):
    note_outcome(contact, reached=False, party=PartyReached.NOBODY, by=agent, now=TEN)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE compliance_contactoutcome SET reached = true")
