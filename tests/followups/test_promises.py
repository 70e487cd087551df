from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from accounts.cases import CaseClosed
from accounts.models import Case
from accounts.models.cases import NextAction
from followups.models import Promise
from followups.models.promises import PromiseStatus
from followups.promises import BadPromise, Conflict
from followups.promises import promise as take_promise
from followups.worklist import queue_follow_ups
from tests.accounts.factories import BranchFactory, UserFactory
from tests.followups.factories import DAY, NEW_YORK, TEN, TODAY, case_with, close, promise, system
from tests.visits.factories import check_out, confirmed_visit, finished_visit, notified_visit, record
from visits.models import Visit
from visits.transitions import NotAllowed


def test_a_promise_is_kept_on_record_and_its_case_awaits_the_payment(db):
    made = promise(amount="1000.00", due_on=TODAY + 3 * DAY)

    case = Case.objects.get(pk=made.case_id)
    assert (made.amount, made.currency, made.status) == (Decimal("1000.00"), "CNY", PromiseStatus.OPEN)
    assert made.customer == case.customer
    assert (case.next_action, case.next_action_on) == (NextAction.AWAIT_PAYMENT, TODAY + 4 * DAY)


def test_the_same_promise_again_gives_the_same_row(db):
    case, reference = case_with(NextAction.CALL), uuid4()
    first = promise(case, reference=reference)

    again = promise(case, reference=reference, now=TEN + timedelta(hours=3))

    assert again == first
    assert again.made_at == first.made_at
    assert Promise.objects.count() == 1


def test_a_replay_is_answered_even_when_it_could_not_be_taken_any_more(db):
    case, reference = case_with(NextAction.CALL), uuid4()
    first = promise(case, reference=reference)
    close(case)

    assert promise(case, reference=reference) == first


@pytest.mark.parametrize("other", [{"amount": "1000.01"}, {"due_on": TODAY + 4 * DAY}])
def test_the_same_reference_for_another_promise_conflicts(db, other):
    case, reference = case_with(NextAction.CALL), uuid4()
    promise(case, reference=reference)

    with pytest.raises(Conflict):
        promise(case, reference=reference, **other)


@pytest.mark.parametrize("amount", ["0.01", "5000.00"])
def test_any_amount_up_to_what_is_overdue_can_be_promised(db, amount):
    assert promise(amount=amount).amount == Decimal(amount)


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "5000.01", "10.005"])
def test_an_amount_that_makes_no_sense_is_refused_with_its_field(db, amount):
    with pytest.raises(BadPromise) as bad:
        promise(amount=amount)

    assert bad.value.field == "amount"


@pytest.mark.parametrize("days", [0, 31])
def test_any_day_from_today_to_a_month_on_can_be_promised(db, days):
    assert promise(due_on=TODAY + days * DAY).due_on == TODAY + days * DAY


@pytest.mark.parametrize("days", [-1, 32])
def test_a_day_outside_the_month_is_refused_with_its_field(db, days):
    with pytest.raises(BadPromise) as bad:
        promise(due_on=TODAY + days * DAY)

    assert bad.value.field == "due_on"


def test_today_is_the_local_date_of_the_branch(db):
    branch = BranchFactory(time_zone="America/New_York")
    late_in_new_york = datetime(2026, 11, 20, 23, 30, tzinfo=NEW_YORK)
    case = case_with(NextAction.CALL, branch=branch, now=late_in_new_york)

    assert promise(case, due_on=date(2026, 11, 20), now=late_in_new_york).due_on == date(2026, 11, 20)


def test_nothing_is_promised_on_a_closed_case(db):
    case = case_with(NextAction.CALL)
    close(case)

    with pytest.raises(CaseClosed):
        promise(case)


class TestOnAVisit:
    @pytest.fixture(autouse=True)
    def ten_o_clock(self, db, database_clock):
        database_clock(TEN)

    def test_while_it_is_under_way(self):
        visit = confirmed_visit()

        assert promise(visit.case, visit=visit).visit == visit

    def test_later_on_the_day_it_was_done(self):
        visit = finished_visit()

        assert promise(visit.case, visit=visit, now=TEN.replace(hour=23, minute=59)).visit == visit

    def test_not_on_the_next_day(self):
        visit = finished_visit()

        with pytest.raises(NotAllowed):
            promise(visit.case, visit=visit, now=(TEN + DAY).replace(hour=0, minute=0))

    def test_not_before_it_begins(self):
        visit = notified_visit()

        with pytest.raises(NotAllowed):
            promise(visit.case, visit=visit)

    def test_not_for_another_case(self):
        visit = confirmed_visit()

        with pytest.raises(NotAllowed):
            promise(case_with(NextAction.CALL), visit=visit)

    def test_the_promised_day_survives_the_check_out(self):
        visit = confirmed_visit()
        made = promise(visit.case, visit=visit, due_on=TODAY + 20 * DAY)
        record(visit)
        check_out(Visit.objects.get(pk=visit.pk))

        queue_follow_ups(by=system(), now=TEN)

        case = Case.objects.get(pk=visit.case_id)
        assert (case.next_action, case.next_action_on) == (NextAction.AWAIT_PAYMENT, made.last_day)


def test_eight_retries_at_once_make_one_promise(committed_db):
    case, reference = case_with(NextAction.CALL), uuid4()
    agent = UserFactory(branch=case.branch)
    start, rows = Barrier(8), []

    def retry():
        start.wait()
        made = take_promise(
            case=case, reference=reference, amount=Decimal("100.00"), due_on=TODAY, by=agent, now=TEN
        )
        rows.append(made.pk)
        connection.close()

    threads = [Thread(target=retry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(rows) == 8
    assert set(rows) == {Promise.objects.get().pk}


def test_the_database_refuses_a_promise_on_anothers_case(db):
    made, stranger = promise(), case_with(NextAction.CALL)

    with pytest.raises(IntegrityError, match="promise_case_of_customer"), transaction.atomic():
        Promise.objects.filter(pk=made.pk).update(customer=stranger.customer)
