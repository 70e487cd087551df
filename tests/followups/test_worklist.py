from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.cases import set_next_action
from accounts.models import Case
from accounts.models.cases import NextAction, Stage
from followups.calls import call
from followups.models import FollowUp
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from followups.worklist import FOR_A_PERSON, KINDS, queue_follow_ups
from tests.followups.factories import DAY, TEN, TODAY, case_with, close, promise, system
from tests.visits.factories import abort, assess, finished_visit, visit_under_way
from visits.models.on_site import AbortReason, Party, Result

LATER = TEN + timedelta(hours=1)


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock):
    database_clock(TEN)


def queue(now=LATER):
    return queue_follow_ups(by=system(), now=now)


def test_every_next_action_has_a_kind_of_follow_up():
    assert KINDS.keys() == set(NextAction)
    assert set(KINDS.values()) == set(FollowUpKind)


@pytest.mark.parametrize(
    ("result", "kind", "due_on"),
    [
        (Result.PROMISE, FollowUpKind.CHECK_PAYMENT, TODAY + 7 * DAY),
        (Result.HARDSHIP, FollowUpKind.HARDSHIP_PLAN, TODAY + 2 * DAY),
        (Result.REFUSES_TO_PAY, FollowUpKind.SUPERVISOR, TODAY + 2 * DAY),
        (Result.DISPUTE, FollowUpKind.RESOLVE_DISPUTE, TODAY + DAY),
    ],
)
def test_a_finished_visit_gets_the_follow_up_its_result_asks_for(result, kind, due_on):
    visit = finished_visit(result=result)

    assert queue() == 1

    row = FollowUp.objects.get()
    assert (row.visit, row.case, row.customer) == (visit, visit.case, visit.customer)
    assert (row.kind, row.due_on, row.status) == (kind, due_on, FollowUpStatus.OPEN)


def test_so_does_one_that_was_broken_off():
    visit = visit_under_way()
    abort(visit, kind=AbortReason.NO_ACCESS)

    assert queue() == 1
    assert FollowUp.objects.get().kind == FollowUpKind.REVISIT


def test_nobody_met_means_another_visit():
    finished_visit(party=Party.NOBODY, result=Result.NO_CONTACT)

    queue()

    assert FollowUp.objects.get().kind == FollowUpKind.REVISIT


def test_the_second_tick_adds_nothing():
    finished_visit()
    queue()

    assert queue() == 0
    assert FollowUp.objects.count() == 1


def test_a_visit_that_is_not_finished_has_none():
    visit_under_way()

    assert queue() == 0


def test_a_visit_on_a_case_that_closed_needs_none():
    close(finished_visit().case)

    assert queue() == 0


@pytest.mark.parametrize("action", sorted(FOR_A_PERSON))
def test_a_case_that_is_due_for_a_person_gets_one_without_a_visit(action):
    case = case_with(action)

    assert queue() == 1

    row = FollowUp.objects.get()
    assert (row.case, row.visit, row.kind, row.due_on) == (case, None, KINDS[action], TODAY)


@pytest.mark.parametrize("action", sorted(set(NextAction) - FOR_A_PERSON))
def test_what_goes_on_by_itself_needs_nobody(action):
    case_with(action)

    assert queue() == 0


def test_not_before_its_day():
    case_with(NextAction.CALL, on=TODAY + DAY)

    assert queue() == 0


def test_a_promised_payment_is_judged_by_the_feed_not_by_a_person():
    made = promise(due_on=TODAY)

    assert queue(now=TEN + 2 * DAY) == 0
    assert Case.objects.get(pk=made.case_id).next_action == NextAction.AWAIT_PAYMENT


class TestOvertaken:
    def test_another_next_action_takes_the_place_of_the_old(self):
        case = case_with(NextAction.CALL)
        queue()
        set_next_action(case.pk, action=NextAction.SUPERVISOR, on=TODAY, by=system(), now=LATER)

        queue()

        kinds = dict(FollowUp.objects.values_list("kind", "status"))
        assert kinds == {"CALL": FollowUpStatus.CANCELLED, "SUPERVISOR": FollowUpStatus.OPEN}
        assert FollowUp.objects.get(kind="CALL").outcome == Outcome.OVERTAKEN

    def test_a_closed_case_needs_nothing_done(self):
        case = case_with(NextAction.CALL)
        queue()
        close(case)

        queue()

        assert FollowUp.objects.get().status == FollowUpStatus.CANCELLED

    def test_a_later_visit_takes_over(self):
        case = case_with(NextAction.SUPERVISOR, now=TEN - timedelta(hours=2))
        queue(now=TEN - timedelta(hours=1))
        old = FollowUp.objects.get()
        assess(case, now=TEN - timedelta(hours=2))
        set_next_action(
            case.pk, action=NextAction.VISIT, on=TODAY, stage=Stage.PLANNING, by=system(), now=TEN
        )
        finished_visit(case=case, result=Result.REFUSES_TO_PAY)

        queue()

        old.refresh_from_db()
        assert old.status == FollowUpStatus.CANCELLED
        assert FollowUp.objects.open().get().visit is not None

    def test_a_new_day_of_the_same_action_moves_the_due_date(self):
        case = case_with(NextAction.CALL)
        queue()
        set_next_action(case.pk, action=NextAction.CALL, on=TODAY + 3 * DAY, by=system(), now=LATER)

        queue()

        row = FollowUp.objects.get()
        assert (row.status, row.due_on) == (FollowUpStatus.OPEN, TODAY + 3 * DAY)

    def test_a_call_that_was_made_waits_for_its_outcome(self):
        case = case_with(NextAction.CALL)
        queue(now=TEN)
        call(FollowUp.objects.get(), by=system(), now=TEN)
        set_next_action(case.pk, action=NextAction.WATCH, on=TODAY, by=system(), now=LATER)

        queue()

        assert FollowUp.objects.get().status == FollowUpStatus.OPEN


def test_the_number_of_queries_is_the_same_for_one_and_for_many():
    def queries():
        case_with(NextAction.CALL)
        by = system()
        with CaptureQueriesContext(connection) as caught:
            queue_follow_ups(by=by, now=LATER)
        return len(caught)

    finished_visit()
    few = queries()
    for _ in range(3):
        finished_visit()
        case_with(NextAction.SUPERVISOR)

    assert queries() == few
