"""The steps of messages, promises and follow-ups: the tables, the code and the database must agree."""

from itertools import product
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from accounts.models.cases import NextAction
from compliance import gate
from compliance.gate import Ask
from compliance.terms import Channel, Purpose
from config.ledger import LedgerChanged
from followups import outbox
from followups.models import FollowUp, Message, MessageEvent, Promise, SentMessage, Template
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from followups.models.messages import REACHED_THE_GATEWAY, TRANSITIONS, CancelReason, MessageStatus
from followups.models.promises import TRANSITIONS as PROMISE_TRANSITIONS
from followups.models.promises import PromiseStatus
from tests.accounts.factories import PhoneFactory
from tests.followups.factories import DAY, TEN, TODAY, case_with, claimed, close, message, promise, system
from visits.transitions import NotAllowed

EVERY_STEP = list(product(MessageStatus, MessageStatus))


@pytest.fixture(autouse=True)
def ten_o_clock(request):
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")
        request.getfixturevalue("database_clock")(TEN)


def way_to(status, transitions, start):
    """The statuses on a shortest way from `start` to `status`, by the table alone."""
    ways = [[start]]
    while ways:
        way = ways.pop(0)
        if way[-1] == status:
            return way[1:]
        ways += [[*way, step] for step in transitions[way[-1]] if step not in way]
    raise AssertionError(f"{status} cannot be reached")


def contact_for(row, channel=Channel.SMS, purpose=None, now=TEN):
    ask = Ask(row.customer_id, channel, Purpose(purpose or row.purpose), at=now, until=now)
    with gate.clearance(ask, by=system(), now=now) as clearance:
        return gate.make_contact(clearance, by=system(), now=now)


def template_of(row):
    return Template.objects.in_force(at=TEN).get(
        channel=row.channel, purpose=row.purpose, language=row.language
    )


def write_status(row, status, contact=None):
    """Past all code: what somebody with a database shell would write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE followups_message m SET status = %s, template_id = (SELECT id FROM followups_template t WHERE"
            " (t.channel, t.purpose, t.language, t.status) = (m.channel, m.purpose, m.language, 'APPROVED')),"
            " contact_id = %s, cancel_reason = %s WHERE id = %s",
            [
                status,
                contact.pk if contact and status in REACHED_THE_GATEWAY else None,
                CancelReason.BY_STAFF if status == MessageStatus.CANCELLED else "",
                row.pk,
            ],
        )


def message_in(status):
    """A message in any status, and the contact it has or may have."""
    row = message()
    contact = contact_for(row)
    for step in way_to(status, TRANSITIONS, MessageStatus.PENDING):
        write_status(row, step, contact)
    return Message.objects.get(pk=row.pk), contact


@pytest.mark.parametrize(("old", "new"), EVERY_STEP)
def test_the_code_takes_exactly_the_steps_of_the_table(old, new):
    row, contact = message_in(old)
    changes = {"contact": contact if new in REACHED_THE_GATEWAY else None, "template": template_of(row)}
    if new == MessageStatus.CANCELLED:
        changes["cancel_reason"] = CancelReason.BY_STAFF

    if new in TRANSITIONS[old]:
        outbox.move(row, to=new, by=system(), now=TEN, **changes)
        assert Message.objects.get(pk=row.pk).status == new
        assert MessageEvent.objects.filter(message=row, old=old, new=new).count() == 1
    else:
        with pytest.raises(NotAllowed):
            outbox.move(row, to=new, by=system(), now=TEN, **changes)
        assert Message.objects.get(pk=row.pk).status == old


@pytest.mark.parametrize(("old", "new"), [step for step in EVERY_STEP if step[0] != step[1]])
def test_the_database_takes_exactly_the_steps_of_the_table(old, new):
    row, contact = message_in(old)

    if new in TRANSITIONS[old]:
        write_status(row, new, contact)
        assert Message.objects.get(pk=row.pk).status == new
    else:
        with pytest.raises(IntegrityError, match="not in the table of transitions"):
            write_status(row, new, contact)


@pytest.mark.parametrize(
    ("old", "new"), [step for step in product(PromiseStatus, PromiseStatus) if step[0] != step[1]]
)
def test_the_database_takes_exactly_the_steps_of_promises(old, new):
    def write(status):
        settled_at = None if status == PromiseStatus.OPEN else TEN
        with transaction.atomic():
            Promise.objects.filter(pk=made.pk).update(status=status, settled_at=settled_at)

    made = promise()
    for step in way_to(old, PROMISE_TRANSITIONS, PromiseStatus.OPEN):
        write(step)

    if new in PROMISE_TRANSITIONS[old]:
        write(new)
        assert Promise.objects.get(pk=made.pk).status == new
    else:
        with pytest.raises(IntegrityError, match="not in the table of transitions"):
            write(new)


@pytest.mark.parametrize("status", [status for status in MessageStatus if status != MessageStatus.PENDING])
def test_a_message_is_born_pending(status):
    with pytest.raises(IntegrityError, match="not in the table of transitions"):
        message(status=status)


def test_a_follow_up_that_is_done_stays_done():
    case = case_with(NextAction.SUPERVISOR)
    done = FollowUp.objects.create(
        case=case,
        customer=case.customer,
        kind=FollowUpKind.SUPERVISOR,
        due_on=TODAY,
        created_at=TEN,
        created_by=system(),
    )
    rows = FollowUp.objects.filter(pk=done.pk)
    rows.update(status=FollowUpStatus.DONE, outcome=Outcome.REFUSES, done_at=TEN, done_by=system())

    with pytest.raises(IntegrityError, match="not in the table of transitions"):
        rows.update(status=FollowUpStatus.OPEN, outcome="", done_at=None, done_by=None)


class TestWalls:
    def test_nothing_is_sent_without_a_contact(self):
        row = claimed(message())

        with pytest.raises(IntegrityError, match="message_at_the_gateway_is_a_contact"):
            write_status(row, MessageStatus.SENDING)

    def test_nothing_is_sent_without_an_approved_template(self):
        row = claimed(message())
        contact = contact_for(row)

        with pytest.raises(IntegrityError, match="no approved template in force"):
            Message.objects.filter(pk=row.pk).update(status=MessageStatus.SENDING, contact=contact)

    def test_a_template_for_something_else_does_not_serve(self):
        row = claimed(message())
        contact, other = contact_for(row), Template.objects.filter(purpose=Purpose.VISIT_NOTICE).first()

        with pytest.raises(IntegrityError, match="no approved template in force"):
            Message.objects.filter(pk=row.pk).update(
                status=MessageStatus.SENDING, contact=contact, template=other
            )

    def test_the_contact_of_another_customer_does_not_serve(self):
        row, contact = claimed(message()), contact_for(message())

        with pytest.raises(IntegrityError, match="message_has_its_own_contact"):
            write_status(row, MessageStatus.SENDING, contact)

    def test_a_contact_for_another_purpose_does_not_serve(self):
        row = claimed(message())
        contact = contact_for(row, purpose=Purpose.PROMISE_REMINDER)

        with pytest.raises(IntegrityError, match="message_has_its_own_contact"):
            write_status(row, MessageStatus.SENDING, contact)

    def test_a_contact_by_another_channel_does_not_serve(self):
        row = claimed(message())
        contact = contact_for(row, channel=Channel.CALL)

        with pytest.raises(IntegrityError, match="message_has_its_own_contact"):
            write_status(row, MessageStatus.SENDING, contact)

    def test_a_contact_serves_one_message(self):
        first = claimed(message())
        second = claimed(message(first.case))
        contact = contact_for(first)
        write_status(first, MessageStatus.SENDING, contact)

        with pytest.raises(IntegrityError, match="contact_id"):
            write_status(second, MessageStatus.SENDING, contact)

    def test_a_message_does_not_go_to_anothers_number(self):
        with pytest.raises(IntegrityError, match="message_phone_of_customer"), transaction.atomic():
            Message.objects.filter(pk=message().pk).update(phone=PhoneFactory())

    def test_a_message_is_not_moved_to_anothers_case(self):
        with pytest.raises(IntegrityError, match="message_case_of_customer"), transaction.atomic():
            Message.objects.filter(pk=message().pk).update(case=case_with(NextAction.REMIND))

    def test_the_occasion_of_a_message_is_unique(self):
        first, second = message(), message()

        with pytest.raises(IntegrityError, match="key"):
            Message.objects.filter(pk=second.pk).update(key=first.key)

    def test_events_are_a_ledger(self):
        claimed(message())

        with pytest.raises(LedgerChanged):
            MessageEvent.objects.all().delete()

    @pytest.mark.parametrize("table", ["followups_messageevent", "followups_sentmessage"])
    def test_the_application_has_no_right_to_change_its_ledgers(self, table):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")

    def test_a_message_is_handed_to_the_table_once(self):
        row = message()
        SentMessage.objects.create(message=row, to_masked="+86****0000", text="…", handed_over_at=TEN)

        with pytest.raises(IntegrityError):
            SentMessage.objects.create(message=row, to_masked="+86****0000", text="…", handed_over_at=TEN)


class TestSettlingByAPerson:
    @pytest.mark.parametrize("settle", [outbox.settle_as_sent, outbox.settle_as_failed])
    @pytest.mark.parametrize(
        "status", [status for status in MessageStatus if status != MessageStatus.UNKNOWN]
    )
    def test_only_what_nobody_knows_is_settled(self, settle, status):
        row, _contact = message_in(status)

        with pytest.raises(NotAllowed):
            settle(row, by=system(), now=TEN)

    @pytest.mark.parametrize(
        ("settle", "status"),
        [
            (outbox.settle_as_sent, MessageStatus.SENT),
            (outbox.settle_as_failed, MessageStatus.FAILED),
        ],
    )
    def test_an_unknown_message_is_settled_once(self, settle, status):
        row, _contact = message_in(MessageStatus.UNKNOWN)

        settle(row, by=system(), now=TEN)

        assert Message.objects.get(pk=row.pk).status == status
        with pytest.raises(NotAllowed):
            settle(row, by=system(), now=TEN)


def test_a_message_read_before_somebody_moved_it_is_not_moved():
    row = message()
    stale = Message.objects.get(pk=row.pk)
    claimed(row)

    with pytest.raises(NotAllowed):
        outbox.cancel(stale, reason=CancelReason.BY_STAFF, by=system(), now=TEN)


def test_what_waits_for_a_closed_case_is_called_off_in_a_set(django_assert_num_queries):
    paid = [message() for _ in range(3)]
    owing = message()
    for row in paid:
        close(row.case)
    by = system()

    with django_assert_num_queries(5):  # savepoint, lock, update, events, release
        assert outbox.call_off_closed_cases(by=by, now=TEN) == 3

    told = Message.objects.filter(pk__in=[row.pk for row in paid])
    assert set(told.values_list("status", "cancel_reason")) == {("CANCELLED", "CASE_CLOSED")}
    assert Message.objects.get(pk=owing.pk).status == MessageStatus.PENDING


def test_many_processes_take_each_message_once(committed_db):
    for _ in range(12):
        message()
    by, start, taken = system(), Barrier(4), []

    def take():
        start.wait()
        due = Message.objects.due(at=TEN)
        while ids := outbox.move_all(
            due, old=MessageStatus.PENDING, to=MessageStatus.CLAIMED, by=by, now=TEN, most=2
        ):
            taken.extend(ids)
        connection.close()

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == len(set(taken)) == 12
    assert MessageEvent.objects.count() == 12


def test_what_soonest_loses_its_point_goes_first():
    reminder = message(keeps=3 * DAY)
    announcement = message(purpose=Purpose.VISIT_NOTICE, keeps=DAY / 8)

    assert list(Message.objects.due(at=TEN)) == [announcement, reminder]
