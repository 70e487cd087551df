"""A restriction calls off messages and calls at once, and nobody is left waiting at the door."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Case, Phone
from accounts.models.cases import NextAction
from compliance.area_restrictions import enter_area_restriction
from compliance.models import Stoppage
from compliance.restrictions import enter_restriction, lift_restriction
from compliance.special_care import EFFECTS, Effect
from compliance.terms import Channel, Purpose, RestrictionKind
from followups.calls import call as make_call
from followups.calls import finish_call
from followups.dispatch import dispatch_due
from followups.models import FollowUp, Message, MessageEvent
from followups.models.actions import Outcome
from followups.models.messages import CancelReason, MessageStatus
from followups.outbox import move
from followups.queueing import queue_visit_notices
from followups.worklist import queue_follow_ups
from tests.accounts.factories import BranchFactory
from tests.accounts.people import make_everybody_somebody_else
from tests.followups.factories import DAY, TEN, Hands, case_with, claimed, message, system
from tests.visits.factories import case_to_visit, notified_visit, planned_visit
from visits.models import Visit
from visits.models.visits import Status

HOUR, A_MOMENT = timedelta(hours=1), timedelta(microseconds=1)
NINE = TEN - HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture(autouse=True)
def clock(db, database_clock):
    database_clock(TEN)
    return database_clock


def restrict(customer, kind=RestrictionKind.HOSPITAL, *, now=TEN, **changes):
    given = {
        "customer": customer,
        "kind": kind,
        "channels": [],
        "starts_at": now,
        "ends_at": now + 2 * DAY,
        "evidence": "no. 17",
        "evidence_kind": EFFECTS[kind].proof[0],
        "by": system(),
        "now": now,
    }
    return enter_restriction(**{**given, **changes})


def to_call(case=None):
    case = case or case_with(NextAction.CALL)
    return FollowUp.objects.create(
        case=case,
        customer=case.customer,
        kind="CALL",
        due_on=TEN.date(),
        created_at=TEN,
        created_by=system(),
    )


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


def dispatch(now=TEN, hands=None):
    """What was handed over at `now`, by the clock of the database too."""
    hands = hands or Hands()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [now.isoformat()])
        dispatch_due(gateway=hands, clock=lambda: now, by=system())
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
    return hands.taken


# Messages


@pytest.mark.parametrize("hand", [lambda row: row, claimed])
def test_a_message_that_has_not_left_is_called_off_with_its_event(hand):
    row = hand(message())
    old = row.status

    restrict(row.customer)

    row = as_it_is(row)
    assert (row.status, row.cancel_reason) == (MessageStatus.CANCELLED, CancelReason.RESTRICTED)
    step = MessageEvent.objects.get(message=row, new=MessageStatus.CANCELLED)
    assert (step.old, step.at, step.by, step.detail) == (old, TEN, system(), {"reason": "RESTRICTED"})
    assert Stoppage.objects.get().messages == 1
    assert dispatch() == []


@pytest.mark.parametrize(
    "status", [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.BLOCKED]
)
def test_what_has_left_is_left_alone(status):
    row = message()
    if status == MessageStatus.BLOCKED:
        move(claimed(row), to=status, by=system(), now=TEN)
    else:
        dispatch()
    before = as_it_is(row).status

    restrict(row.customer)

    assert as_it_is(row).status == before


@pytest.mark.parametrize("kind", RestrictionKind)
def test_each_kind_stops_messages_as_the_table_says(kind):
    row = message()

    restrict(row.customer, kind)

    stops = EFFECTS[kind].written.stops
    assert as_it_is(row).status == (MessageStatus.CANCELLED if stops else MessageStatus.PENDING)


def test_a_restriction_of_other_channels_lets_the_message_be():
    row = message()

    restrict(row.customer, RestrictionKind.DO_NOT_CONTACT, channels=[Channel.VISIT, Channel.CALL])

    assert as_it_is(row).status == MessageStatus.PENDING


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "off"),
    [
        (TEN - DAY, TEN, False),
        (TEN - DAY, TEN + HOUR, False),
        (TEN - DAY, TEN + HOUR + A_MOMENT, True),
        (TEN + HOUR, TEN + DAY, True),
        (TEN + HOUR + A_MOMENT, TEN + DAY, False),
    ],
)
def test_only_messages_due_while_it_binds_are_called_off(starts_at, ends_at, off):
    row = message(due_at=TEN + HOUR)

    restrict(row.customer, starts_at=starts_at, ends_at=ends_at)

    assert as_it_is(row).status == (MessageStatus.CANCELLED if off else MessageStatus.PENDING)


def test_somebody_elses_message_goes_out():
    row, other = message(), message()

    restrict(row.customer)

    assert [pk for pk, *_ in dispatch()] == [other.pk]


def test_lifting_brings_nothing_back():
    row = message()
    entered = restrict(row.customer)

    lift_restriction(entered, by=system(), now=TEN)

    assert as_it_is(row).status == MessageStatus.CANCELLED


# Calls


@pytest.mark.parametrize("kind", RestrictionKind)
def test_each_kind_stops_calls_as_the_table_says(kind):
    call = to_call()

    restrict(call.customer, kind)

    call = as_it_is(call)
    if EFFECTS[kind].call.stops:
        assert (call.status, call.outcome) == ("CANCELLED", "OVERTAKEN")
    else:
        assert EFFECTS[kind].call in (Effect.NONE, Effect.WARN)
        assert call.status == "OPEN"


def test_a_lost_call_becomes_the_supervisors_matter_and_stays_it():
    call = to_call()

    restrict(call.customer)
    queue_follow_ups(by=system(), now=TEN)

    task = FollowUp.objects.open().get(case=call.case)
    assert (task.kind, task.due_on) == ("SUPERVISOR", TEN.date())
    assert Case.objects.get(pk=call.case_id).next_action == NextAction.SUPERVISOR
    assert Stoppage.objects.get().calls == 1


def test_a_call_that_was_made_waits_for_its_outcome():
    call = to_call()
    make_call(call, by=system(), now=TEN)

    restrict(call.customer)
    finish_call(as_it_is(call), outcome=Outcome.DISPUTE, by=system(), now=TEN)

    assert as_it_is(call).status == "DONE"
    assert Case.objects.get(pk=call.case_id).next_action == NextAction.RESOLVE_DISPUTE


def test_what_a_call_stops_is_called_off_and_its_outcome_says_what_is_next():
    case = case_to_visit(now=TEN - 2 * HOUR)
    visit = planned_visit(case=case, start=TEN + HOUR, now=NINE)
    call = to_call(case)
    make_call(call, by=system(), now=TEN)

    finish_call(as_it_is(call), outcome=Outcome.DISPUTE, by=system(), now=TEN)

    assert as_it_is(visit).status == Status.CANCELLED
    assert Case.objects.get(pk=case.pk).next_action == NextAction.RESOLVE_DISPUTE


# Nobody waits at the door


def announced_visit(*, start=TEN + HOUR):
    visit = planned_visit(start=start, now=NINE, case=case_to_visit(now=NINE))
    queue_visit_notices(by=system(), now=NINE)
    dispatch(now=NINE)
    assert as_it_is(visit).status == Status.NOTIFIED
    return visit


def test_who_was_told_of_a_visit_is_told_that_it_is_off(clock):
    visit = announced_visit()

    restrict(visit.customer, RestrictionKind.VISIT_REFUSED)

    waiting = Message.objects.get(purpose="VISIT_OFF")
    assert (waiting.purpose, waiting.visit, waiting.expires_at) == (
        Purpose.VISIT_OFF, visit, visit.planned_end,
    )  # fmt: skip
    ((_pk, _to, text),) = dispatch()
    assert "11月20日" in text
    assert "取消" in text
    assert as_it_is(waiting).status == MessageStatus.SENT
    assert as_it_is(visit).status == Status.CANCELLED


def test_a_visit_that_only_needs_an_override_is_off_and_told():
    visit = announced_visit()

    restrict(visit.customer, RestrictionKind.PREGNANCY)

    assert as_it_is(visit).status == Status.CANCELLED
    assert len(dispatch()) == 1


@pytest.mark.parametrize("kind", [RestrictionKind.BEREAVEMENT, RestrictionKind.COMPLAINT])
def test_where_nothing_may_be_written_the_supervisor_sees_to_it_today(kind):
    visit = announced_visit()

    restrict(visit.customer, kind)
    queue_follow_ups(by=system(), now=TEN)

    assert not Message.objects.filter(purpose="VISIT_OFF").exists()
    task = FollowUp.objects.open().get(case=visit.case)
    assert (task.kind, task.visit, task.due_on) == ("SUPERVISOR", visit, TEN.date())
    assert task.note


def test_without_a_mobile_the_supervisor_sees_to_it():
    visit = notified_visit(start=TEN + HOUR, now=NINE, case=case_to_visit(now=NINE))
    Phone.objects.filter(customer=visit.customer).update(withdrawn_at=TEN)

    restrict(visit.customer, RestrictionKind.VISIT_REFUSED)

    assert FollowUp.objects.open().get().visit == visit


def test_a_customer_who_may_have_been_told_counts_as_told():
    visit = planned_visit(start=TEN + HOUR, now=NINE, case=case_to_visit(now=NINE))
    queue_visit_notices(by=system(), now=NINE)
    dispatch(now=NINE, hands=Hands(TimeoutError()))
    assert Message.objects.get().status == MessageStatus.UNKNOWN

    restrict(visit.customer, RestrictionKind.VISIT_REFUSED)

    assert Message.objects.filter(visit=visit, purpose="VISIT_OFF").count() == 1


def test_a_message_on_its_way_cannot_be_recalled_and_counts_as_told():
    visit = planned_visit(start=TEN + HOUR, now=NINE, case=case_to_visit(now=NINE))
    queue_visit_notices(by=system(), now=NINE)

    class StoppedMeanwhile(Hands):
        def send(self, **message):
            if self.taken:
                return super().send(**message)
            assert Message.objects.get().status == MessageStatus.SENDING
            restrict(visit.customer, RestrictionKind.VISIT_REFUSED, now=NINE)
            return super().send(**message)

    dispatch(now=NINE, hands=StoppedMeanwhile())

    assert as_it_is(visit).status == Status.CANCELLED
    assert set(Message.objects.values_list("status", "purpose")) == {
        ("SENT", "VISIT_NOTICE"),
        ("SENT", "VISIT_OFF"),
    }


def test_who_was_not_told_hears_nothing_and_the_announcement_is_called_off():
    visit = planned_visit(start=TEN + HOUR, now=NINE, case=case_to_visit(now=NINE))
    queue_visit_notices(by=system(), now=NINE)

    restrict(visit.customer, RestrictionKind.VISIT_REFUSED)

    assert Message.objects.get().status == MessageStatus.CANCELLED
    assert dispatch() == []
    assert not FollowUp.objects.exists()


def test_a_visit_whose_time_is_over_is_called_off_without_a_word():
    visit = announced_visit(start=TEN)
    late = visit.planned_end

    restrict(visit.customer, RestrictionKind.VISIT_REFUSED, now=late, starts_at=TEN)

    assert as_it_is(visit).status == Status.CANCELLED
    assert not Message.objects.filter(purpose="VISIT_OFF").exists()


# Areas


def test_a_disaster_area_stops_its_messages_and_calls_set_wise():
    branch = BranchFactory()

    def everything(number, *, code):
        for _ in range(number):
            message(living_at(code, case_with(NextAction.REMIND, branch=branch)))
            to_call(living_at(code, case_with(NextAction.CALL, branch=branch)))
        case = living_at(code, case_to_visit(branch=branch, now=NINE))
        planned_visit(start=TEN + HOUR, now=NINE, case=case)

    def living_at(code, case):
        case.customer.addresses.update(district_code=code)
        return case

    def strike(prefix):
        return enter_area_restriction(
            prefix=prefix, name="昆都仑区", starts_at=TEN, ends_at=None, declared_by="x", evidence="x",
            by=system(), now=TEN,
        )  # fmt: skip

    everything(2, code="110101")
    everything(9, code="120101")
    queue_visit_notices(by=system(), now=NINE)
    dispatch(now=NINE)
    with CaptureQueriesContext(connection) as few:
        strike("11")
    with CaptureQueriesContext(connection) as many:
        last = strike("12")

    assert len(many) == len(few)
    kept = last.stoppages.get(branch=branch)
    assert (kept.visits, kept.messages, kept.calls) == (1, 9, 9)
    assert not Message.objects.filter(status__in=["PENDING", "CLAIMED"]).exists()
    assert not Visit.objects.live().exists()
    assert set(FollowUp.objects.open().values_list("kind", flat=True)) == {"SUPERVISOR"}
