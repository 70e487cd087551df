"""From the bank's files to a closed case, with every process real and the clock left alone."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Case
from accounts.models.cases import CaseStatus, NextAction, Stage
from compliance.gate import Purpose
from compliance.models import Clearance, Contact, Refusal
from config.play.phone import Log, Phone
from config.play.rounds import check_in_words, place_near
from followups.models import Message, Promise, SentMessage
from followups.models.messages import MessageStatus
from followups.models.promises import PromiseStatus
from tests.e2e.desk import have_the_day_planned
from tests.e2e.world import (
    LATE_EVENING,
    NOON,
    TO_BE_REMINDED,
    TO_BE_VISITED,
    Feed,
    open_office,
    zone_where_it_is,
)
from visits.models import Visit
from visits.models.visits import Status

pytestmark = pytest.mark.e2e

A_DAY = timedelta(days=1)


def case_of(customer):
    return Case.objects.get(customer__bank_number=customer)


def sent(case, purpose):
    return SentMessage.objects.filter(message__case=case, message__purpose=purpose)


def test_from_feed_to_closed_case(branch, tmp_path):
    office = open_office("DAY", zone=zone_where_it_is(NOON))
    yesterday = office.today - A_DAY

    # The bank delivers its files; a case opens, is verified, and the tick assesses it.
    feed = Feed(office)
    customer = feed.customer(1, overdue="5000.00", facts=TO_BE_VISITED)
    feed.deliver(tmp_path / "first", as_of=yesterday, source="day")
    case = case_of(customer)
    branch.await_(lambda: case_of(customer).stage == Stage.PLANNING, "assessed")
    assert case_of(customer).next_action == NextAction.VISIT

    # The supervisor has a day planned and accepts it at the desk.
    have_the_day_planned(branch.address, office)
    visit = Visit.objects.get(case=case)
    assert visit.status == Status.PLANNED
    assert Clearance.objects.get(pk=visit.plan_clearance_id).purpose == Purpose.VISIT_PLAN

    # Beat and worker tell the customer.
    branch.await_(lambda: Visit.objects.get(pk=visit.pk).status == Status.NOTIFIED, "customer notified")
    assert sent(case, Purpose.VISIT_NOTICE).count() == 1

    # An agent goes there, and everything is told over HTTP.
    promise = go_there(branch, office, visit)
    assert Visit.objects.get(pk=visit.pk).status == Status.DONE
    assert case_of(customer).next_action == NextAction.AWAIT_PAYMENT
    branch.await_(lambda: case.follow_ups.exists(), "a follow-up drawn up")

    # It is the promised day: the promise is made a day older, since reminders go out at 09:30 of the two days.
    Promise.objects.filter(pk=promise.pk).update(made_at=promise.made_at - A_DAY)
    branch.await_(lambda: sent(case, Purpose.PROMISE_REMINDER).exists(), "promise reminder sent")
    reminder = Message.objects.get(case=case, purpose=Purpose.PROMISE_REMINDER)
    assert reminder.status == MessageStatus.SENT
    assert reminder.contact.clearance.customer_id == case.customer_id

    # The payment arrives with the next files.
    feed = Feed(office)
    feed.account(customer, overdue="0.00")
    feed.payment(customer, "5000.00", received_at=timezone.now())
    feed.deliver(tmp_path / "second", as_of=office.today, source="day")
    branch.await_(lambda: Promise.objects.get(pk=promise.pk).status == PromiseStatus.KEPT, "promise kept")
    assert case_of(customer).status == CaseStatus.CLOSED
    assert Promise.objects.get(pk=promise.pk).paid_amount == Decimal("5000.00")

    assert_each_contact_was_lawful(office)


def go_there(branch, office, visit):
    """Check in, record, promise for today, check out."""
    agent = office.log_ins[1]
    phone = Phone(branch.address, agent["username"], agent["password"], Log(), tell=print)
    phone.log_in()
    (seen,) = phone.today()
    assert seen["id"] == str(visit.pk)
    dice = Random(1)

    assert phone.report(seen["id"], "check-in", check_in_words(seen, dice)).taken
    assert seen["case"]["overdue_amount"] is None
    confirmed = {"party": "DEBTOR", "factors": ["FULL_NAME", "IDENTITY_DOCUMENT"]}
    assert phone.report(seen["id"], "confirm-identity", confirmed).taken
    assert phone.visit(seen["id"])["case"]["overdue_amount"] == "5000.00"
    found = {"party": "DEBTOR", "address_state": "VALID", "result": "PROMISE", "notes": "答应今天还清。"}
    assert phone.report(seen["id"], "record", found).taken
    words = {"amount": "5000.00", "due_on": office.today.isoformat()}
    promised = phone.report(seen["id"], "promises", words)
    assert promised.taken, promised
    assert phone.report(seen["id"], "check-out", {"place": place_near(seen, dice)}).taken
    phone.close()
    return Promise.objects.get(pk=promised.said["id"])


def test_the_same_reminder_by_day_and_by_night(branch, tmp_path):
    by_day = open_office("NOON", zone=zone_where_it_is(NOON))
    by_night = open_office("NIGHT", zone=zone_where_it_is(LATE_EVENING))
    customers = {}
    for office in (by_day, by_night):
        feed = Feed(office)
        customers[office.branch.code] = feed.customer(1, overdue="3000.00", facts=TO_BE_REMINDED)
        as_of = office.today - A_DAY
        feed.deliver(tmp_path / office.branch.code, as_of=as_of, source=office.branch.code.lower())

    case = case_of(customers["NOON"])
    branch.await_(lambda: sent(case, Purpose.PAYMENT_REMINDER).exists(), "reminder sent where it is noon")

    case = case_of(customers["NIGHT"])
    branch.await_(lambda: Message.objects.filter(case=case).exists(), "reminder queued where it is night")
    assert is_eight_of_the_next_day(Message.objects.get(case=case).due_at, by_night)
    assert not Refusal.objects.filter(customer=case.customer).exists()

    Message.objects.filter(case=case).update(due_at=timezone.now())
    branch.await_(
        lambda: Refusal.objects.filter(customer=case.customer).exists(), "reminder refused at night"
    )
    branch.await_(lambda: Message.objects.get(case=case).deferrals == 1, "reminder deferred")
    message, refusal = Message.objects.get(case=case), Refusal.objects.get(customer=case.customer)
    local = refusal.at.astimezone(ZoneInfo(by_night.zone))
    assert message.status == MessageStatus.PENDING
    assert message.due_at == refusal.next_allowed_at
    assert is_eight_of_the_next_day(message.due_at, by_night)
    assert message.last_refusal == refusal
    assert refusal.rule_ids[0] == "WIN-BANK"
    assert refusal.reasons[0]["saw"]["local"] == {by_night.zone: local.isoformat()}
    assert refusal.facts["zones"] == [by_night.zone]
    assert not Contact.objects.filter(customer=case.customer).exists()
    assert not sent(case, Purpose.PAYMENT_REMINDER).exists()


def is_eight_of_the_next_day(at, office):
    return at == datetime.combine(office.today + A_DAY, time(8), ZoneInfo(office.zone))


def assert_each_contact_was_lawful(office):
    contacts = Contact.objects.filter(customer__branch=office.branch)
    assert contacts.exists()
    for contact in contacts:
        local = contact.made_at.astimezone(ZoneInfo(office.zone)).time()
        assert time(8) <= local < time(21)
