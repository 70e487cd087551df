"""Rows: what is taken, what is rejected and why; one bad row never stops the others."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.feed import reasons
from accounts.models import Account, Customer, Payment, Reject, RepaymentMonth
from accounts.models.feed import Rejected
from tests.accounts.feed_files import (
    AS_OF,
    account_row,
    customer_row,
    deliver,
    month_row,
    payment_row,
)


def verdicts():
    return set(Reject.objects.values_list("file", "line", "field", "reason"))


def test_one_bad_row_never_stops_the_others(feed):
    batch = feed(
        customers=[customer_row("C1"), customer_row("C2", branch_code=""), customer_row("C3")],
        accounts=[
            account_row("A1", "C1"),
            account_row("A2", "C2"),
            account_row("A3", "C3", balance="NaN"),
            account_row("A4", "C3"),
        ],
        payments=[payment_row("P1", "A1"), payment_row("P2", "A2"), payment_row("P3", "A3")],
    )

    assert set(Account.objects.values_list("reference", flat=True)) == {"A1", "A4"}
    assert Payment.objects.get().reference == "P1"
    assert verdicts() == {
        ("customers.csv", 3, "branch_code", reasons.EMPTY),
        ("accounts.csv", 3, "customer_number", reasons.CUSTOMER_REJECTED),
        ("accounts.csv", 4, "balance", reasons.NOT_MONEY),
        ("payments.csv", 3, "account_reference", reasons.ACCOUNT_REJECTED),
        ("payments.csv", 4, "account_reference", reasons.ACCOUNT_REJECTED),
    }
    assert batch.counts["accounts.csv"] == {
        "rows": 4,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": 2,
        "fields_left_out": 0,
    }


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"balance": "Infinity"}, "balance", reasons.NOT_MONEY),
        ({"balance": "8000"}, "balance", reasons.NOT_MONEY),
        ({"credit_limit": "-1.00"}, "credit_limit", reasons.NEGATIVE),
        ({"overdue": "-0.01"}, "overdue_amount", reasons.NEGATIVE),
        ({"due_on": ""}, "oldest_unpaid_due_on", reasons.OVERDUE_WITHOUT_DATE),
        ({"due_on": "2026-11-21"}, "oldest_unpaid_due_on", reasons.LATER_THAN_THE_FEED),
        (
            {"overdue": "0.00", "oldest_unpaid_due_on": "2026-10-05"},
            "oldest_unpaid_due_on",
            reasons.DATE_WITHOUT_OVERDUE,
        ),
        ({"currency": "yuan"}, "currency", reasons.NOT_A_CURRENCY),
        ({"product": "x" * 41}, "product", reasons.TOO_LONG),
        ({"number": "C9"}, "customer_number", reasons.UNKNOWN_CUSTOMER),
        ({"product": ""}, "product", reasons.EMPTY),
    ],
)
def test_wrong_account_rows(feed, row, field, reason):
    feed(customers=[customer_row()], accounts=[account_row(**row), account_row("A2")])

    assert verdicts() == {("accounts.csv", 2, field, reason)}
    assert Account.objects.get().reference == "A2"


def test_overdue_since_the_day_of_the_feed_is_possible(feed):
    feed(customers=[customer_row()], accounts=[account_row(due_on="2026-11-20")])

    assert Account.objects.get().oldest_unpaid_due_on == AS_OF


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"amount": "0.00"}, "amount", reasons.NOT_POSITIVE),
        ({"received_at": "2026-11-21T00:00:00+08:00"}, "received_at", reasons.LATER_THAN_THE_FEED),
        ({"received_at": "2026-11-19"}, "received_at", reasons.NOT_AN_INSTANT),
        (
            {"reversed_at": "2026-11-19T10:00:00+08:00"},
            "reversed_at",
            reasons.REVERSED_BEFORE_RECEIVED,
        ),
        ({"reference": "A9"}, "account_reference", reasons.UNKNOWN_ACCOUNT),
    ],
)
def test_wrong_payment_rows(feed, row, field, reason):
    feed(
        customers=[customer_row()], accounts=[account_row()], payments=[payment_row(**row), payment_row("P2")]
    )

    assert verdicts() == {("payments.csv", 2, field, reason)}
    assert Payment.objects.get().reference == "P2"


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"month": "2026-12"}, "month", reasons.LATER_THAN_THE_FEED),
        ({"paid": "-1.00"}, "paid", reasons.NEGATIVE),
        ({"months_late": "-1"}, "months_late", reasons.NOT_A_COUNT),
        ({"reference": "A9"}, "account_reference", reasons.UNKNOWN_ACCOUNT),
    ],
)
def test_wrong_months(feed, row, field, reason):
    feed(
        customers=[customer_row()],
        accounts=[account_row()],
        months=[month_row(**row), month_row(month="2026-09")],
    )

    assert verdicts() == {("repayment_months.csv", 2, field, reason)}
    assert RepaymentMonth.objects.get().month == date(2026, 9, 1)


def test_of_two_rows_with_one_key_the_first_is_taken(feed):
    feed(
        customers=[customer_row(), customer_row(name="另一人")],
        accounts=[account_row(), account_row(overdue="900.00")],
        months=[month_row(), month_row(billed="1.00"), month_row(month="2026-09")],
        payments=[payment_row(), payment_row(amount="1.00")],
    )

    assert Customer.objects.get().name == "李明"
    assert Account.objects.get().overdue_amount == 500
    assert RepaymentMonth.objects.count() == 2
    assert Payment.objects.get().amount == 300
    assert verdicts() == {
        ("customers.csv", 3, "customer_number", reasons.TWICE),
        ("accounts.csv", 3, "account_reference", reasons.TWICE),
        ("repayment_months.csv", 3, "month", reasons.TWICE),
        ("payments.csv", 3, "payment_reference", reasons.TWICE),
    }


def test_an_unknown_branch_rejects_the_customer_and_what_hangs_on_it(feed):
    feed(customers=[customer_row(branch_code="XX")], accounts=[account_row()], months=[month_row()])

    assert verdicts() == {
        ("customers.csv", 2, "branch_code", reasons.UNKNOWN_BRANCH),
        ("accounts.csv", 2, "customer_number", reasons.CUSTOMER_REJECTED),
        ("repayment_months.csv", 2, "account_reference", reasons.ACCOUNT_REJECTED),
    }


def test_a_known_customers_account_is_taken_although_todays_customer_row_is_wrong(feed):
    feed(customers=[customer_row()], accounts=[account_row()])
    feed(
        customers=[customer_row(name="")],
        accounts=[account_row(overdue="700.00")],
        as_of=AS_OF + timedelta(days=1),
    )

    assert Account.objects.get().overdue_amount == 700
    assert Customer.objects.get().name == "李明"


def test_an_account_never_moves_to_another_customer(feed):
    feed(customers=[customer_row("C1"), customer_row("C2")], accounts=[account_row("A1", "C1")])
    feed(accounts=[account_row("A1", "C2")], as_of=AS_OF + timedelta(days=1))

    assert Account.objects.get().customer.bank_number == "C1"
    assert verdicts() == {("accounts.csv", 2, "account_reference", reasons.ANOTHER_CUSTOMERS)}


def test_an_older_state_does_not_replace_a_newer_one(feed):
    feed(customers=[customer_row()], accounts=[account_row()])
    feed(accounts=[account_row(overdue="900.00")], as_of=AS_OF - timedelta(days=1), source="cards")

    assert Account.objects.get().overdue_amount == 500
    assert verdicts() == {("accounts.csv", 2, "account_reference", reasons.NEWER_IS_KNOWN)}


def test_a_payment_reference_means_one_payment_for_ever(feed):
    feed(customers=[customer_row()], accounts=[account_row()], payments=[payment_row()])
    tomorrow = AS_OF + timedelta(days=1)
    feed(payments=[payment_row(amount="301.00")], as_of=tomorrow)
    feed(payments=[payment_row()], as_of=tomorrow + timedelta(days=1))

    assert Payment.objects.get().amount == 300
    assert verdicts() == {("payments.csv", 2, "payment_reference", reasons.PAYMENT_CHANGED)}


def test_a_reversal_is_noted_and_never_undone_by_an_empty_field(feed):
    feed(customers=[customer_row()], accounts=[account_row()], payments=[payment_row()])
    reversed_row = payment_row(reversed_at="2026-11-20T09:00:00+08:00")
    feed(payments=[reversed_row], as_of=AS_OF + timedelta(days=1))
    feed(payments=[payment_row()], as_of=AS_OF + timedelta(days=2))

    assert Payment.objects.get().reversed_at == datetime(2026, 11, 20, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("C2,BT\n", reasons.NOT_AS_MANY_FIELDS),
        ("\n", reasons.NOT_AS_MANY_FIELDS),
        ('"C2,BT,李\n', reasons.QUOTES_DO_NOT_MATCH),
        ('"C2"x,BT,李,CN\n', reasons.QUOTES_DO_NOT_MATCH),
    ],
)
def test_a_broken_line_costs_itself_only(feed, tmp_path, line, reason):
    directory = tmp_path / "broken"
    directory.mkdir()
    (directory / "customers.csv").write_text(
        f'customer_number,branch_code,name,country\nC1,BT,李,CN\n{line}"C3",BT,"王 ""大"", 二",CN\n'
    )

    deliver(directory)

    assert dict(Customer.objects.values_list("bank_number", "name")) == {"C1": "李", "C3": '王 "大", 二'}
    assert verdicts() == {("customers.csv", 3, "", reason)}


def test_rejected_values_are_masked(feed):
    feed(
        customers=[
            customer_row("C1", identity_number="150203198801012344", mobile_phone="1390000123"),
            customer_row("150203198801012343", branch_code="XX"),
        ],
        accounts=[account_row("A1", "C1", balance="150203198801012343")],
    )

    shown = {f"{reject.field}: {reject.value_masked}" for reject in Reject.objects.all()}
    assert shown == {
        "identity_number: 1502**********2344",
        "mobile_phone: 13****0123",
        "branch_code: XX",
        "balance: 15****43",
    }


def test_facts_left_out_do_not_cost_the_row(feed):
    feed(
        customers=[
            customer_row(
                income_kind="RICH", monthly_income="1e9", latitude="", hardship="none", birth_date="yesterday"
            )
        ]
    )

    customer = Customer.objects.get()
    assert (customer.income_kind, customer.monthly_income, customer.hardship) == ("", None, "")
    assert customer.addresses.get().longitude is None
    assert set(Reject.objects.values_list("what", "field")) == {
        (Rejected.FIELD, field)
        for field in ("income_kind", "monthly_income", "hardship", "longitude", "birth_date")
    }
