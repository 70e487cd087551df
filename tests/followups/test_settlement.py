from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.cases import set_next_action
from accounts.models.cases import NextAction
from followups.consequences import PromisesOfCase, next_action
from followups.models import Promise, PromisePayment
from followups.models.promises import PromiseStatus
from followups.settlement import settle_promises
from followups.settling import Verdict
from risk.models import BehaviourFacts
from tests.accounts.factories import BranchFactory
from tests.followups.factories import (
    DAY,
    NEW_YORK,
    SHANGHAI,
    TEN,
    TODAY,
    case_with,
    close,
    payment,
    promise,
    system,
)

DUE = TODAY + 3 * DAY
CLOSES = datetime(2026, 11, 25, 0, 0, tzinfo=SHANGHAI)  # the end of the 24th, the day of grace
MICROSECOND = timedelta(microseconds=1)


def settle(now=CLOSES):
    return settle_promises(by=system(), now=now)


def as_it_is(row):
    return type(row).objects.get(pk=row.pk)


def test_a_payment_of_the_whole_amount_keeps_the_promise_at_once(db):
    made = promise(amount="1000.00")
    payment(made.case, "1000.00")

    assert settle(now=TEN + DAY) == 1

    kept = as_it_is(made)
    assert (kept.status, kept.paid_amount) == (PromiseStatus.KEPT, Decimal("1000.00"))
    assert kept.settled_at == TEN + DAY


@pytest.mark.parametrize(
    ("now", "status"), [(CLOSES - MICROSECOND, PromiseStatus.OPEN), (CLOSES, PromiseStatus.BROKEN)]
)
def test_without_a_payment_it_is_broken_when_the_day_of_grace_is_over(db, now, status):
    made = promise(due_on=DUE)

    settle(now=now)

    assert as_it_is(made).status == status


def test_the_day_of_grace_ends_by_the_clock_of_the_branch(db):
    branch = BranchFactory(time_zone="America/New_York")
    morning = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
    made = promise(
        case_with(NextAction.CALL, branch=branch, now=morning), due_on=date(2026, 11, 20), now=morning
    )
    closes = datetime(2026, 11, 22, 0, 0, tzinfo=NEW_YORK)

    settle(now=closes - MICROSECOND)
    assert as_it_is(made).status == PromiseStatus.OPEN

    settle(now=closes)
    assert as_it_is(made).status == PromiseStatus.BROKEN


@pytest.mark.parametrize(
    ("received_at", "status"),
    [
        (TEN - MICROSECOND, PromiseStatus.BROKEN),
        (TEN, PromiseStatus.KEPT),
        (CLOSES - MICROSECOND, PromiseStatus.KEPT),
        (CLOSES, PromiseStatus.BROKEN),
    ],
)
def test_a_payment_counts_from_the_promise_to_the_end_of_the_grace(db, received_at, status):
    made = promise(due_on=DUE)
    payment(made.case, received_at=received_at)

    settle(now=CLOSES + DAY)

    assert as_it_is(made).status == status


def test_a_part_is_told_apart_from_nothing(db):
    made = promise(amount="1000.00")
    payment(made.case, "400.00")

    settle()

    partly = as_it_is(made)
    assert (partly.status, partly.paid_amount) == (PromiseStatus.PARTIAL, Decimal("400.00"))


def test_an_open_promise_shows_what_was_paid_so_far(db):
    made = promise(amount="1000.00")
    payment(made.case, "400.00")

    assert settle(now=TEN + 2 * DAY) == 0

    waiting = as_it_is(made)
    assert (waiting.status, waiting.paid_amount, waiting.settled_at) == ("OPEN", Decimal("400.00"), None)


def test_a_payment_imported_late_mends_a_broken_promise(db):
    made = promise()
    settle()
    payment(made.case, received_at=TEN + DAY)

    settle(now=CLOSES + 2 * DAY)

    assert as_it_is(made).status == PromiseStatus.KEPT


def test_a_reversal_undoes_what_the_payment_did(db):
    made = promise(due_on=DUE)
    paid = payment(made.case)
    settle(now=TEN + DAY)
    type(paid).objects.filter(pk=paid.pk).update(reversed_at=TEN + 2 * DAY)

    settle(now=TEN + 2 * DAY)
    reopened = as_it_is(made)
    assert (reopened.status, reopened.paid_amount, reopened.settled_at) == ("OPEN", Decimal(0), None)
    assert not PromisePayment.objects.exists()

    settle()
    assert as_it_is(made).status == PromiseStatus.BROKEN


def test_a_payment_counts_for_the_older_promise_first(db):
    case = case_with(NextAction.CALL)
    newer = promise(case, amount="300.00", due_on=TODAY + DAY, now=TEN + timedelta(hours=1))
    older = promise(case, amount="800.00", due_on=DUE, now=TEN)
    paid = payment(case, "1000.00")

    settle(now=TEN + DAY)

    parts = dict(PromisePayment.objects.filter(payment=paid).values_list("promise", "amount"))
    assert parts == {older.pk: Decimal("800.00"), newer.pk: Decimal("200.00")}
    assert (as_it_is(older).status, as_it_is(newer).status) == (PromiseStatus.KEPT, PromiseStatus.OPEN)


def test_what_counted_for_an_old_settled_promise_does_not_count_again(db):
    case = case_with(NextAction.CALL)
    old = promise(case, amount="1000.00", due_on=TODAY, now=TEN)
    payment(case, "1000.00", received_at=TEN + timedelta(hours=1))
    settle(now=TEN + DAY)
    later = promise(case, amount="1000.00", due_on=TODAY + 31 * DAY, now=TEN + timedelta(minutes=30))

    settle(now=TEN + 120 * DAY)

    assert as_it_is(old).status == PromiseStatus.KEPT
    assert as_it_is(later).paid_amount == 0


def test_the_payments_of_another_customer_do_not_count(db):
    made = promise()
    payment(case_with(NextAction.CALL))

    settle()

    assert as_it_is(made).status == PromiseStatus.BROKEN


def test_a_promise_on_a_case_that_closed_is_never_called_broken(db):
    made = promise()
    close(made.case)

    settle()

    assert as_it_is(made).status == PromiseStatus.CANCELLED


def test_settling_again_changes_nothing(db):
    kept, broken = promise(), promise()
    payment(kept.case)
    settle()
    before = list(Promise.objects.order_by("pk").values())

    assert settle(now=CLOSES + DAY) == 0

    assert list(Promise.objects.order_by("pk").values()) == before
    assert as_it_is(broken).status == PromiseStatus.BROKEN


def test_the_number_of_queries_does_not_grow_with_the_promises(db):
    def settle_with(promises):
        for _ in range(promises):
            payment(promise().case, "400.00")
            promise()
        with CaptureQueriesContext(connection) as queries:
            settle()
        return len(queries)

    few = settle_with(1)

    assert settle_with(8) == few


class TestWhatHappensToTheCase:
    def test_a_broken_promise_asks_for_a_call_today(self, db):
        made = promise()

        settle()

        case = as_it_is(made.case)
        assert (case.next_action, case.next_action_on) == (NextAction.CALL, date(2026, 11, 25))

    def test_the_second_broken_promise_is_the_supervisors(self, db):
        made = promise()
        settle()
        promise(made.case, due_on=TODAY + 6 * DAY, now=CLOSES + DAY)

        settle(now=CLOSES + 5 * DAY)

        assert as_it_is(made.case).next_action == NextAction.SUPERVISOR

    def test_a_kept_promise_is_followed_by_a_reminder_of_the_rest_a_week_later(self, db):
        made = promise()
        payment(made.case)

        settle(now=TEN + DAY)

        case = as_it_is(made.case)
        assert (case.next_action, case.next_action_on) == (NextAction.REMIND, TODAY + 8 * DAY)

    def test_a_planned_visit_or_a_dispute_is_not_put_aside(self, db):
        made = promise()
        set_next_action(made.case_id, action=NextAction.RESOLVE_DISPUTE, on=TODAY, by=system(), now=TEN)

        settle()

        assert as_it_is(made.case).next_action == NextAction.RESOLVE_DISPUTE

    def test_risk_hears_how_many_promises_were_kept_and_broken(self, db):
        case = case_with(NextAction.CALL)
        promise(case, amount="500.00", due_on=TODAY)
        promise(case, amount="600.00", due_on=DUE, now=TEN + timedelta(minutes=1))
        payment(case, "500.00", received_at=TEN + timedelta(hours=1))

        settle()

        facts = BehaviourFacts.objects.get(customer=case.customer)
        assert (facts.promises_kept, facts.promises_broken) == (1, 1)
        assert as_it_is(case).facts_changed_at == CLOSES

    def test_without_news_the_case_is_left_alone(self, db):
        made = promise()

        settle(now=TEN + DAY)

        assert as_it_is(made.case).next_action == NextAction.AWAIT_PAYMENT


@pytest.mark.parametrize(
    ("news", "broken", "open_until", "expected"),
    [
        ({Verdict.BROKEN}, 1, (), (NextAction.CALL, TODAY)),
        ({Verdict.BROKEN}, 2, (), (NextAction.SUPERVISOR, TODAY)),
        ({Verdict.BROKEN, Verdict.KEPT}, 1, (DUE,), (NextAction.CALL, TODAY)),
        ({Verdict.PARTIAL}, 2, (), (NextAction.CALL, TODAY)),
        ({Verdict.KEPT}, 2, (DUE + DAY, DUE), (NextAction.AWAIT_PAYMENT, DUE)),
        ({Verdict.OPEN}, 0, (DUE,), (NextAction.AWAIT_PAYMENT, DUE)),
        ({Verdict.KEPT}, 0, (), (NextAction.REMIND, TODAY + 7 * DAY)),
    ],
)
def test_the_next_action_by_news(news, broken, open_until, expected):
    assert next_action(PromisesOfCase(frozenset(news), broken, open_until), today=TODAY) == expected


def test_two_settlements_at_once_settle_each_promise_once(committed_db):
    made = [promise() for _ in range(5)]
    for one in made:
        payment(one.case)
    start, told = Barrier(2), []

    def settlement():
        start.wait()
        told.append(settle())
        connection.close()

    threads = [Thread(target=settlement) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [0, 5]
    assert PromisePayment.objects.count() == 5
