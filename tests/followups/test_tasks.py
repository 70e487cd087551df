"""The ticks, by the worker and by hand: both stand before the same gate."""

import inspect
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models.cases import NextAction
from compliance.models import Refusal
from config.models import JobRun
from followups import tasks
from followups.models import FollowUp, Message, Promise, SentMessage
from followups.models.messages import MessageStatus
from tests.followups.factories import DAY, TEN, TODAY, case_with, close, message, payment, promise
from tests.visits.factories import planned_visit


@pytest.fixture
def it_is(db, database_clock, monkeypatch):
    """Set both clocks: that of the edges and that of the database."""

    def believe(now):
        monkeypatch.setattr(timezone, "now", lambda: now)
        database_clock(now)

    believe(TEN)
    return believe


def by_task():
    tasks.dispatch_messages()


def by_command():
    call_command("dispatch", stdout=StringIO())


@pytest.fixture(params=[by_task, by_command])
def dispatch(request):
    return request.param


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("clock", "sent"),
    [
        ("07:59:59.999999", False),
        ("08:00:00.000000", True),
        ("20:49:59.999999", True),
        ("20:50:00.000000", False),
        ("20:59:59.999999", False),
        ("21:00:00.000000", False),
        ("23:30:00.000000", False),
    ],
)
def test_the_hours_of_the_customer_hold_to_the_microsecond(it_is, dispatch, zone, clock, sent):

    now = datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=ZoneInfo(zone))
    row = message(case_with(NextAction.REMIND, now=now, time_zones=[zone]), due_at=now)
    it_is(now)

    dispatch()

    assert SentMessage.objects.filter(message=row).exists() is sent
    assert Refusal.objects.filter(customer=row.customer).exists() is not sent


def test_sent_messages_can_be_read_with_the_number_masked(it_is, dispatch):
    row = message()

    dispatch()

    shown = SentMessage.objects.get(message=row)
    assert shown.to_masked == row.phone.number_masked
    assert row.case.branch.name in shown.text
    assert shown.handed_over_at == TEN


def test_queueing_brings_every_kind_of_row(it_is):
    planned_visit(now=TEN, start=TEN + timedelta(hours=3))
    promise(due_on=TODAY + 2 * DAY)
    case_with(NextAction.REMIND)
    case_with(NextAction.CALL)

    tasks.queue_messages()

    purposes = set(Message.objects.values_list("purpose", flat=True))
    assert purposes == {"PAYMENT_REMINDER", "PROMISE_REMINDER", "VISIT_NOTICE"}
    assert FollowUp.objects.get().kind == "CALL"
    assert "1 visit notices" in JobRun.objects.get().result


def test_settling_judges_promises(it_is):
    made = promise()
    payment(made.case, received_at=TEN)

    tasks.settle_promises()

    assert Promise.objects.get().status == "KEPT"


def test_settling_calls_off_what_paid_up_customers_need_not_be_told(it_is):

    row = message()
    close(row.case)

    tasks.settle_promises()

    assert Message.objects.get(pk=row.pk).status == MessageStatus.CANCELLED


@pytest.mark.parametrize("task", [tasks.dispatch_messages, tasks.queue_messages, tasks.settle_promises])
def test_two_beats_are_harmless(it_is, task):
    task()
    task()

    assert JobRun.objects.count() == 1


@pytest.mark.parametrize("command", ["dispatch", "queue_messages", "settle_promises"])
def test_every_tick_can_be_run_by_hand_when_the_broker_is_dead(it_is, command):
    said = StringIO()

    call_command(command, stdout=said)

    assert "nothing to do" in said.getvalue()
    assert not JobRun.objects.exists()


def test_the_loop_goes_on_until_it_is_stopped(it_is, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)

    with pytest.raises(KeyboardInterrupt):
        call_command("dispatch", "--loop", stdout=StringIO())

    assert slept == [60, 60, 60]


def test_beat_knows_the_tasks_by_their_names():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    for task in (tasks.dispatch_messages, tasks.queue_messages, tasks.settle_promises):
        assert task.name in scheduled
        assert not inspect.signature(task.run).parameters  # nothing personal can travel in an argument
