"""What the gate is told of contact people and guarantors, for one of them or for many."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.contact_people import note_refusal, withdraw_contact_person
from accounts.phones import add_found_number, report_wrong_number
from compliance.parties import PartyReached
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from compliance.third_parties import third_party_facts
from compliance.third_party_conditions import SEARCH, unmet_conditions
from tests.accounts.factories import (
    ContactPersonFactory,
    CustomerFactory,
    PhoneFactory,
    UserFactory,
    overdue_case,
)
from tests.compliance.calls import called, searched

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOBODY, STRANGER, DEBTOR = PartyReached.NOBODY, PartyReached.STRANGER, PartyReached.DEBTOR
PERSON = PartyReached.CONTACT_PERSON


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def case(db, database_clock):
    database_clock(at(17, 9))
    return overdue_case(now=at(17, 8))


@pytest.fixture
def person(case):
    return ContactPersonFactory(customer=case.customer)


def of(person):
    return third_party_facts({str(person.pk)})[str(person.pk)]


def unmet(person, when=None):
    return [one.rule for one in unmet_conditions(of(person), purpose=SEARCH, at=when or at(20, 10))]


def number_found_wrong(customer, when=None):
    report_wrong_number(customer.phones.first(), by=UserFactory(), now=when or at(17, 9))


class TestWho:
    def test_a_contact_person(self, person):
        facts = of(person)

        assert (facts.role, facts.origin, facts.has_contract) == ("CONTACT", "APPLICATION", False)
        assert (facts.withdrawn, facts.refused, facts.conversations, facts.attempts) == (False, False, 0, 0)
        assert facts.zones == facts.customer_zones == ("Asia/Shanghai",)

    def test_a_guarantor_with_a_contract(self, case):
        facts = of(ContactPersonFactory(customer=case.customer, role="GUARANTOR"))

        assert (facts.role, facts.origin, facts.has_contract) == ("GUARANTOR", "GUARANTEE", True)

    @pytest.mark.parametrize(
        ("country", "told", "zones"),
        [
            ("CN", [], ("Asia/Shanghai",)),
            ("CN", ["Asia/Urumqi"], ("Asia/Urumqi",)),
            ("US", [], ()),
            ("US", ["America/Chicago"], ("America/Chicago",)),
            ("HK", [], ()),
        ],
    )
    def test_the_zone_is_their_own_or_unknown(self, case, country, told, zones):
        person = ContactPersonFactory(customer=case.customer, country=country, time_zones=told)

        assert of(person).zones == zones

    def test_one_who_was_withdrawn(self, person):
        withdraw_contact_person(person, by=UserFactory(), now=at(18, 9))

        assert unmet(person) == ["TP-SOURCE", "TP-GATE"]

    def test_nobody_is_asked_about_nobody(self, db):
        with CaptureQueriesContext(connection) as queries:
            assert third_party_facts(set()) == {}
        assert len(queries) == 0
        assert third_party_facts({"00000000-0000-0000-0000-000000000000"}) == {}


class TestOwnMobile:
    def test_in_use(self, person):
        assert (of(person).own_mobile_in_use, of(person).own_mobile_wrong) == (True, False)

    def test_found_wrong_without_another(self, person):
        number_found_wrong(person.customer)

        assert (of(person).own_mobile_in_use, of(person).own_mobile_wrong) == (False, True)
        assert unmet(person) == []

    def test_found_wrong_beside_another(self, person):
        PhoneFactory(customer=person.customer)
        number_found_wrong(person.customer)

        assert unmet(person) == ["TP-GATE"]

    def test_a_number_just_found_is_called_before_anybody_is_asked_again(self, person):
        number_found_wrong(person.customer)
        add_found_number(customer=person.customer, country="CN", number="13812345678", now=at(18, 9))

        assert unmet(person) == ["TP-GATE"]

    def test_merely_withdrawn_by_the_bank_is_not_found_wrong(self, person):
        person.customer.phones.update(withdrawn_at=at(17, 9))

        assert unmet(person) == ["TP-GATE"]


class TestFailures:
    @pytest.mark.parametrize(
        ("calls", "failures", "expected"),
        [
            ([], 0, ["TP-GATE"]),
            ([(at(17, 9), NOBODY), (at(18, 9), NOBODY)], 2, ["TP-GATE"]),
            ([(at(17, 9), NOBODY), (at(17, 12), NOBODY), (at(17, 15), NOBODY)], 3, ["TP-GATE"]),
            ([(at(17, 9), NOBODY), (at(17, 12), NOBODY), (at(18, 9), NOBODY)], 3, []),
            # somebody else on the line is not the customer
            ([(at(17, 9), NOBODY), (at(17, 12), STRANGER), (at(18, 9), NOBODY)], 3, []),
            # a success in between begins a new run
            (
                [(at(17, 9), NOBODY), (at(17, 12), DEBTOR), (at(18, 15), NOBODY), (at(19, 9), NOBODY)],
                2,
                ["TP-GATE"],
            ),
            # so does a call of which nobody told what came
            (
                [(at(17, 9), NOBODY), (at(17, 12), None), (at(18, 15), NOBODY), (at(19, 9), NOBODY)],
                2,
                ["TP-GATE"],
            ),
            (
                [(at(17, 9), NOBODY), (at(17, 12), NOBODY), (at(18, 9), NOBODY), (at(19, 9), None)],
                0,
                ["TP-GATE"],
            ),
        ],
    )
    def test_the_run_since_the_customer_was_last_reached(
        self, person, database_clock, calls, failures, expected
    ):
        for when, outcome in calls:
            called(person.customer, when, database_clock, outcome=outcome)

        assert len(of(person).failures) == failures
        assert unmet(person) == expected

    def test_newest_first(self, person, database_clock):
        for when in (at(17, 9), at(17, 12), at(18, 9)):
            called(person.customer, when, database_clock, outcome=NOBODY)

        assert of(person).failures == (at(18, 9), at(17, 12), at(17, 9))

    def test_who_was_reached_as_another_customer_of_the_bank_is_within_reach(self, person, database_clock):
        same = person.customer.unseal_identity_number()
        twin = overdue_case(now=at(17, 8), identity_number=same).customer
        assert bytes(twin.identity_number_index) == bytes(person.customer.identity_number_index)
        called(person.customer, at(17, 9), database_clock, outcome=NOBODY)
        called(twin, at(18, 9), database_clock, outcome=DEBTOR)

        assert of(person).failures == ()

    def test_calls_to_others_do_not_count(self, person, database_clock):
        other = overdue_case(now=at(17, 8), identity_number="150203199001011234").customer
        for when in (at(17, 9), at(17, 12), at(18, 9)):
            called(other, when, database_clock, outcome=NOBODY)

        assert of(person).failures == ()


class TestUnable:
    @pytest.mark.parametrize("kind", [RestrictionKind.DECEASED, RestrictionKind.INCAPACITY])
    def test_death_and_incapacity_open_the_search(self, person, kind):
        restrict(person.customer, kind)

        assert unmet(person) == []

    def test_an_illness_does_not(self, person):
        restrict(person.customer, RestrictionKind.HOSPITAL)

        assert unmet(person) == ["TP-GATE"]


def restrict(customer, kind):
    return enter_restriction(
        customer=customer,
        kind=kind,
        channels=[],
        starts_at=at(17, 9),
        ends_at=None,
        evidence="letter",
        by=UserFactory(),
        now=at(17, 9),
    )


class TestOnce:
    @pytest.fixture(autouse=True)
    def out_of_reach(self, case):
        number_found_wrong(case.customer)

    @pytest.mark.parametrize(
        ("outcome", "conversations"), [(PERSON, 1), (STRANGER, 1), (None, 1), (NOBODY, 0)]
    )
    def test_a_call_counts_as_a_conversation_unless_nobody_answered(
        self, person, database_clock, outcome, conversations
    ):
        searched(person, at(18, 10), database_clock, outcome=outcome)

        assert (of(person).conversations, of(person).attempts) == (conversations, 1)
        assert unmet(person) == (["FRQ-THIRD"] if conversations else [])

    def test_another_row_of_the_same_person_was_asked_too(self, person, database_clock):
        searched(person, at(18, 10), database_clock, outcome=PERSON)
        twice = ContactPersonFactory(customer=person.customer, name=f" {person.name[0]} {person.name[1:]}")

        assert unmet(twice) == ["FRQ-THIRD"]

    def test_also_after_being_withdrawn_and_named_anew(self, person, database_clock):
        searched(person, at(18, 10), database_clock, outcome=PERSON)
        withdraw_contact_person(person, by=UserFactory(), now=at(18, 11))
        number = person.unseal_number()
        anew = ContactPersonFactory(customer=person.customer, name="另名", number=number)

        assert unmet(anew) == ["FRQ-THIRD"]

    def test_about_another_customer_they_may_be_asked_once_again(self, person, database_clock):
        searched(person, at(18, 10), database_clock, outcome=PERSON)
        other = overdue_case(now=at(17, 8)).customer
        number_found_wrong(other)

        assert unmet(ContactPersonFactory(customer=other, number=person.unseal_number())) == []

    def test_a_search_is_no_failure_to_reach_the_customer(self, person, database_clock):
        searched(person, at(18, 10), database_clock, outcome=NOBODY)

        assert of(person).failures == ()


class TestRefusal:
    @pytest.fixture(autouse=True)
    def out_of_reach(self, case):
        number_found_wrong(case.customer)

    def test_told_in_the_call(self, person, database_clock):
        searched(person, at(18, 10), database_clock, outcome=PERSON, refused_further=True)

        assert unmet(person) == ["TP-REFUSED", "FRQ-THIRD"]

    def test_told_in_any_other_way(self, person):
        note_refusal(person, by=UserFactory(), now=at(18, 10))

        assert unmet(person) == ["TP-REFUSED"]

    @pytest.mark.parametrize("named", ["before", "after"])
    def test_it_holds_for_the_number_under_another_customer(self, person, database_clock, named):
        other = CustomerFactory()
        number = person.unseal_number()
        PhoneFactory(customer=other)
        number_found_wrong(other)
        twin = ContactPersonFactory(customer=other, number=number) if named == "before" else None
        searched(person, at(18, 10), database_clock, outcome=PERSON, refused_further=True)
        twin = twin or ContactPersonFactory(customer=other, number=number)

        assert "TP-REFUSED" in unmet(twin)

    @pytest.mark.parametrize("named", ["before", "after"])
    def test_it_holds_for_the_person_under_another_number(self, person, named):
        twin = ContactPersonFactory(customer=person.customer, name=person.name) if named == "before" else None
        note_refusal(person, by=UserFactory(), now=at(18, 10))
        twin = twin or ContactPersonFactory(customer=person.customer, name=person.name)

        assert "TP-REFUSED" in unmet(twin)

    def test_somebody_else_of_the_same_name_with_another_customer_did_not_refuse(self, person):
        note_refusal(person, by=UserFactory(), now=at(18, 10))

        assert not of(ContactPersonFactory(name=person.name)).refused


def test_many_take_as_many_queries_as_one(case, person):
    def count(people):
        with CaptureQueriesContext(connection) as queries:
            found = third_party_facts({str(one.pk) for one in people})
        assert len(found) == len(people)
        return len(queries)

    many = [ContactPersonFactory(customer=overdue_case(now=at(17, 8)).customer) for _number in range(8)]

    assert count([person]) == count([person, *many]) == 5
