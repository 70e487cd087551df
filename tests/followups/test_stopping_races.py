"""A restriction entered while somebody else is at work on the same customer, each on a connection of their own."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models.cases import NextAction
from compliance import gate
from compliance.area_restrictions import enter_area_restriction
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import Contact, Restriction
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from followups.dispatch import dispatch_due
from followups.models import Message
from tests.accounts.factories import BranchFactory
from tests.accounts.people import make_everybody_somebody_else
from tests.followups.factories import TEN, Hands, case_with, message, system
from tests.visits.factories import case_to_visit, proposed_visit, record, visit_under_way
from tests.visits.factories import check_out as leave
from tests.visits.racing import at_once
from visits.models import Visit
from visits.models.on_site import Result
from visits.models.visits import Status
from visits.planning import accept_plan

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture(autouse=True)
def clock(committed_db, database_clock):
    database_clock(TEN)


def enter(customer, kind=RestrictionKind.BEREAVEMENT):
    return enter_restriction(
        customer=customer, kind=kind, channels=[], starts_at=TEN, ends_at=None, evidence="x", by=system(), now=TEN
    )  # fmt: skip


def enter_area():
    return enter_area_restriction(
        prefix="15", name="x", starts_at=TEN, ends_at=None, declared_by="x", evidence="x", by=system(), now=TEN
    )  # fmt: skip


@contextmanager
def meanwhile(act):
    """`act` runs on another connection while the body does; the body sees it wait for a lock."""
    done = threading.Event()

    def go():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
            act()
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=go)
    yield thread, done
    thread.join(timeout=30)
    assert done.is_set()


def wait_until_somebody_waits():
    """Until another connection of this database waits for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("Nobody waits for a lock.")


@pytest.mark.parametrize("restrict", [lambda case: enter(case.customer), lambda case: enter_area()])
def test_an_entry_waits_for_a_contact_being_cleared_and_none_follows(restrict):
    case = case_with(NextAction.REMIND)
    ask = Ask(case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, TEN, TEN)
    with (
        meanwhile(lambda: restrict(case)) as (entering, done),
        gate.clearance(ask, by=system(), now=TEN) as clearance,
    ):
        entering.start()
        wait_until_somebody_waits()
        assert not done.is_set()
        gate.make_contact(clearance, by=system(), now=TEN)

    assert Contact.objects.count() == 1
    if (
        Restriction.objects.exists()
    ):  # the rule of areas reads `load_area_restrictions`, tested with the rules
        with pytest.raises(Refused), gate.clearance(ask, by=system(), now=TEN):
            pass


def test_a_dispatcher_that_has_claimed_a_message_sends_nothing_after_the_entry():
    rows = [message() for _ in range(8)]
    hands = Hands()

    at_once(
        [lambda: dispatch_due(gateway=hands, clock=lambda: TEN, by=system())]
        + [lambda row=row: enter(row.customer) for row in rows],
        lambda act: act(),
    )

    sent = {pk for pk, *_ in hands.taken}
    for row in Message.objects.all():
        assert row.status == ("SENT" if row.pk in sent else "CANCELLED")
    assert Contact.objects.count() == len(sent)


def test_a_plan_being_accepted_leaves_no_planned_visit_of_a_restricted_customer():
    for _ in range(4):
        branch = BranchFactory()
        visit = proposed_visit(
            case=case_to_visit(branch=branch, now=TEN - HOUR), start=TEN + HOUR, now=TEN - HOUR
        )

        answers = at_once(
            [
                lambda visit=visit: accept_plan(visit.plan, by=visit.plan.proposed_by, now=TEN - HOUR),
                lambda visit=visit: enter(visit.customer),
            ],
            lambda act: act(),
        )

        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert Visit.objects.get(pk=visit.pk).status == Status.CANCELLED


def test_acceptance_that_waited_for_the_entry_goes_on_with_the_others():
    branch = BranchFactory()
    visit = proposed_visit(
        case=case_to_visit(branch=branch, now=TEN - HOUR), start=TEN + HOUR, now=TEN - HOUR
    )
    answers = []

    def accept():
        answers.append(accept_plan(visit.plan, by=visit.plan.proposed_by, now=TEN - HOUR))

    with meanwhile(accept) as (accepting, _done), gate.transaction.atomic():
        enter(visit.customer)
        accepting.start()
        wait_until_somebody_waits()

    assert answers == [None]
    assert Visit.objects.get(pk=visit.pk).status == Status.CANCELLED


def test_leaving_the_door_with_a_dispute_and_an_entry_from_the_office_do_not_wait_in_a_circle():
    for _ in range(4):
        visit = visit_under_way()
        record(visit, result=Result.DISPUTE)

        answers = at_once(
            [lambda visit=visit: leave(visit), lambda visit=visit: enter(visit.customer)], lambda act: act()
        )

        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert Restriction.objects.filter(customer=visit.customer).count() == 2


def test_two_entries_for_overlapping_areas_do_not_wait_in_a_circle():
    for _ in range(6):
        case_with(NextAction.REMIND)

    answers = at_once([enter_area] * 3, lambda act: act())

    assert not [answer for answer in answers if isinstance(answer, Exception)]
