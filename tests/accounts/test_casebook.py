"""Cases open, change, close and open again with the accounts of the feed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Case, CaseEvent, Customer
from accounts.models.cases import CaseEventKind, CaseStatus, NextAction, Stage
from config.ledger import LedgerChanged
from tests.accounts.factories import CaseFactory
from tests.accounts.feed_files import AS_OF, account_row, customer_row, payment_row

TOMORROW = AS_OF + timedelta(days=1)
DAY_AFTER = AS_OF + timedelta(days=2)
UNVERIFIED = {"identity_number": ""}


def kinds(case):
    return list(case.events.order_by("pk").values_list("kind", flat=True))


def test_a_case_opens_with_the_first_overdue_account(feed):
    feed(
        customers=[customer_row("C1", **UNVERIFIED), customer_row("C2")],
        accounts=[
            account_row("A1", "C1", overdue="0.00"),
            account_row("A2", "C1"),
            account_row("A3", "C2", overdue="0.00"),
        ],
    )

    case = Case.objects.get()
    assert case.customer.bank_number == "C1"
    assert (case.status, case.stage, case.next_action) == (
        CaseStatus.OPEN,
        Stage.VERIFICATION,
        NextAction.VERIFY,
    )
    assert (case.overdue_amount, case.balance, case.currency) == (Decimal(500), Decimal(16000), "CNY")
    assert (case.oldest_unpaid_due_on, case.next_action_on) == (date(2026, 10, 5), TOMORROW)
    assert case.events.get().detail == {
        "overdue_amount": "500.00",
        "balance": "16000.00",
        "currency": "CNY",
        "oldest_unpaid_due_on": "2026-10-05",
    }


def test_amounts_add_up_over_the_accounts_and_the_oldest_date_counts(feed):
    feed(
        customers=[customer_row()],
        accounts=[account_row("A1", overdue="0.10"), account_row("A2", overdue="0.20", due_on="2026-09-01")],
    )

    case = Case.objects.get()
    assert (case.overdue_amount, case.oldest_unpaid_due_on) == (Decimal("0.30"), date(2026, 9, 1))


def test_of_several_currencies_the_case_is_in_the_one_most_overdue(feed):
    feed(
        customers=[customer_row()],
        accounts=[account_row("A1", overdue="10.00"), account_row("A2", overdue="20.00", currency="USD")],
    )
    case = Case.objects.get()
    assert (case.currency, case.overdue_amount) == ("USD", 20)

    feed(accounts=[account_row("A2", overdue="0.00", currency="USD")], as_of=TOMORROW)
    case.refresh_from_db()
    assert (case.status, case.currency, case.overdue_amount) == (CaseStatus.OPEN, "CNY", 10)


def test_a_changed_amount_updates_the_case_and_is_told_once(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row()])
    feed(accounts=[account_row(overdue="700.00")], as_of=TOMORROW)
    feed(accounts=[account_row(overdue="700.00")], as_of=DAY_AFTER)

    case = Case.objects.get()
    assert case.overdue_amount == 700
    assert kinds(case) == [CaseEventKind.OPENED, CaseEventKind.UPDATED]
    assert case.events.get(kind=CaseEventKind.UPDATED).detail["overdue_amount"] == ["500.00", "700.00"]


def test_a_case_closes_when_nothing_is_overdue(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row("A1"), account_row("A2")])
    feed(accounts=[account_row("A1", overdue="0.00")], as_of=TOMORROW)
    assert Case.objects.get().status == CaseStatus.OPEN

    closed = feed(accounts=[account_row("A2", overdue="0.00", balance="0.00")], as_of=DAY_AFTER)

    case = Case.objects.get()
    assert (case.status, case.stage, case.closed_at) == (CaseStatus.CLOSED, Stage.CLOSED, closed.started_at)
    assert (case.overdue_amount, case.oldest_unpaid_due_on, case.next_action) == (0, None, "")
    assert kinds(case)[-1] == CaseEventKind.CLOSED
    assert closed.counts["cases"]["closed"] == 1


def test_a_customer_overdue_again_gets_a_new_case(feed):
    feed(customers=[customer_row()], accounts=[account_row()])
    feed(accounts=[account_row(overdue="0.00")], as_of=TOMORROW)
    feed(accounts=[account_row(overdue="50.00", due_on="2026-11-20")], as_of=DAY_AFTER)

    assert list(Case.objects.order_by("opened_at").values_list("status", flat=True)) == ["CLOSED", "OPEN"]


def test_payments_and_the_settled_account_close_the_case_in_one_delivery(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row()])
    feed(
        accounts=[account_row(overdue="0.00")],
        payments=[payment_row(received_at="2026-11-20T11:00:00+08:00", amount="500.00")],
        source="core-payments",
    )

    case = Case.objects.get()
    assert case.status == CaseStatus.CLOSED
    assert kinds(case) == [CaseEventKind.OPENED, CaseEventKind.PAYMENT, CaseEventKind.CLOSED]
    assert case.events.get(kind=CaseEventKind.PAYMENT).detail == {
        "reference": "P1",
        "amount": "500.00",
        "currency": "CNY",
        "received_at": "2026-11-20T03:00:00Z",
    }


def test_payments_alone_change_neither_amount_nor_status(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row()])
    feed(payments=[payment_row(amount="500.00")], source="core-payments")

    case = Case.objects.get()
    assert (case.status, case.overdue_amount) == (CaseStatus.OPEN, 500)
    assert kinds(case) == [CaseEventKind.OPENED, CaseEventKind.PAYMENT]


def test_the_history_that_comes_with_a_new_case_is_no_news(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row()], payments=[payment_row()])

    assert kinds(Case.objects.get()) == [CaseEventKind.OPENED]


def test_a_reversed_payment_is_told(feed):
    feed(customers=[customer_row(**UNVERIFIED)], accounts=[account_row()], payments=[payment_row()])
    feed(payments=[payment_row(reversed_at="2026-11-20T09:00:00+08:00")], as_of=TOMORROW)

    assert kinds(Case.objects.get()) == [CaseEventKind.OPENED, CaseEventKind.REVERSAL]


def test_customers_the_feed_does_not_mention_keep_their_case(feed):
    feed(
        customers=[customer_row("C1"), customer_row("C2")],
        accounts=[account_row("A1", "C1"), account_row("A2", "C2")],
    )
    batch = feed(accounts=[account_row("A1", "C1", overdue="0.00")], as_of=TOMORROW)

    assert Case.objects.open().get().customer.bank_number == "C2"
    assert batch.counts["cases"]["closed"] == 1


@pytest.mark.parametrize(
    ("files", "changed"),
    [
        ({"payments": [payment_row()]}, True),
        ({"accounts": [account_row(overdue="501.00")]}, True),
        ({"customers": [customer_row(hardship="TEMPORARY")]}, True),
        ({"customers": [customer_row(mobile_phone="13900009999")]}, True),
        ({"customers": [customer_row(house_number="28号")]}, True),
        ({"accounts": [account_row()], "customers": [customer_row()]}, False),
    ],
)
def test_only_changed_facts_call_for_a_fresh_assessment(feed, files, changed):
    first = feed(customers=[customer_row()], accounts=[account_row()])
    second = feed(**files, as_of=TOMORROW)

    expected = second if changed else first
    assert Case.objects.get().facts_changed_at == expected.started_at


def test_a_customer_has_one_open_case_whoever_opened_it(feed):
    feed(customers=[customer_row()])
    opened_by_hand = CaseFactory(
        customer=Customer.objects.get(), opened_at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    feed(accounts=[account_row()], as_of=TOMORROW)

    assert Case.objects.get() == opened_by_hand


def test_case_events_are_a_ledger(feed):
    feed(customers=[customer_row()], accounts=[account_row()])

    with pytest.raises(LedgerChanged):
        CaseEvent.objects.all().delete()
    with pytest.raises(LedgerChanged):
        CaseEvent.objects.first().save()
    for statement in ("UPDATE accounts_caseevent SET kind = 'CLOSED'", "DELETE FROM accounts_caseevent"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
