"""Asking a contact person how the customer can be reached: when, once, and what comes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from accounts.contact_people import note_refusal, withdraw_contact_person
from accounts.models import Case, ContactPerson, Phone
from accounts.models.cases import NextAction
from accounts.phones import BadNumber, report_wrong_number
from compliance import gate
from compliance.gate import Refused
from compliance.models import Contact, ContactOutcome, Disclosure
from compliance.outcomes import note_outcome
from compliance.parties import NOT_REACHED, PartyReached
from compliance.restrictions import enter_restriction
from compliance.special_care import EFFECTS
from compliance.terms import RestrictionKind
from compliance.verdicts import judge_all
from followups.actions import complete
from followups.models import FollowUp
from followups.models.actions import FollowUpStatus, Outcome
from followups.searching import THEN, finish_search, plan_search, search_call, why_not
from followups.worklist import queue_follow_ups
from tests.accounts.factories import ContactPersonFactory, UserFactory
from tests.followups.factories import DAY, TEN, TODAY, case_with, close, system
from tests.visits.racing import at_once
from visits.transitions import NotAllowed

NO_CONTACT = (NotAllowed, Refused)


@pytest.fixture
def ten_o_clock(db, database_clock):
    database_clock(TEN)
    return database_clock


def out_of_reach(**facts):
    """A case whose customer's only mobile was found to be somebody else's."""
    case = case_with(NextAction.VERIFY, **facts)
    report_wrong_number(case.customer.phones.get(), by=system(), now=TEN)
    return Case.objects.get(pk=case.pk)


def person_of(case, **facts):
    return ContactPersonFactory(customer=case.customer, **facts)


def planned(case=None, person=None):
    case = case or out_of_reach()
    return plan_search(case, person or person_of(case), by=system(), now=TEN)


def called(**facts):
    row = planned(**facts)
    search_call(row, by=system(), now=TEN)
    return row


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


@pytest.mark.usefixtures("ten_o_clock")
class TestPlanning:
    def test_the_case_goes_on_with_asking_today(self):
        case, by = out_of_reach(), UserFactory()
        person = person_of(case)

        row = plan_search(case, person, by=by, now=TEN)

        assert (row.kind, row.purpose, row.contact_person, row.due_on) == (
            "CONTACT_SEARCH",
            "CONTACT_SEARCH",
            person,
            TODAY,
        )
        assert row.created_by == by
        assert as_it_is(case).next_action == NextAction.CONTACT_SEARCH

    def test_as_long_as_the_customer_can_be_reached_nobody_is_asked(self):
        case = case_with(NextAction.CALL)
        person = person_of(case)

        with pytest.raises(NotAllowed, match="can still be called|仍可"):
            plan_search(case, person, by=system(), now=TEN)

        assert why_not([person], now=TEN)[person]
        assert not FollowUp.objects.exists()

    def test_a_guarantor_is_not_asked_this_way(self):
        case = out_of_reach()

        with pytest.raises(NotAllowed):
            planned(case, person_of(case, role="GUARANTOR"))

    def test_nor_is_anybody_about_another_customer(self):
        case = out_of_reach()

        with pytest.raises(NotAllowed):
            planned(case, ContactPersonFactory())

    def test_what_else_was_to_be_done_gives_way_and_does_not_come_back(self):
        case = out_of_reach()
        Case.objects.filter(pk=case.pk).update(next_action=NextAction.CALL, next_action_on=TODAY)
        queue_follow_ups(by=system(), now=TEN)
        other = FollowUp.objects.get()

        row = planned(as_it_is(case))
        queue_follow_ups(by=system(), now=TEN + timedelta(minutes=1))

        assert (as_it_is(other).status, as_it_is(other).outcome) == ("CANCELLED", "OVERTAKEN")
        assert list(FollowUp.objects.open()) == [row]

    def test_a_call_that_waits_for_its_outcome_comes_first(self):
        row = called()

        with pytest.raises(NotAllowed):
            planned(row.case, person_of(row.case))

    def test_a_closed_case_asks_nobody(self):
        case = out_of_reach()
        close(case)

        with pytest.raises(NotAllowed):
            planned(case)

    def test_the_tick_never_chooses_whom_to_ask(self):
        case = out_of_reach()
        Case.objects.filter(pk=case.pk).update(next_action=NextAction.CONTACT_SEARCH, next_action_on=TODAY)

        assert queue_follow_ups(by=system(), now=TEN) == 0

    @pytest.mark.parametrize(
        "change",
        [{"contact_person": None}, {"purpose": "FOLLOW_UP_CALL"}, {"kind": "CALL"}],
    )
    def test_the_database_knows_a_search_by_its_person(self, change):
        row = planned()

        with pytest.raises(IntegrityError, match="search_is_of_a_contact_person"):
            FollowUp.objects.filter(pk=row.pk).update(**change)

    def test_the_database_refuses_somebody_of_another_customer(self):
        row = planned()

        with pytest.raises(IntegrityError, match="follow_up_contact_person_of_customer"):
            FollowUp.objects.filter(pk=row.pk).update(contact_person=ContactPersonFactory())


@pytest.mark.usefixtures("ten_o_clock")
class TestCall:
    def test_it_is_cleared_for_the_person_and_the_number_shown_on_record(self):
        row, agent = planned(), UserFactory()

        number = search_call(row, by=agent, now=TEN)

        contact = as_it_is(row).contact
        assert number == row.contact_person.unseal_number()
        assert (contact.channel, contact.purpose, contact.party) == (
            "CALL",
            "CONTACT_SEARCH",
            "CONTACT_PERSON",
        )
        assert (contact.contact_person, contact.made_by, contact.phone) == (row.contact_person, agent, None)
        shown = Disclosure.objects.get()
        assert (shown.customer, shown.field, shown.by) == (row.customer, "contact_person.number", agent)
        assert str(contact.clearance_id) in shown.reason
        assert number not in shown.reason

    def test_at_night_nobody_is_called_and_no_number_shown(self, ten_o_clock):
        row, night = planned(), TEN.replace(hour=21)
        ten_o_clock(night)

        with pytest.raises(Refused):
            search_call(row, by=system(), now=night)

        assert not Disclosure.objects.exists()
        assert as_it_is(row).contact is None

    def test_one_search_is_one_call(self):
        row = called()

        with pytest.raises(NO_CONTACT):
            search_call(as_it_is(row), by=system(), now=TEN + timedelta(seconds=30))

        assert Contact.objects.count() == Disclosure.objects.count() == 1

    def test_conditions_are_asked_again_when_the_call_is_made(self):
        row = planned()
        Phone.objects.filter(customer=row.customer).update(invalid_at=None, withdrawn_at=None)

        with pytest.raises(NO_CONTACT):
            search_call(row, by=system(), now=TEN)

        assert not Contact.objects.exists()
        assert not Disclosure.objects.exists()

    def test_whoever_refused_meanwhile_is_not_called(self):
        row = planned()
        note_refusal(row.contact_person, by=system(), now=TEN)

        with pytest.raises(NO_CONTACT):
            search_call(as_it_is(row), by=system(), now=TEN)

        assert not Disclosure.objects.exists()

    def test_an_ordinary_call_is_not_made_this_way(self):
        case = case_with(NextAction.CALL)
        queue_follow_ups(by=system(), now=TEN)

        with pytest.raises(NotAllowed):
            search_call(FollowUp.objects.get(case=case), by=system(), now=TEN)

    def test_it_is_not_done_without_the_call(self):
        row = planned()

        with pytest.raises(NotAllowed):
            complete(row, outcome=Outcome.NOTHING_NOW, by=system(), now=TEN)
        with pytest.raises(NotAllowed):
            finish_search(row, outcome=Outcome.DOES_NOT_KNOW, by=system(), now=TEN)


@pytest.mark.usefixtures("ten_o_clock")
class TestWhoCannotAnswer:
    @pytest.mark.parametrize("kind", [RestrictionKind.DECEASED, RestrictionKind.INCAPACITY])
    def test_somebody_is_asked_about_a_customer_who_died_or_cannot_decide(self, kind):
        case = case_with(NextAction.CALL)
        restricted(case, kind)

        row = planned(as_it_is(case))

        assert search_call(row, by=system(), now=TEN) == row.contact_person.unseal_number()

    @pytest.mark.parametrize(
        "kind", [RestrictionKind.DO_NOT_CONTACT, RestrictionKind.POLICE_ORDER, RestrictionKind.SELF_HARM]
    )
    def test_any_other_stop_of_contact_stops_the_search_too(self, kind):
        case = out_of_reach()
        restricted(case, kind)

        with pytest.raises(Refused):
            search_call(planned(case), by=system(), now=TEN)

    def test_a_stop_calls_off_the_search_that_waits(self):
        row = planned()

        restricted(row.case, RestrictionKind.DO_NOT_CONTACT)

        assert (as_it_is(row).status, as_it_is(row).outcome) == ("CANCELLED", "OVERTAKEN")
        assert as_it_is(row.case).next_action == NextAction.SUPERVISOR


def restricted(case, kind):
    enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=TEN,
        ends_at=TEN + 30 * DAY if kind == RestrictionKind.POLICE_ORDER else None,
        evidence="letter",
        evidence_kind=EFFECTS[kind].proof[0],
        by=system(),
        now=TEN,
    )


@pytest.mark.usefixtures("ten_o_clock")
class TestOutcome:
    @pytest.mark.parametrize("outcome", sorted(THEN))
    def test_every_outcome_gives_the_case_its_next_step(self, outcome):
        row = called()
        number = "13812345678" if outcome == Outcome.GAVE_DETAILS else ""

        finish_search(row, outcome=outcome, note="in the evening", number=number, by=system(), now=TEN)

        done, case, then = as_it_is(row), as_it_is(row.case), THEN[outcome]
        assert (done.status, done.outcome, done.note) == (FollowUpStatus.DONE, outcome, "in the evening")
        assert (case.next_action, case.next_action_on) == (then.action, TODAY + then.days * DAY)

    @pytest.mark.parametrize(
        ("outcome", "reached", "party", "refused"),
        [
            (Outcome.DOES_NOT_KNOW, True, "CONTACT_PERSON", False),
            (Outcome.OFFERS_TO_PAY, True, "CONTACT_PERSON", False),
            (Outcome.REFUSES_CONTACT, True, "CONTACT_PERSON", True),
            (Outcome.NO_ANSWER, False, "NOBODY", False),
            (Outcome.WRONG_NUMBER, False, "STRANGER", False),
        ],
    )
    def test_the_gate_hears_of_it(self, outcome, reached, party, refused):
        row = called()

        finish_search(row, outcome=outcome, by=system(), now=TEN)

        kept = ContactOutcome.objects.get(contact=row.contact)
        assert (kept.reached, kept.party_reached, kept.refused_further) == (reached, party, refused)

    def test_a_number_that_was_given_is_kept_unverified_and_is_called_next(self):
        row = called()

        finish_search(row, outcome=Outcome.GAVE_DETAILS, number="138 1234 5678", by=system(), now=TEN)

        phone = Phone.objects.to_call().get(customer=row.customer)
        assert (phone.origin, phone.number_masked, phone.last_reached_at) == (
            "CONTACT_PERSON",
            "+86138****5678",
            None,
        )
        assert not Phone.objects.own_mobiles().filter(customer=row.customer).exists()

    @pytest.mark.parametrize(
        ("outcome", "number"),
        [
            (Outcome.GAVE_DETAILS, ""),
            (Outcome.GAVE_DETAILS, "123"),
            (Outcome.GAVE_DETAILS, "0472-5100100"),
            (Outcome.DOES_NOT_KNOW, "13812345678"),
        ],
    )
    def test_a_number_that_cannot_be_kept_leaves_the_call_open(self, outcome, number):
        row = called()

        with pytest.raises(BadNumber):
            finish_search(row, outcome=outcome, number=number, by=system(), now=TEN)

        assert as_it_is(row).status == FollowUpStatus.OPEN
        assert not ContactOutcome.objects.filter(contact=row.contact).exists()

    def test_a_refusal_is_for_ever_also_under_another_customer(self):
        row = called()
        number = row.contact_person.unseal_number()
        twin_of_another = ContactPersonFactory(number=number)

        finish_search(row, outcome=Outcome.REFUSES_CONTACT, by=system(), now=TEN)

        later = TEN + 3650 * DAY
        assert as_it_is(row.contact_person).refused_at == as_it_is(twin_of_another).refused_at == TEN
        other = out_of_reach()
        named_later = person_of(other, number=number)
        assert any(
            "for ever" in one or "永久" in one for one in why_not([named_later], now=later)[named_later]
        )
        with pytest.raises(NotAllowed):
            plan_search(other, named_later, by=system(), now=TEN)

    def test_once_asked_nobody_is_asked_again(self):
        row = called()
        finish_search(row, outcome=Outcome.DOES_NOT_KNOW, by=system(), now=TEN)

        with pytest.raises(NotAllowed, match="once|一次"):
            planned(as_it_is(row.case), row.contact_person)

    def test_who_did_not_answer_is_called_once_more(self, ten_o_clock):
        row, later = called(), TEN + timedelta(hours=5)
        finish_search(row, outcome=Outcome.NO_ANSWER, by=system(), now=TEN)
        ten_o_clock(later)
        again = plan_search(as_it_is(row.case), row.contact_person, by=system(), now=later)
        search_call(again, by=system(), now=later)
        finish_search(again, outcome=Outcome.NO_ANSWER, by=system(), now=later)

        with pytest.raises(NotAllowed, match="twice|两次"):
            plan_search(as_it_is(row.case), row.contact_person, by=system(), now=later)

    def test_a_stranger_at_the_number_withdraws_the_person(self):
        row = called()

        finish_search(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        assert as_it_is(row.contact_person).withdrawn_at == TEN
        assert not ContactPerson.objects.in_use().exists()

    def test_an_outcome_is_told_once(self):
        row = called()
        finish_search(row, outcome=Outcome.DOES_NOT_KNOW, by=system(), now=TEN)

        with pytest.raises(NotAllowed):
            finish_search(row, outcome=Outcome.REFUSES_CONTACT, by=system(), now=TEN)

        assert as_it_is(row.contact_person).refused_at is None

    @pytest.mark.parametrize("outcome", [Outcome.PROMISED, Outcome.REFUSES, Outcome.OVERTAKEN])
    def test_what_only_who_owes_can_say_is_no_outcome(self, outcome):
        with pytest.raises(NotAllowed):
            finish_search(called(), outcome=outcome, by=system(), now=TEN)


@pytest.mark.usefixtures("ten_o_clock")
class TestWall:
    """The database says so too, even when the gate says yes to everything."""

    @pytest.fixture(autouse=True)
    def gate_that_says_yes(self, monkeypatch):
        def say_yes(asks, **clocks):
            return {ask: replace(one, hits=(), stops=()) for ask, one in judge_all(asks, **clocks).items()}

        monkeypatch.setattr(gate, "judge_all", say_yes)

    def contact(self, person, *, purpose="CONTACT_SEARCH", party="CONTACT_PERSON", customer=None):
        ask = gate.Ask(
            customer or person.customer_id,
            gate.Channel.CALL,
            gate.Purpose(purpose),
            at=TEN,
            until=TEN,
            party=gate.Party(party),
            contact_person_id=person.pk if person else None,
        )
        with gate.clearance(ask, by=system(), now=TEN) as clearance:
            return gate.make_contact(clearance, by=system(), now=TEN)

    def refused(self, person, **asked):
        """The wall that stood in the way; nobody was reached."""
        made = Contact.objects.count()
        with pytest.raises(IntegrityError) as refused:
            self.contact(person, **asked)
        assert Contact.objects.count() == made
        return refused.value.__cause__.diag.constraint_name

    def test_who_may_be_asked_passes(self):
        assert self.contact(person_of(out_of_reach())).purpose == "CONTACT_SEARCH"

    @pytest.mark.parametrize("purpose", ["FOLLOW_UP_CALL", "PAYMENT_REMINDER", "COMPLAINT_ANSWER"])
    def test_only_to_search(self, purpose):
        assert self.refused(person_of(out_of_reach()), purpose=purpose) == "contact_person_is_only_asked"

    def test_never_after_a_refusal_of_anybody_with_this_number(self):
        person = person_of(out_of_reach())
        note_refusal(ContactPersonFactory(number=person.unseal_number()), by=system(), now=TEN)

        assert self.refused(person) == "contact_person_refused"

    @pytest.mark.parametrize(("outcome", "wall"), [(None, True), ("CONTACT_PERSON", True), ("NOBODY", False)])
    def test_once_unless_nobody_answered(self, outcome, wall):
        person = person_of(out_of_reach())
        made = self.contact(person)
        if outcome:
            party = PartyReached(outcome)
            note_outcome(made, reached=party not in NOT_REACHED, party=party, by=system(), now=TEN)

        if wall:
            assert self.refused(person) == "contact_person_is_asked_once"
        else:
            assert self.contact(person).pk

    def test_nobody_who_was_withdrawn(self):
        person = person_of(out_of_reach())
        withdraw_contact_person(person, by=system(), now=TEN)

        assert self.refused(person) == "contact_with_a_person_in_use"

    def test_for_whom_it_is(self):
        case = out_of_reach()

        assert self.refused(person_of(case), party="GUARANTOR") == "contact_with_whom_it_is_for"
        guarantor = person_of(case, role="GUARANTOR")
        assert self.refused(guarantor) == "contact_with_whom_it_is_for"

    def test_the_customer_is_not_asked_about_themselves(self):
        case = case_with(NextAction.REMIND)

        wall = self.refused(None, party="DEBTOR", customer=case.customer_id)

        assert wall == "nobody_is_asked_about_themselves"

    def test_a_guarantor_is_contacted_like_the_customer(self):
        guarantor = person_of(case_with(NextAction.CALL), role="GUARANTOR")

        assert (
            self.contact(guarantor, purpose="FOLLOW_UP_CALL", party="GUARANTOR").contact_person == guarantor
        )

    def test_a_third_party_is_named(self):
        case = case_with(NextAction.REMIND)

        assert self.refused(None, customer=case.customer_id) == "contact_with_a_named_person"

    def test_somebody_of_another_customer_is_nobody_of_this_one(self):
        stranger = ContactPersonFactory()

        wall = self.refused(stranger, customer=case_with(NextAction.REMIND).customer_id)

        assert wall == "contact_person_of_customer"


def test_of_two_who_search_at_once_one_calls(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
    row, agents = planned(), [UserFactory(), UserFactory()]

    answers = at_once(agents, lambda agent: search_call(as_it_is(row), by=agent, now=TEN))

    number = row.contact_person.unseal_number()
    assert [answer for answer in answers if answer == number] == [number]
    assert [isinstance(answer, NO_CONTACT) for answer in answers if answer != number] == [True]
    assert Contact.objects.filter(contact_person=row.contact_person).count() == 1
    assert Disclosure.objects.count() == 1


def test_of_two_who_plan_at_once_one_asks(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
    case = out_of_reach()
    people = [person_of(case), person_of(case)]

    answers = at_once(people, lambda person: plan_search(case, person, by=system(), now=TEN))

    assert any(isinstance(answer, FollowUp) for answer in answers)
    assert FollowUp.objects.open().count() == 1
