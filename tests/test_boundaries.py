"""The first and the last instant of the day, through every way to a customer: the agents' API, the office, the ticks.

Through the ORM and raw SQL the same instants are tried in `tests/compliance/test_walls.py`.
"""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models.cases import NextAction
from accounts.models.staff import Role
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.models import Contact, Refusal
from followups.models import FollowUp, Message, SentMessage
from followups.tasks import dispatch_messages
from tests.accounts.factories import BranchFactory, UserFactory
from tests.followups.factories import case_with, message, system
from tests.visits.factories import DeviceFactory, case_to_visit, members, notified_visit
from visits.models import CheckIn, Visit

ZONES = ["Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
OUTSIDE = ["WIN-BANK"]
TOO_LATE_TO_BEGIN = ["WIN-CUTOFF"]


def instants(last_minute):
    """Local time, and the rules that refuse at that instant what must begin before 20:`last_minute`."""
    return [
        ((7, 59, 59, 999_999), OUTSIDE),
        ((8, 0, 0, 0), []),
        ((20, last_minute - 1, 59, 999_999), []),
        ((20, last_minute, 0, 0), TOO_LATE_TO_BEGIN),
        ((20, 59, 59, 999_999), TOO_LATE_TO_BEGIN),
        ((21, 0, 0, 0), OUTSIDE),
    ]


INSTANTS_OF_CALLS, INSTANTS_OF_MESSAGES = instants(45), instants(50)
# A visit of half an hour begins before 20:30, so that it is over at 21:00.
INSTANTS_OF_VISITS = [
    ((7, 59, 59, 999_999), OUTSIDE),
    ((8, 0, 0, 0), []),
    ((20, 29, 59, 999_999), []),
    ((20, 30, 0, 0), TOO_LATE_TO_BEGIN),
    ((20, 59, 59, 999_999), TOO_LATE_TO_BEGIN),
    ((21, 0, 0, 0), OUTSIDE),
]


def local(zone, *clock, day=20):
    return datetime(2026, 11, day, *clock, tzinfo=ZoneInfo(zone))


def next_morning(zone, moment):
    return local(zone, 8, day=20 if moment.hour < 8 else 21)


@pytest.fixture
def it_is(db, monkeypatch, database_clock):
    """Whoever reads a clock, the database included, reads this."""

    def set_both(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        database_clock(moment)

    return set_both


@pytest.fixture(params=ZONES)
def zone(request):
    return request.param


@pytest.fixture
def branch(db, zone):
    return BranchFactory(time_zone=zone)


def assert_refused_until(moment, *, by_rules):
    """One refusal, with its reasons and the next moment at which it would not be one."""
    refusal = Refusal.objects.get()
    # From 22:00 to 08:00 the industry's rule says no as well.
    assert [rule for rule in refusal.rule_ids if rule != "WIN-CN"] == by_rules
    assert refusal.next_allowed_at == moment
    assert not Contact.objects.exists()


def check_in(visit, moment, *, client_at=None, device_time=None):
    """From a phone with the right time, unless told otherwise."""
    DeviceFactory(user=members(visit)[0], token="here", enrolled_at=moment - timedelta(hours=1))
    phone = APIClient()
    phone.credentials(HTTP_AUTHORIZATION="Device here")
    said = {
        "reference": str(uuid4()),
        "client_at": (client_at or moment).isoformat(),
        "present": [one.pk for one in members(visit)],
    }
    headers = {"Device-Time": device_time.isoformat()} if device_time else {}
    return phone.post(reverse("check-in", args=[visit.pk]), said, format="json", headers=headers)


@pytest.mark.parametrize(("clock", "by_rules"), INSTANTS_OF_VISITS)
def test_a_check_in_over_the_api(it_is, branch, zone, clock, by_rules):
    moment = local(zone, *clock)
    case = case_to_visit(branch=branch, time_zones=[zone], now=local(zone, 7))
    visit = notified_visit(case=case, start=local(zone, 10))
    it_is(moment)

    answer = check_in(visit, moment)

    if not by_rules:
        assert answer.status_code == 201
        assert Contact.objects.get().made_at == moment
        return
    assert answer.status_code == 403
    assert answer.data["next_allowed_at"] == next_morning(zone, moment)
    assert Visit.objects.get().status == "NOTIFIED"
    assert_refused_until(next_morning(zone, moment), by_rules=by_rules)


@pytest.mark.parametrize(("clock", "by_rules"), INSTANTS_OF_CALLS)
def test_a_call_from_the_office(it_is, branch, zone, clock, by_rules):
    moment = local(zone, *clock)
    case = case_with(NextAction.CALL, branch=branch, time_zones=[zone], now=local(zone, 7))
    follow_up = FollowUp.objects.create(
        case=case,
        customer=case.customer,
        kind="CALL",
        due_on=moment.date(),
        created_at=local(zone, 7),
        created_by=system(),
    )
    it_is(moment)
    make_role_groups()
    supervisor = UserFactory(role=Role.SUPERVISOR, branch=branch)
    put_into_role_groups([supervisor])
    browser = Client()
    browser.force_login(supervisor)

    answer = browser.post(
        reverse("admin:followups_followup_changelist"), {"action": "call", "_selected_action": follow_up.pk}
    )

    follow_up.refresh_from_db()
    if not by_rules:
        assert case.customer.phones.get().unseal_number() in answer.content.decode()
        assert follow_up.contact == Contact.objects.get()
        return
    assert answer.status_code == 302
    assert follow_up.contact is None
    assert_refused_until(next_morning(zone, moment), by_rules=by_rules)


@pytest.mark.parametrize(("clock", "by_rules"), INSTANTS_OF_MESSAGES)
def test_a_message_sent_by_the_tick(it_is, branch, zone, clock, by_rules):
    moment = local(zone, *clock)
    case = case_with(NextAction.REMIND, branch=branch, time_zones=[zone], now=local(zone, 7))
    reminder = message(case, due_at=local(zone, 7))
    it_is(moment)

    dispatch_messages.apply(throw=True)

    reminder = Message.objects.get(pk=reminder.pk)
    if not by_rules:
        assert reminder.status == "SENT"
        assert SentMessage.objects.get().message == reminder
        assert reminder.contact == Contact.objects.get()
        return
    assert (reminder.status, reminder.deferrals) == ("PENDING", 1)
    assert reminder.due_at == next_morning(zone, moment)
    assert not SentMessage.objects.exists()
    assert_refused_until(next_morning(zone, moment), by_rules=by_rules)


@pytest.mark.parametrize(
    ("hour", "open_"), [(8, False), (9, False), (10, True), (20, True), (21, False), (22, False)]
)
def test_every_zone_a_customer_may_be_in_is_open(it_is, hour, open_):
    """Urumqi lives two hours after Shanghai, and nobody knows by which clock."""
    moment = local("Asia/Shanghai", hour)
    reminder = message(
        case_with(
            NextAction.REMIND, time_zones=["Asia/Shanghai", "Asia/Urumqi"], now=local("Asia/Shanghai", 7)
        ),
        due_at=local("Asia/Shanghai", 7),
    )
    it_is(moment)

    dispatch_messages.apply(throw=True)

    assert SentMessage.objects.exists() is open_
    if not open_:
        at_ten = local("Asia/Shanghai", 10, day=20 if hour < 10 else 21)
        assert Message.objects.get(pk=reminder.pk).due_at == at_ten


def half_past_ten(zone):
    return local(zone, 10, 30)


@pytest.mark.parametrize("told", ["by Device-Time", "by client_at"])
def test_a_phone_whose_clock_is_wrong_begins_no_visit(it_is, branch, zone, told):
    """It says noon; nobody believes it, and nobody begins by it."""
    moment, noon = half_past_ten(zone), local(zone, 12)
    visit = notified_visit(
        case=case_to_visit(branch=branch, time_zones=[zone], now=local(zone, 7)), start=moment
    )
    it_is(moment)

    answer = check_in(visit, moment, client_at=noon, device_time=noon if told == "by Device-Time" else None)

    assert answer.status_code == 403
    assert Refusal.objects.get().rule_ids == ["CLOCK"]
    assert Visit.objects.get().status == "NOTIFIED"
    assert not Contact.objects.exists()


def test_a_strange_time_from_a_phone_whose_clock_is_right_is_kept_as_it_was_told(it_is, branch, zone):
    moment, noon = half_past_ten(zone), local(zone, 12)
    visit = notified_visit(
        case=case_to_visit(branch=branch, time_zones=[zone], now=local(zone, 7)), start=moment
    )
    it_is(moment)

    answer = check_in(visit, moment, client_at=noon, device_time=moment)

    arrived = CheckIn.objects.get(visit=visit)
    assert answer.status_code == 201
    assert (arrived.client_at, arrived.received_at) == (noon, moment)
    assert (arrived.clock_offset, arrived.clock_doubt) == (timedelta(0), "")


def test_the_databases_clock_has_the_last_word(it_is, database_clock):
    """The web server believes that it is noon."""
    visit = notified_visit(start=local("Asia/Shanghai", 10))
    it_is(local("Asia/Shanghai", 12))  # and so does the phone
    database_clock(local("Asia/Shanghai", 21))

    answer = check_in(visit, local("Asia/Shanghai", 12))

    assert answer.status_code == 403
    assert Refusal.objects.get().rule_ids == ["CLOCK"]
    assert not Contact.objects.exists()
    assert Visit.objects.get().status == "NOTIFIED"
