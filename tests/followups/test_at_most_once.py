"""A dispatcher may die at any point and have any number of twins: no message reaches its customer twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from compliance import gate
from compliance.models import Clearance, Contact, Refusal
from followups import outbox, sending
from followups.dispatch import STUCK_AFTER, dispatch_due
from followups.gateways import SentMessagesTable
from followups.models import Message, MessageEvent, SentMessage
from followups.models.messages import CancelReason, MessageStatus
from tests.followups.factories import TEN, Hands, message, refusing, system, timing_out

MICROSECOND = timedelta(microseconds=1)
SWEPT = TEN + STUCK_AFTER + MICROSECOND


class Killed(SystemExit):
    """The process is gone; no handler that catches exceptions runs."""


@pytest.fixture(autouse=True)
def clock(request):
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")
        request.getfixturevalue("database_clock")(TEN)


@pytest.fixture
def dispatch(database_clock):
    def run(gateway, *, now=TEN):
        database_clock(now)
        return dispatch_due(gateway=gateway, clock=lambda: now, by=system())

    return run


@pytest.fixture
def killed_at(monkeypatch, dispatch):
    """Dispatch and die when `name` of `module` is called."""

    def run(module, name, gateway):
        def die(*_args, **_kwargs):
            raise Killed

        with monkeypatch.context() as here, pytest.raises(Killed):
            here.setattr(module, name, die)
            dispatch(gateway)

    return run


def status_of(row):
    return Message.objects.get(pk=row.pk).status


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (sending, "why_pointless"),
        (gate, "clearance"),
        (sending, "wording_of"),
        (gate, "make_contact"),
        (outbox, "move"),
    ],
)
def test_killed_before_it_was_committed_as_leaving_it_is_sent_later_and_once(
    killed_at, dispatch, module, name
):
    row, gateway = message(), Hands()

    killed_at(module, name, gateway)
    assert (status_of(row), gateway.taken) == (MessageStatus.CLAIMED, [])
    assert not Contact.objects.exists()

    dispatch(gateway, now=TEN + STUCK_AFTER)  # not yet: it might still be in hand
    assert gateway.taken == []

    dispatch(gateway, now=SWEPT)
    dispatch(gateway, now=SWEPT + STUCK_AFTER * 2)
    assert len(gateway.taken) == 1
    assert status_of(row) == MessageStatus.SENT
    assert Contact.objects.count() == 1


def test_killed_between_the_commit_and_the_call_it_is_never_sent_by_itself(killed_at, dispatch):
    row, gateway = message(), Hands()

    killed_at(gate, "ensure_still_allowed", gateway)
    assert status_of(row) == MessageStatus.SENDING

    for later in (SWEPT, SWEPT + STUCK_AFTER * 2, SWEPT + timedelta(hours=3)):
        dispatch(gateway, now=later)
    assert gateway.taken == []
    assert status_of(row) == MessageStatus.UNKNOWN


def test_killed_while_the_gateway_had_it_it_is_not_sent_twice(dispatch):
    row, deadly, gateway = message(), Hands(Killed()), Hands()

    with pytest.raises(Killed):
        dispatch(deadly)
    dispatch(gateway, now=SWEPT)
    dispatch(gateway, now=SWEPT + STUCK_AFTER * 2)

    assert (len(deadly.taken), gateway.taken) == (1, [])
    assert status_of(row) == MessageStatus.UNKNOWN


def test_killed_before_the_answer_was_written_it_is_not_sent_twice(killed_at, dispatch):
    row, gateway = message(), Hands()

    killed_at(outbox, "mark_sent", gateway)
    dispatch(gateway, now=SWEPT)

    assert len(gateway.taken) == 1
    assert status_of(row) == MessageStatus.UNKNOWN


def test_a_database_that_fails_after_the_call_leaves_it_unknown(monkeypatch, dispatch):
    row, gateway = message(), Hands()
    with monkeypatch.context() as here:
        here.setattr(outbox, "mark_sent", _disk_full)
        dispatch(gateway)

    dispatch(gateway, now=SWEPT)

    assert len(gateway.taken) == 1
    assert status_of(row) == MessageStatus.UNKNOWN


def _disk_full(*_args, **_kwargs):
    raise OSError("disk full")


def test_a_gateway_that_takes_it_and_times_out_is_not_asked_again(dispatch):
    row, gateway = message(), timing_out()

    assert dispatch(gateway) == {"UNKNOWN": 1}
    for hours in (1, 24, 48):
        dispatch(gateway, now=TEN + timedelta(hours=hours))

    assert len(gateway.taken) == 1
    unknown = Message.objects.get(pk=row.pk)
    assert (unknown.status, unknown.failure) == (MessageStatus.UNKNOWN, "TimeoutError")


def test_a_definite_no_is_not_tried_again(dispatch):
    message()
    gateway = refusing()

    dispatch(gateway)
    dispatch(gateway, now=TEN + timedelta(hours=25))

    assert len(gateway.taken) == 1


def test_cancelled_by_a_person_after_it_was_claimed_it_does_not_leave(monkeypatch, dispatch):
    row, gateway = message(), Hands()
    wording_of = sending.wording_of

    def while_it_is_written(claimed):
        mine = Message.objects.get(pk=row.pk)
        outbox.cancel(mine, reason=CancelReason.BY_STAFF, by=system(), now=TEN)
        return wording_of(claimed)

    monkeypatch.setattr(sending, "wording_of", while_it_is_written)
    dispatch(gateway)

    assert gateway.taken == []
    assert not Contact.objects.exists()


def test_the_table_that_stands_in_for_a_provider_takes_a_message_once(dispatch):
    row = message()
    dispatch(SentMessagesTable())

    with pytest.raises(Exception, match="unique"):
        SentMessagesTable().send(message_id=row.pk, to="+8613900000000", text="again")


def test_two_dispatchers_send_two_hundred_messages_once_each(committed_db):
    rows = {message().pk for _ in range(200)}
    by, start, ended = system(), Barrier(2), []

    class Careful(SentMessagesTable):
        taken = []

        def send(self, *, message_id, to, text):
            self.taken.append(message_id)
            return super().send(message_id=message_id, to=to, text=text)

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
        start.wait()
        ended.append(dispatch_due(gateway=Careful(), clock=lambda: TEN, by=by))
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(ended, start=type(ended[0])()) == {"SENT": 200}
    assert all(ended)  # both had a part in it
    assert sorted(Careful.taken) == sorted(rows)
    assert SentMessage.objects.count() == Contact.objects.count() == Clearance.objects.count() == 200
    assert MessageEvent.objects.count() == 600
    assert not Refusal.objects.exists()
