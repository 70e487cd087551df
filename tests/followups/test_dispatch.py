"""Every way a message can go: sent, called off, put off, blocked, failed. Crashes and races: `test_at_most_once`."""

import logging
from datetime import datetime, timedelta

import pytest

from accounts.cases import set_next_action
from accounts.models import Branch, Customer, Phone
from accounts.models.cases import NextAction
from accounts.models.staff import Role
from compliance.content import Category
from compliance.forbidden_words import add_forbidden_word
from compliance.models import Clearance, Contact, Refusal
from compliance.restrictions import enter_restriction
from compliance.terms import Channel, Purpose, RestrictionKind
from followups.dispatch import AFTER_FAULT, BATCH, WORKS_FOR, dispatch_due
from followups.models import Message, MessageEvent, Promise
from followups.models.messages import CancelReason, MessageStatus
from followups.queueing import queue_payment_reminders, queue_visit_notices
from followups.sending import AFTER_WRONG_CLOCK, WITHOUT_WORDS
from followups.templates import retire_template
from tests.accounts.factories import UserFactory
from tests.followups.factories import (
    DAY,
    NEW_YORK,
    TEN,
    Hands,
    case_with,
    close,
    message,
    promise,
    refusing,
    system,
)
from tests.followups.template_factories import approved, packaged
from tests.visits.factories import planned_visit
from visits import life
from visits.models import Visit
from visits.models.visits import CancelReason as VisitCancelReason
from visits.models.visits import Status

MICROSECOND = timedelta(microseconds=1)
NINE = TEN.replace(hour=9)
NINE_AT_NIGHT = TEN.replace(hour=21)
CUT_OFF = TEN.replace(hour=20, minute=50)
EIGHT_TOMORROW = (TEN + DAY).replace(hour=8)


@pytest.fixture(autouse=True)
def clock(db, database_clock):
    database_clock(TEN)
    return database_clock


@pytest.fixture
def dispatch(clock):
    """Dispatch with both clocks, Python's and the database's, at `now`."""

    def run(gateway=None, *, now=TEN):
        clock(now)
        return dispatch_due(gateway=gateway or Hands(), clock=lambda: now, by=system())

    return run


def as_it_is(row):
    return Message.objects.get(pk=row.pk)


def steps(row):
    return list(MessageEvent.objects.filter(message=row).order_by("pk").values_list("old", "new"))


def announced_visit():
    """A planned visit whose notice waits."""
    visit = planned_visit()
    queue_visit_notices(by=system(), now=NINE)
    return visit, Message.objects.get(visit=visit)


class TestSent:
    def test_a_due_message_is_cleared_and_sent_to_the_customers_number(self, dispatch):
        row, gateway = message(), Hands()

        assert dispatch(gateway) == {"SENT": 1}

        sent = as_it_is(row)
        assert [taken[:2] for taken in gateway.taken] == [(row.pk, row.phone.unseal_number())]
        assert (sent.status, sent.provider_id) == (MessageStatus.SENT, "no. 1")
        assert sent.contact.clearance.purpose == Purpose.PAYMENT_REMINDER
        assert steps(row) == [("PENDING", "CLAIMED"), ("CLAIMED", "SENDING"), ("SENDING", "SENT")]

    def test_what_was_said_can_be_told_afterwards_without_keeping_the_text(self, dispatch):
        row = message()

        dispatch()

        facts = as_it_is(row).facts
        assert facts["template"] == "sms payment_reminder zh-hans 1"
        assert as_it_is(row).template.name == facts["template"]
        assert facts["hotline"] == row.case.branch.hotline

    @pytest.mark.parametrize(("now", "sent"), [(TEN - MICROSECOND, 0), (TEN, 1)])
    def test_nothing_goes_before_it_is_due(self, dispatch, now, sent):
        message(due_at=TEN)
        gateway = Hands()

        dispatch(gateway, now=now)

        assert len(gateway.taken) == sent

    def test_what_is_sent_is_not_sent_again(self, dispatch):
        message()
        gateway = Hands()

        dispatch(gateway)
        dispatch(gateway, now=TEN + DAY)

        assert len(gateway.taken) == 1

    def test_more_than_one_batch_goes_in_one_run(self, dispatch):
        for _ in range(BATCH + 1):
            message()

        assert dispatch() == {"SENT": BATCH + 1}

    def test_the_announcement_of_a_visit_notifies_it(self, dispatch):
        visit, row = announced_visit()

        dispatch(now=NINE)

        assert as_it_is(row).status == MessageStatus.SENT
        assert Visit.objects.get(pk=visit.pk).status == Status.NOTIFIED

    def test_an_announcement_that_left_stays_sent_when_the_visit_is_called_off_meanwhile(self, dispatch):
        visit, row = announced_visit()

        class CallingOff(Hands):
            def send(self, **handed):
                life.cancel(visit, reason=VisitCancelReason.WEATHER, by=system(), now=NINE)
                return super().send(**handed)

        dispatch(CallingOff(), now=NINE)

        assert as_it_is(row).status == MessageStatus.SENT
        assert Visit.objects.get(pk=visit.pk).status == Status.CANCELLED


class TestPointless:
    def check(self, dispatch, row, reason, *, now=TEN):
        gateway = Hands()
        dispatch(gateway, now=now)
        assert gateway.taken == []
        assert (as_it_is(row).status, as_it_is(row).cancel_reason) == (MessageStatus.CANCELLED, reason)
        assert not Clearance.objects.filter(purpose=row.purpose).exists()
        assert MessageEvent.objects.get(message=row, new="CANCELLED").detail == {"reason": reason}

    def test_who_owes_nothing_any_more_is_not_reminded(self, dispatch):
        row = message()
        close(row.case)

        self.check(dispatch, row, CancelReason.CASE_CLOSED)

    def test_a_promise_that_was_kept_needs_no_reminder(self, dispatch):
        made = promise()
        row = message(made.case, purpose=Purpose.PROMISE_REMINDER, promise=made)
        Promise.objects.filter(pk=made.pk).update(status="KEPT", settled_at=TEN)

        self.check(dispatch, row, CancelReason.PROMISE_SETTLED)

    def test_a_visit_that_was_called_off_is_not_announced(self, dispatch):
        visit, row = announced_visit()
        life.cancel(visit, reason=VisitCancelReason.WEATHER, by=system(), now=NINE)

        self.check(dispatch, row, CancelReason.VISIT_OFF, now=NINE)

    def test_a_visit_is_not_announced_when_it_should_have_begun(self, dispatch):
        visit, row = announced_visit()

        self.check(dispatch, row, CancelReason.VISIT_OFF, now=visit.planned_start)

    def test_a_case_that_takes_another_course_is_not_reminded(self, dispatch):
        row = message()
        set_next_action(row.case_id, action=NextAction.HARDSHIP_PLAN, on=TEN.date(), by=system(), now=TEN)

        self.check(dispatch, row, CancelReason.OVERTAKEN)

    def test_a_number_that_is_no_longer_the_customers_is_not_written_to(self, dispatch):
        row = message()
        Phone.objects.filter(pk=row.phone_id).update(withdrawn_at=TEN)

        self.check(dispatch, row, CancelReason.PHONE_WITHDRAWN)

    @pytest.mark.parametrize("late", [False, True])
    def test_what_comes_too_late_is_not_sent(self, dispatch, late):
        row = message(due_at=NINE, keeps=timedelta(hours=1) + (timedelta(0) if late else MICROSECOND))

        if late:
            self.check(dispatch, row, CancelReason.EXPIRED)
        else:
            assert dispatch() == {"SENT": 1}


class TestRefused:
    def test_at_night_it_waits_for_eight_oclock(self, dispatch):
        row, gateway = message(due_at=NINE_AT_NIGHT), Hands()

        assert dispatch(gateway, now=NINE_AT_NIGHT) == {"PENDING": 1}

        waiting = as_it_is(row)
        assert gateway.taken == []
        assert (waiting.due_at, waiting.deferrals) == (EIGHT_TOMORROW, 1)
        assert waiting.last_refusal == Refusal.objects.get(customer=row.customer)
        assert "WIN-BANK" in waiting.last_refusal.rule_ids
        assert waiting.contact is None

    def test_eight_oclock_is_the_customers_not_the_branchs(self, dispatch):
        night_in_new_york = datetime(2026, 11, 20, 5, 0, tzinfo=NEW_YORK)  # 18:00 in Baotou
        case = case_with(NextAction.REMIND, now=night_in_new_york, time_zones=["America/New_York"])
        row = message(case, due_at=night_in_new_york)

        dispatch(now=night_in_new_york)

        assert as_it_is(row).due_at == datetime(2026, 11, 20, 8, 0, tzinfo=NEW_YORK)

    def test_when_the_time_has_come_it_goes(self, dispatch):
        row, gateway = message(due_at=NINE_AT_NIGHT), Hands()
        dispatch(gateway, now=NINE_AT_NIGHT)

        dispatch(gateway, now=EIGHT_TOMORROW - MICROSECOND)
        assert gateway.taken == []

        dispatch(gateway, now=EIGHT_TOMORROW)
        assert len(gateway.taken) == 1
        assert as_it_is(row).status == MessageStatus.SENT

    def test_a_restriction_with_an_end_puts_it_off_until_then(self, dispatch):
        case = case_with(NextAction.REMIND, now=TEN)
        enter_restriction(
            customer=case.customer,
            kind=RestrictionKind.HOSPITAL,
            channels=[],
            starts_at=TEN - DAY,
            ends_at=TEN + timedelta(hours=5),
            evidence="letter",
            by=system(),
            now=TEN - DAY,
        )
        row = message(case)

        dispatch()

        assert (as_it_is(row).status, as_it_is(row).due_at) == ("PENDING", TEN + timedelta(hours=5))

    def test_what_waiting_cannot_mend_is_blocked(self, dispatch):
        case = case_with(NextAction.REMIND, now=TEN)
        enter_restriction(
            customer=case.customer,
            kind=RestrictionKind.DO_NOT_CONTACT,
            channels=[Channel.SMS],
            starts_at=TEN - DAY,
            ends_at=None,
            evidence="letter",
            by=system(),
            now=TEN - DAY,
        )
        row, gateway = message(case), Hands()

        assert dispatch(gateway) == {"BLOCKED": 1}

        assert gateway.taken == []
        assert as_it_is(row).last_refusal.rule_ids == ["ST-DNC"]

    def test_without_a_known_zone_it_is_blocked(self, dispatch):
        row = message()
        Customer.objects.filter(pk=row.customer_id).update(time_zones=[])

        assert dispatch() == {"BLOCKED": 1}

    def test_the_second_reminder_of_a_day_waits_for_the_next(self, dispatch):
        first = message()
        second = message(first.case)

        assert dispatch() == {"SENT": 1, "PENDING": 1}

        waiting = Message.objects.get(status="PENDING")
        assert waiting.pk in (first.pk, second.pk)
        assert waiting.due_at == EIGHT_TOMORROW

    def test_a_cut_off_between_the_yes_and_the_call_holds_it_back(self, clock):
        last_moment = CUT_OFF - MICROSECOND
        clock(last_moment)
        row, gateway = message(due_at=last_moment), Hands()
        ticks = iter([last_moment] * 5 + [CUT_OFF] * 20)

        ended = dispatch_due(gateway=gateway, clock=lambda: next(ticks), by=system())

        assert gateway.taken == []
        assert ended == {"PENDING": 1}
        waiting = as_it_is(row)
        assert (waiting.contact, waiting.due_at) == (None, CUT_OFF + timedelta(minutes=1))
        assert steps(row)[-1] == ("SENDING", "PENDING")
        assert Contact.objects.filter(customer=row.customer).count() == 1  # it stays, and counts

    def test_and_the_next_try_puts_it_off_on_record(self, dispatch, clock):
        last_moment = CUT_OFF - MICROSECOND
        clock(last_moment)
        row = message(due_at=last_moment)
        ticks = iter([last_moment] * 5 + [CUT_OFF] * 20)
        dispatch_due(gateway=Hands(), clock=lambda: next(ticks), by=system())

        dispatch(now=CUT_OFF + timedelta(minutes=1))

        assert as_it_is(row).due_at == EIGHT_TOMORROW

    def test_a_database_whose_clock_is_past_nine_lets_nothing_out(self, clock):
        last_moment = CUT_OFF - MICROSECOND
        row, gateway = message(due_at=last_moment), Hands()
        clock(NINE_AT_NIGHT)

        dispatch_due(gateway=gateway, clock=lambda: last_moment, by=system())

        assert gateway.taken == []
        assert (as_it_is(row).status, as_it_is(row).due_at) == ("PENDING", last_moment + AFTER_WRONG_CLOCK)
        assert as_it_is(row).last_refusal.rule_ids == ["CLOCK"]


class TestFaults:
    def test_a_definite_no_of_the_gateway_is_a_failure(self, dispatch):
        row = message()

        assert dispatch(refusing()) == {"FAILED": 1}
        assert as_it_is(row).failure == "number barred"

    def test_a_message_that_cannot_be_put_together_stops_no_other(self, dispatch, caplog):
        poison, fine = message(), message()
        Message.objects.filter(pk=poison.pk).update(language="xx", due_at=TEN - DAY)
        gateway = Hands()

        with caplog.at_level(logging.ERROR):
            dispatch(gateway)

        assert [taken[0] for taken in gateway.taken] == [fine.pk]
        put_back = as_it_is(poison)
        assert (put_back.status, put_back.due_at) == (MessageStatus.PENDING, TEN + AFTER_FAULT)
        assert not Clearance.objects.filter(customer=poison.customer).exists()
        assert str(poison.pk) in caplog.text

    def test_logs_and_rows_hold_no_number(self, dispatch, caplog):
        row = message()
        number = row.phone.unseal_number()

        with caplog.at_level(logging.DEBUG):
            dispatch(Hands(TimeoutError(f"no answer from {number}")))

        rows = str(Message.objects.values().get(pk=row.pk)) + str(list(MessageEvent.objects.values()))
        assert number[-8:] not in caplog.text + rows

    def test_a_run_ends_in_time_and_gives_back_what_it_claimed(self, clock):
        for _ in range(3):
            message()
        gateway = Hands()

        class Slow(Hands):
            def send(self, **handed):
                nonlocal now
                now = TEN + WORKS_FOR
                return gateway.send(**handed)

        now = TEN
        dispatch_due(gateway=Slow(), clock=lambda: now, by=system())

        assert len(gateway.taken) == 1
        assert Message.objects.filter(status=MessageStatus.PENDING).count() == 2


class TestWords:
    """What is said is judged once more when it is about to leave."""

    def test_a_text_that_breaks_a_rule_is_blocked_with_its_reasons_before_the_gate_is_asked(self, dispatch):
        row, gateway = message(), Hands()
        Branch.objects.filter(pk=row.case.branch_id).update(name="包头市公安局")

        assert dispatch(gateway) == {"BLOCKED": 1}

        blocked = as_it_is(row)
        assert gateway.taken == []
        assert "MSG-WORDS" in blocked.failure
        detail = MessageEvent.objects.get(message=row, new="BLOCKED").detail
        assert [(hit["code"], hit["piece"]) for hit in detail["content"]] == [("AUTHORITY", "公安")]
        assert not Clearance.objects.filter(customer=row.customer).exists()
        assert not Contact.objects.filter(customer=row.customer).exists()

    def test_a_word_forbidden_this_minute_stops_the_next_message(self, dispatch):
        first = message()
        dispatch()
        officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
        add_forbidden_word(word="服务通知", category=Category.INSULT, note="test", by=officer, now=TEN)

        second = message()
        dispatch()

        assert (as_it_is(first).status, as_it_is(second).status) == ("SENT", "BLOCKED")

    def test_without_an_approved_template_it_waits_and_says_so(self, dispatch):
        row, gateway = message(keeps=DAY), Hands()
        template = packaged()
        retire_template(template, by=UserFactory(role=Role.COMPLIANCE_OFFICER), now=TEN)

        dispatch(gateway)

        waiting = as_it_is(row)
        assert (waiting.status, waiting.due_at) == (MessageStatus.PENDING, TEN + WITHOUT_WORDS)
        assert waiting.failure
        assert gateway.taken == []
        assert not Contact.objects.filter(customer=row.customer).exists()

    def test_when_one_is_approved_it_goes(self, dispatch):
        row = message(keeps=DAY)
        retire_template(packaged(), by=UserFactory(role=Role.COMPLIANCE_OFFICER), now=TEN)
        dispatch()
        mine = approved(now=TEN)

        assert dispatch(now=TEN + WITHOUT_WORDS) == {"SENT": 1}
        assert (as_it_is(row).template, as_it_is(row).failure) == (mine, "")

    def test_a_message_held_for_a_day_is_not_sent(self, dispatch):
        """MSG-STALE: what was queued yesterday is of yesterday."""
        case = case_with(NextAction.REMIND)
        queue_payment_reminders(by=system(), now=TEN)
        row = Message.objects.get(case=case)
        assert row.expires_at == row.due_at + DAY

        dispatch(now=TEN + DAY - MICROSECOND)
        assert as_it_is(row).status == MessageStatus.SENT

        late = case_with(NextAction.REMIND)
        queue_payment_reminders(by=system(), now=TEN)
        dispatch(now=TEN + DAY)
        assert Message.objects.get(case=late).cancel_reason == CancelReason.EXPIRED
