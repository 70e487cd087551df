from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from accounts.models import Case, Phone, Verification
from accounts.models.cases import NextAction
from compliance import gate
from compliance.complaints.reading import told_in
from compliance.gate import Refused
from compliance.models import Complaint, Contact, ContactOutcome, Disclosure, Refusal, Restriction
from compliance.terms import Purpose, RestrictionKind
from followups import searching
from followups.actions import THEN, cancel, complete
from followups.calls import call, finish_call
from followups.dispatch import dispatch_due
from followups.models import FollowUp
from followups.models.actions import FollowUpStatus, Outcome
from followups.models.messages import CancelReason
from followups.worklist import queue_follow_ups
from risk.models import Attitude, BehaviourFacts
from tests.accounts.factories import PhoneFactory, UserFactory
from tests.followups.factories import DAY, TEN, TODAY, Hands, case_with, close, message, system
from visits.transitions import NotAllowed

OUTCOMES = sorted(THEN)


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)
    return database_clock


def follow_up(action=NextAction.CALL, **facts):
    case = case_with(action, **facts)
    queue_follow_ups(by=system(), now=TEN)
    return FollowUp.objects.get(case=case)


def made_call(**facts):
    row = follow_up(**facts)
    call(row, by=system(), now=TEN)
    return row


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


class TestCall:
    def test_a_call_is_cleared_counted_and_the_number_shown_on_record(self):
        row, agent = follow_up(), UserFactory()

        number = call(row, by=agent, now=TEN)

        contact = as_it_is(row).contact
        assert number == row.customer.phones.get().unseal_number()
        assert (contact.channel, contact.purpose, contact.made_by) == ("CALL", "FOLLOW_UP_CALL", agent)
        shown = Disclosure.objects.get()
        assert (shown.customer, shown.by) == (row.customer, agent)
        assert str(contact.clearance_id) in shown.reason

    def test_at_night_nobody_is_called_and_no_number_shown(self, ten_o_clock):
        row, night = follow_up(), TEN.replace(hour=21)
        ten_o_clock(night)

        with pytest.raises(Refused):
            call(row, by=system(), now=night)

        assert Refusal.objects.filter(customer=row.customer).count() == 1
        assert not Disclosure.objects.exists()
        assert as_it_is(row).contact is None

    def test_one_follow_up_is_one_call(self):
        row = made_call()

        with pytest.raises((NotAllowed, Refused)):
            call(as_it_is(row), by=system(), now=TEN + timedelta(minutes=1))

        assert Contact.objects.count() == Disclosure.objects.count() == 1

    def test_only_a_call_is_called(self):
        with pytest.raises(NotAllowed):
            call(follow_up(NextAction.SUPERVISOR), by=system(), now=TEN)

    def test_only_the_customers_own_mobile_is_called(self):
        row = follow_up()
        Phone.objects.filter(customer=row.customer).update(kind="WORK")

        with pytest.raises(NotAllowed):
            call(row, by=system(), now=TEN)

        assert not Contact.objects.exists()

    def test_the_number_last_reached_comes_first(self):
        row = follow_up()
        reached = PhoneFactory(customer=row.customer, last_reached_at=TEN - DAY)

        assert call(row, by=system(), now=TEN) == reached.unseal_number()

    def test_the_contact_of_another_customer_does_not_serve(self):
        mine, other = made_call(), follow_up()

        with pytest.raises(IntegrityError, match="contact"):
            FollowUp.objects.filter(pk=other.pk).update(contact=as_it_is(mine).contact)


class TestFinishedCall:
    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_every_outcome_gives_the_case_its_next_step(self, outcome):
        row = made_call()

        finish_call(row, outcome=outcome, note="at noon", by=system(), now=TEN)

        done, case = as_it_is(row), as_it_is(row.case)
        then = THEN[outcome]
        assert (done.status, done.outcome, done.note) == (FollowUpStatus.DONE, outcome, "at noon")
        assert (done.done_at, done.done_by) == (TEN, system())
        assert (case.next_action, case.stage) == (then.action, then.stage)
        assert case.next_action_on == TODAY + then.days * DAY

    def test_without_a_call_there_is_no_outcome(self):
        with pytest.raises(NotAllowed):
            finish_call(follow_up(), outcome=Outcome.REFUSES, by=system(), now=TEN)

    def test_the_database_says_so_too(self):
        row = follow_up()

        with pytest.raises(IntegrityError, match="call_done_was_made"):
            FollowUp.objects.filter(pk=row.pk).update(
                status="DONE", outcome="REFUSES", done_at=TEN, done_by=system()
            )

    def test_an_outcome_is_told_once(self):
        row = made_call()
        finish_call(row, outcome=Outcome.PROMISED, by=system(), now=TEN)

        with pytest.raises(NotAllowed):
            finish_call(row, outcome=Outcome.REFUSES, by=system(), now=TEN)

        assert as_it_is(row).outcome == Outcome.PROMISED

    def test_what_only_the_system_says_is_no_outcome_of_a_call(self):
        with pytest.raises(NotAllowed):
            finish_call(made_call(), outcome=Outcome.OVERTAKEN, by=system(), now=TEN)

    @pytest.mark.parametrize(
        ("outcome", "reached_at", "attitude"),
        [
            (Outcome.NO_ANSWER, None, ""),
            (Outcome.WRONG_NUMBER, None, ""),
            (Outcome.PROMISED, TEN, Attitude.AGREES),
            (Outcome.REFUSES, TEN, Attitude.REFUSES),
        ],
    )
    def test_risk_hears_of_it(self, outcome, reached_at, attitude):
        row = made_call()

        finish_call(row, outcome=outcome, by=system(), now=TEN)

        facts = BehaviourFacts.objects.get(customer=row.customer)
        assert (facts.last_right_party_contact_at, facts.attitude) == (reached_at, attitude)

    @pytest.mark.parametrize(
        ("outcome", "reached", "party"),
        [
            (Outcome.NO_ANSWER, False, "NOBODY"),
            (Outcome.WRONG_NUMBER, False, "STRANGER"),
            (Outcome.REFUSES, True, "DEBTOR"),
        ],
    )
    def test_the_gate_hears_of_it(self, outcome, reached, party):
        row = made_call()

        finish_call(row, outcome=outcome, by=system(), now=TEN)

        kept = ContactOutcome.objects.get(contact=row.contact)
        assert (kept.reached, kept.party_reached) == (reached, party)

    def test_a_dispute_stops_all_contact(self):
        row = made_call()

        finish_call(row, outcome=Outcome.DISPUTE, by=system(), now=TEN)

        entered = Restriction.objects.get(customer=row.customer)
        assert (entered.kind, entered.channels, entered.ends_at) == (RestrictionKind.DISPUTE, [], None)

    def test_a_dispute_on_the_telephone_is_filed_with_what_was_said(self):
        row = made_call()

        finish_call(row, outcome=Outcome.DISPUTE, note="The fees are wrong.", by=system(), now=TEN)

        complaint = Complaint.objects.get()
        assert Restriction.objects.get().complaint_event.complaint == complaint
        assert (complaint.category, complaint.intake, complaint.contact) == (
            "AMOUNT_DISPUTED",
            "CALL",
            row.contact,
        )
        assert told_in(complaint) == "The fees are wrong."

    def test_a_case_that_closed_meanwhile_stays_closed(self):
        row = made_call()
        close(row.case)

        finish_call(row, outcome=Outcome.REFUSES, by=system(), now=TEN)

        assert as_it_is(row).status == FollowUpStatus.DONE
        assert as_it_is(row.case).next_action == ""


class TestWrongNumber:
    """Somebody else answered: that number goes out of use, and nothing else stops."""

    def test_the_number_dialled_is_kept_with_the_contact(self):
        row = made_call()

        assert as_it_is(row).contact.phone == row.customer.phones.get()

    def test_the_dialled_number_and_no_other_goes_out_of_use(self):
        row = follow_up()
        dialled = PhoneFactory(customer=row.customer, last_reached_at=TEN - DAY)
        call(row, by=system(), now=TEN)

        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        assert (as_it_is(dialled).withdrawn_at, as_it_is(dialled).invalid_at) == (TEN, TEN)
        assert Phone.objects.own_mobiles().filter(customer=row.customer).count() == 1
        assert not Restriction.objects.exists()

    def test_with_another_number_the_customer_is_called_there(self):
        row = follow_up()
        dialled = PhoneFactory(customer=row.customer, last_reached_at=TEN - DAY)
        call(row, by=system(), now=TEN)
        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)
        assert (as_it_is(row.case).next_action, as_it_is(row.case).next_action_on) == (
            NextAction.CALL,
            TODAY + DAY,
        )

        other = customer_called_again(row)

        assert other == row.customer.phones.exclude(pk=dialled.pk).get().unseal_number()

    def test_without_another_number_the_data_are_completed(self):
        row = made_call()

        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        assert not Phone.objects.in_use().filter(customer=row.customer).exists()
        assert as_it_is(row.case).next_action == NextAction.VERIFY
        assert Verification.objects.get(customer=row.customer, kind="PHONE").status == "INVALID"
        assert not Restriction.objects.exists()

    def test_nobody_is_called_at_it_again(self):
        row = made_call()
        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        with pytest.raises(NotAllowed, match="No mobile number|没有"):
            customer_called_again(row)

    def test_messages_that_wait_for_it_are_called_off(self):
        row = made_call()
        waiting = message(row.case, purpose=Purpose.PROMISE_REMINDER, due_at=TEN)
        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        hands = Hands()
        dispatch_due(gateway=hands, clock=lambda: TEN, by=system())

        assert hands.taken == []
        assert as_it_is(waiting).cancel_reason == CancelReason.PHONE_WITHDRAWN

    def test_when_nobody_kept_the_number_the_only_one_is_meant(self):
        row = unkept_call()

        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        assert as_it_is(row.customer.phones.get()).invalid_at == TEN

    def test_when_nobody_kept_which_of_several_calls_and_messages_stop(self):
        row = unkept_call()
        PhoneFactory(customer=row.customer)

        finish_call(row, outcome=Outcome.WRONG_NUMBER, by=system(), now=TEN)

        entered = Restriction.objects.get(customer=row.customer)
        assert (entered.kind, entered.channels) == (RestrictionKind.DO_NOT_CONTACT, ["CALL", "SMS"])
        assert not Phone.objects.filter(customer=row.customer, invalid_at__isnull=False).exists()

    def test_who_was_reached_is_reached_at_this_number(self):
        row = made_call()

        finish_call(row, outcome=Outcome.PROMISED, by=system(), now=TEN)

        assert as_it_is(row.customer.phones.get()).last_reached_at == TEN


def customer_called_again(row, *, now=TEN + DAY):
    """The number dialled for the next follow-up call on the case, a day later."""
    again = FollowUp.objects.create(
        case=row.case,
        customer=row.customer,
        kind="CALL",
        due_on=now.date(),
        created_at=now,
        created_by=system(),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [now.isoformat()])
    return call(again, by=system(), now=now)


def unkept_call():
    """A call of the time when the number dialled was not kept."""
    row = follow_up()
    ask = gate.Ask(row.customer_id, gate.Channel.CALL, gate.Purpose.FOLLOW_UP_CALL, at=TEN, until=TEN)
    with gate.clearance(ask, by=system(), now=TEN) as clearance:
        contact = gate.make_contact(clearance, by=system(), now=TEN)
    FollowUp.objects.filter(pk=row.pk).update(contact=contact)
    return as_it_is(row)


class TestOtherFollowUps:
    def test_done_gives_the_case_its_next_step(self):
        row = follow_up(NextAction.SUPERVISOR)

        complete(row, outcome=Outcome.VISIT_AGAIN, by=system(), now=TEN)

        assert as_it_is(row).status == FollowUpStatus.DONE
        assert as_it_is(row.case).next_action == NextAction.VISIT

    def test_a_call_is_not_done_without_calling(self):
        with pytest.raises(NotAllowed):
            complete(follow_up(), outcome=Outcome.NO_ANSWER, by=system(), now=TEN)

    def test_what_is_called_off_leaves_the_case_watched(self):
        row = follow_up()

        cancel(row, note="on holiday", by=system(), now=TEN)

        case = Case.objects.get(pk=row.case_id)
        assert as_it_is(row).status == FollowUpStatus.CANCELLED
        assert (case.next_action, case.next_action_on) == (NextAction.WATCH, TODAY + 14 * DAY)

    def test_called_off_it_does_not_come_back_with_the_next_tick(self):
        cancel(follow_up(), by=system(), now=TEN)

        assert queue_follow_ups(by=system(), now=TEN) == 0


def test_every_outcome_of_a_person_has_its_next_step():
    assert THEN.keys() | searching.THEN.keys() == set(Outcome) - {Outcome.OVERTAKEN}
