# ruff: noqa: T201
"""SIGKILL for each program while agents are out and messages leave: nothing is lost, nothing happens twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F
from django.utils import timezone

from accounts.models import Case
from accounts.models.cases import Stage
from compliance.gate import Channel
from compliance.models import Contact
from config.play.day import Day, Wishes
from followups.dispatch import STUCK_AFTER
from followups.models import Message, Promise, SentMessage
from followups.models.messages import MessageStatus
from tests.e2e.desk import have_the_day_planned
from tests.e2e.world import NOON, TO_BE_REMINDED, TO_BE_VISITED, Feed, open_office, zone_where_it_is
from visits.models import CheckIn, CheckOut, Consent, IdentityConfirmation, Incident, Record, Visit
from visits.models.visits import STARTED, Status

pytestmark = pytest.mark.e2e

PROGRAMS = ("web", "worker", "beat", "valkey", "postgres")
TEAMS, VISITS, REMINDERS = 3, 24, 30
FILED_AS = {
    "check-in": CheckIn,
    "confirm-identity": IdentityConfirmation,
    "consents": Consent,
    "record": Record,
    "promises": Promise,
    "check-out": CheckOut,
    "abort": Incident,
}


@pytest.fixture
def office(branch, tmp_path):
    """A branch whose plan for today is accepted and whose customers have been told."""
    office = open_office("KILL", zone=zone_where_it_is(NOON), teams=TEAMS)
    feed = Feed(office)
    for number in range(VISITS):
        feed.customer(number, overdue="9000.00", facts=TO_BE_VISITED)
    feed.deliver(tmp_path / "visits", as_of=office.today - timedelta(days=1), source="kill")
    planned = Case.objects.filter(branch=office.branch, stage=Stage.PLANNING)
    branch.await_(lambda: planned.count() == VISITS, "assessed")
    have_the_day_planned(branch.address, office)
    return office


def test_nothing_is_lost_or_doubled_whatever_is_killed(branch, office, tmp_path):
    told, line_is_free = [], threading.Lock()

    def tell(line):
        with line_is_free:
            told.append(line)

    wishes = Wishes(visits=VISITS, pause=1.0, lasts=60)
    day = Day(branch.address, office.log_ins, wishes, tell)
    out = Visit.objects.filter(plan__branch=office.branch, status__in=STARTED)
    recovered = {}
    with ThreadPoolExecutor() as street:
        playing = street.submit(day.play)
        branch.await_(lambda: playing.done() or out.exists(), "the first team at a door")
        for number, name in enumerate(PROGRAMS):
            await_messages_leaving(branch, office, tmp_path / name, first=100 + number * REMINDERS)
            assert not playing.done(), told
            recovered[name] = branch.kill(name)
        playing.result(timeout=120)
    branch.await_(lambda: not in_hand(office).filter(status=MessageStatus.PENDING).exists(), "the rest sent")
    left_in_hand = messages_by_status(office)
    five_minutes_later(office)
    branch.await_(lambda: not in_hand(office).exists(), "what killed dispatchers had in hand taken up again")

    print(f"\nRecovered after: { {name: f'{seconds:.1f} s' for name, seconds in recovered.items()} }")
    print(f"Acknowledged: {dict(day.log.counts)}")
    print(f"Messages: {left_in_hand}, five minutes later {messages_by_status(office)}")
    assert day.log.counts["retried"], "no kill was felt by any telephone"
    assert_what_was_acknowledged_is_there_once(day.log.deeds, office)
    assert_no_message_left_twice(office)
    assert_contacts_are_lawful_and_single(office)


def await_messages_leaving(branch, office, directory, *, first):
    """New reminders, and the moment in which some of them have been sent and others have not."""
    feed = Feed(office)
    for number in range(first, first + REMINDERS):
        feed.customer(number, overdue="2000.00", facts=TO_BE_REMINDED)
    before = handed_over(office).count()
    feed.deliver(directory, as_of=office.today, source=f"kill-{directory.name}")
    branch.await_(
        lambda: handed_over(office).count() > before, f"messages leaving before {directory.name} dies"
    )


def handed_over(office):
    return SentMessage.objects.filter(message__case__branch=office.branch)


def in_hand(office):
    """Due, or with a dispatcher, dead or alive."""
    now, theirs = timezone.now(), Message.objects.filter(case__branch=office.branch)
    return theirs.due(at=now) | theirs.filter(status__in=(MessageStatus.CLAIMED, MessageStatus.SENDING))


def five_minutes_later(office):
    """Killed dispatchers count as dead after five minutes; the rows are made that much older."""
    Message.objects.filter(case__branch=office.branch).stuck(since=timezone.now()).order_by().update(
        status_changed_at=F("status_changed_at") - STUCK_AFTER
    )


def messages_by_status(office):
    rows = Message.objects.filter(case__branch=office.branch).values_list("status")
    return dict(rows.annotate(count=Count("pk")).order_by("status"))


def assert_what_was_acknowledged_is_there_once(deeds, office):
    assert len({deed.reference for deed in deeds}) == len(deeds)
    for kind, model in FILED_AS.items():
        rows = model.objects.filter(visit__plan__branch=office.branch).values_list("reference", "visit")
        there = sorted((str(reference), str(visit)) for reference, visit in rows)
        acknowledged = sorted((deed.reference, deed.visit) for deed in deeds if deed.kind == kind)
        assert there == acknowledged, kind
    ended = Visit.objects.filter(plan__branch=office.branch, status__in=(Status.DONE, Status.ABORTED))
    assert ended.count() == sum(deed.kind in ("check-out", "abort") for deed in deeds)


def assert_no_message_left_twice(office):
    messages = Message.objects.filter(case__branch=office.branch)
    at_the_gateway = set(handed_over(office).values_list("message", flat=True))
    assert len(at_the_gateway) == handed_over(office).count()
    assert set(messages.filter(status=MessageStatus.SENT).values_list("pk", flat=True)) <= at_the_gateway
    due = messages.filter(due_at__lte=timezone.now())
    assert set(due.values_list("status", flat=True)) <= {MessageStatus.SENT, MessageStatus.UNKNOWN}
    assert due.count() == VISITS + len(PROGRAMS) * REMINDERS


def assert_contacts_are_lawful_and_single(office):
    contacts = Contact.objects.filter(customer__branch=office.branch)
    by_message = Message.objects.filter(case__branch=office.branch, contact__isnull=False)
    started = Visit.objects.filter(plan__branch=office.branch, status__in=STARTED)
    assert contacts.filter(channel=Channel.SMS).count() == by_message.count()
    assert contacts.filter(channel=Channel.VISIT).count() == started.count()
    assert contacts.count() == by_message.count() + started.count()
    for made_at in contacts.values_list("made_at", flat=True):
        assert time(8) <= made_at.astimezone(ZoneInfo(office.zone)).time() < time(21)
