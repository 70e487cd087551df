"""What a visit tells the gate: whether somebody was met with whom the debt may be spoken of."""

import pytest

from compliance.models import ContactOutcome
from compliance.parties import PartyReached
from tests.visits.factories import TEN, abort, finished_visit, record, visit_under_way
from visits.models.on_site import AbortReason, Party, Result
from visits.outcomes import PARTY_REACHED


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)


def outcome_of(visit):
    return ContactOutcome.objects.filter(contact=visit.start_contact).first()


@pytest.mark.parametrize(
    ("party", "result", "reached", "party_reached"),
    [
        (Party.DEBTOR, Result.PROMISE, True, PartyReached.DEBTOR),
        (Party.GUARANTOR, Result.PROMISE, True, PartyReached.GUARANTOR),
        (Party.FAMILY, Result.MESSAGE_LEFT, False, PartyReached.STRANGER),
        (Party.COLLEAGUE, Result.MESSAGE_LEFT, False, PartyReached.STRANGER),
        (Party.NEIGHBOUR, Result.MESSAGE_LEFT, False, PartyReached.STRANGER),
        (Party.NOBODY, Result.NO_CONTACT, False, PartyReached.NOBODY),
    ],
)
def test_a_visit_reached_only_who_owes(party, result, reached, party_reached):
    visit = finished_visit(party=party, result=result)

    kept = outcome_of(visit)
    assert (kept.reached, kept.party_reached) == (reached, party_reached)


def test_every_party_at_the_door_is_known_to_the_gate():
    assert set(PARTY_REACHED) == set(Party)


def test_a_locked_gate_reached_nobody():
    visit = visit_under_way()

    abort(visit, kind=AbortReason.NO_ACCESS)

    assert (outcome_of(visit).reached, outcome_of(visit).party_reached) == (False, "NOBODY")


def test_a_visit_broken_off_before_anybody_was_named_stays_without_outcome():
    visit = visit_under_way()

    abort(visit, kind=AbortReason.ASKED_TO_LEAVE)

    assert outcome_of(visit) is None


def test_a_visit_broken_off_after_its_record_tells_whom_it_met():
    visit = visit_under_way()
    record(visit, party=Party.FAMILY, result=Result.REFUSES_TO_TALK)

    abort(visit, kind=AbortReason.ASKED_TO_LEAVE)

    assert outcome_of(visit).party_reached == PartyReached.STRANGER
