from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Case, User
from risk import behaviour
from risk.models import Animal, Attitude, BehaviourFacts, IncidentKind
from tests.accounts.factories import CaseFactory, CustomerFactory

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db

NOTES = {
    "contact": lambda who, **edge: behaviour.note_contact(who, right_party=True, attitude=None, **edge),
    "promises": lambda who, **edge: behaviour.note_promises(who, kept=1, broken=0, **edge),
    "promises of many": lambda who, **edge: behaviour.note_promises_of_many({who: (1, 0)}, **edge),
    "incident": lambda who, **edge: behaviour.note_incident(who, kind=IncidentKind.VERBAL, **edge),
    "surroundings": lambda who, **edge: behaviour.note_surroundings(who, animal=Animal.NONE, **edge),
}


@pytest.fixture
def by():
    return User.objects.system()


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_every_note_marks_the_open_case_and_says_who_and_when(note, by):
    case = CaseFactory(opened_at=NOW)

    note(case.customer_id, by=by, now=NOW)
    note(case.customer_id, by=by, now=LATER)

    assert Case.objects.get(pk=case.pk).facts_changed_at == LATER
    facts = BehaviourFacts.objects.get()
    assert (facts.customer_id, facts.updated_at, facts.updated_by) == (case.customer_id, LATER, by)


def test_a_note_leaves_what_the_others_told(by):
    who = CustomerFactory().pk
    behaviour.note_contact(who, right_party=True, attitude=Attitude.REFUSES, by=by, now=NOW)
    behaviour.note_promises(who, kept=2, broken=1, by=by, now=NOW)
    behaviour.note_incident(who, kind=IncidentKind.THREAT, by=by, now=NOW)
    behaviour.note_surroundings(who, animal=Animal.HAS_BITTEN, by=by, now=NOW)
    behaviour.note_contact(who, right_party=False, attitude=None, by=by, now=LATER)

    facts = BehaviourFacts.objects.get()

    assert (facts.promises_kept, facts.promises_broken) == (2, 1)
    assert (facts.last_right_party_contact_at, facts.failed_attempts) == (NOW, [LATER])
    assert (facts.attitude, facts.animal, facts.last_threat_at) == ("REFUSES", "HAS_BITTEN", NOW)


def test_promises_are_counted_anew_not_added(by):
    who = CustomerFactory().pk
    for kept in (1, 2):
        behaviour.note_promises(who, kept=kept, broken=0, by=by, now=NOW)

    assert BehaviourFacts.objects.get().promises_kept == 2


def test_reaching_the_customer_forgets_the_attempts_in_vain(by):
    who = CustomerFactory().pk
    behaviour.note_contact(who, right_party=False, attitude=None, by=by, now=NOW)
    behaviour.note_contact(who, right_party=True, attitude=None, by=by, now=LATER)

    facts = BehaviourFacts.objects.get()
    assert (facts.failed_attempts, facts.last_right_party_contact_at) == ([], LATER)


def test_only_the_last_ten_attempts_are_kept(by):
    who = CustomerFactory().pk
    for hour in range(12):
        behaviour.note_contact(who, right_party=False, attitude=None, by=by, now=NOW + timedelta(hours=hour))

    assert BehaviourFacts.objects.get().failed_attempts == [
        NOW + timedelta(hours=hour) for hour in range(2, 12)
    ]


@pytest.mark.parametrize("facts", [{"attitude": "ANGRY"}, {"promises_kept": 1}, {"animal": "TIGER"}])
def test_the_database_refuses_what_cannot_be(by, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        BehaviourFacts.objects.create(customer=CustomerFactory(), updated_at=NOW, updated_by=by, **facts)
