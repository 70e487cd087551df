"""Rows: what is taken, what is rejected and why, and that the same feed again changes nothing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Batch, CaseEvent, Customer, Reject, Verification
from tests.accounts.feed_files import (
    AS_OF,
    account_row,
    customer_row,
    deliver,
    month_row,
    payment_row,
    write_feed,
)

TABLES = sorted(model._meta.db_table for model in apps.get_app_config("accounts").get_models())


def everything():
    """Every row of every table, with the place it lies at on disk: an update that changes nothing would show."""
    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT ctid, xmin, t::text FROM {table} t ORDER BY t::text")
            rows[table] = cursor.fetchall()
        return rows


def test_a_whole_delivery_is_taken(feed):
    batch = feed(
        customers=[customer_row()], accounts=[account_row()], months=[month_row()], payments=[payment_row()]
    )

    customer = Customer.objects.get()
    account = customer.accounts.get()
    assert customer.unseal_identity_number() == "150203198801012343"
    assert (customer.birth_date, customer.time_zones) == (date(1988, 1, 1), ["Asia/Shanghai"])
    assert customer.phones.get().unseal_number() == "+8613900001234"
    assert (account.overdue_amount, account.oldest_unpaid_due_on) == (Decimal("500.00"), date(2026, 10, 5))
    assert account.repayment_months.get().month == date(2026, 10, 1)
    assert account.payments.get().received_at == datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
    assert [batch.counts[name]["new"] for name in ("customers.csv", "accounts.csv", "payments.csv")] == [
        1,
        1,
        1,
    ]
    assert not Reject.objects.exists()


def test_the_same_feed_again_changes_nothing_and_says_so(db, feed, tmp_path):
    files = {"customers": [customer_row()], "accounts": [account_row()], "payments": [payment_row()]}
    first = feed(**files)
    before = everything()

    again = deliver(write_feed(tmp_path / "again", **files), now=first.started_at + timedelta(hours=1))

    assert again == first
    assert again.started_at == first.started_at
    assert everything() == before


def test_the_next_day_with_the_same_facts_moves_dates_only(feed):
    files = {
        "customers": [customer_row()],
        "accounts": [account_row()],
        "months": [month_row()],
        "payments": [payment_row()],
    }
    feed(**files)
    before = everything()
    batch = feed(**files, as_of=AS_OF + timedelta(days=1))

    assert {name: batch.counts[name]["changed"] for name in batch.counts if name.endswith(".csv")} == {
        "customers.csv": 0,
        "accounts.csv": 1,
        "repayment_months.csv": 0,
        "payments.csv": 0,
    }
    after = everything()
    untouched = set(TABLES) - {"accounts_batch", "accounts_account", "accounts_verification"}
    assert {table: after[table] for table in untouched} == {table: before[table] for table in untouched}
    assert Account.objects.get().as_of == AS_OF + timedelta(days=1)


def test_the_number_of_queries_does_not_grow_with_the_rows(feed):
    def queries(rows, day):
        numbers = range(rows)
        with CaptureQueriesContext(connection) as captured:
            feed(
                customers=[customer_row(f"C{n}") for n in numbers],
                accounts=[account_row(f"A{n}", f"C{n}") for n in numbers],
                payments=[payment_row(f"P{n}", f"A{n}") for n in numbers],
                as_of=AS_OF + timedelta(days=day),
            )
        return len(captured)

    feed(customers=[], accounts=[], payments=[])
    assert queries(2, day=1) == queries(60, day=2)


def test_progress_counts_rows_of_each_file(feed, tmp_path):
    directory = write_feed(
        tmp_path / "shown", customers=[customer_row("C1"), customer_row("C2")], payments=[]
    )
    seen = []

    deliver(directory, report=lambda *step: seen.append(step))

    assert seen[0] == ("customers.csv", 2, 2)


def test_the_batch_tells_who_imported_and_what_it_brought(feed):
    batch = feed(customers=[customer_row()], accounts=[account_row()])

    assert batch.imported_by.username == "system"
    assert batch.counts["cases"] == {"opened": 1, "updated": 0, "closed": 0, "payments": 0}
    assert batch.finished_at is not None
    assert (CaseEvent.objects.count(), Verification.objects.count(), Batch.objects.count()) == (2, 4, 1)
