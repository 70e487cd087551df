"""Temporary tables of one import, filled by COPY. No personal number is ever written to them in clear."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from accounts.feed import customers
from accounts.feed.checks import DeliveredFile
from accounts.feed.format import CUSTOMERS, Values
from accounts.feed.rows import Chunk, chunks_of
from accounts.models import Batch

TABLES = """
DROP TABLE IF EXISTS pg_temp.staged_customer, pg_temp.staged_phone, pg_temp.staged_account, pg_temp.staged_month,
    pg_temp.staged_payment, pg_temp.refused, pg_temp.changed, pg_temp.arrived;

CREATE TEMP TABLE staged_customer (
    line integer, id uuid, customer_number text, branch_code text, name text, country text,
    identity_sealed bytea, identity_index bytea, identity_masked text, birth_date date, language text,
    province text, city text, district text, district_code text, street text, house_number text,
    latitude numeric(9, 6), longitude numeric(9, 6), datum text, area_risk text, access text,
    time_zones varchar(60)[], income_kind text, monthly_income numeric(18, 2),
    other_lenders_overdue smallint, has_collateral boolean, hardship text
) ON COMMIT DROP;
CREATE TEMP TABLE staged_phone (
    line integer, id uuid, kind text, sealed bytea, index bytea, masked text, country text, is_mobile boolean
) ON COMMIT DROP;
CREATE TEMP TABLE staged_account (
    line integer, account_reference text, customer_number text, product text, currency text,
    credit_limit numeric(18, 2), balance numeric(18, 2), overdue_amount numeric(18, 2), oldest_unpaid_due_on date
) ON COMMIT DROP;
CREATE TEMP TABLE staged_month (
    line integer, account_reference text, month date, billed numeric(18, 2), paid numeric(18, 2),
    months_late smallint
) ON COMMIT DROP;
CREATE TEMP TABLE staged_payment (
    line integer, payment_reference text, account_reference text, amount numeric(18, 2),
    received_at timestamptz, reversed_at timestamptz
) ON COMMIT DROP;

-- Keys of rows that were not taken, so that rows hanging on them are told why.
CREATE TEMP TABLE refused (file text, key text) ON COMMIT DROP;
-- Customers of whom a fact changed that risk looks at.
CREATE TEMP TABLE changed (customer_id uuid) ON COMMIT DROP;
-- Payments that this import brought or reversed.
CREATE TEMP TABLE arrived (payment_id bigint, is_reversal boolean) ON COMMIT DROP;
"""

SEALED_IN_FILE = {"identity_number", *customers.PHONE_COLUMNS}


def make_tables(cursor: CursorWrapper) -> None:
    cursor.execute(TABLES)


def stage(cursor: CursorWrapper, batch: Batch, file: DeliveredFile) -> Iterator[int]:
    """Read a file into its table and its wrong rows into `Reject`. Yields the number of rows read so far."""
    read = 0
    for chunk in chunks_of(file, as_of=batch.as_of):
        columns = [name for name in file.format.by_name if name not in SEALED_IN_FILE]
        if file.format is CUSTOMERS:
            phones = customers.prepare_customers(cursor, chunk, as_of=batch.as_of)
            columns += customers.MADE
            _copy(cursor, "staged_phone", customers.STAGED_PHONE, _tuples(phones))
        rows = ((line, *(row[name] for name in columns)) for line, row in chunk.rows.items())
        _copy(cursor, file.format.table, ("line", *columns), rows)
        _copy_rejections(cursor, batch, chunk)
        read += chunk.size
        yield read
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(file.format.table)))


def _tuples(phones: list[Values]) -> Iterator[tuple[object, ...]]:
    return (tuple(row.get(name) for name in customers.STAGED_PHONE) for row in phones)


def _copy_rejections(cursor: CursorWrapper, batch: Batch, chunk: Chunk) -> None:
    columns = ("batch_id", "file", "what", "line", "field", "value_masked", "reason")
    name = chunk.format.name
    # The table's text columns know no NULL: every text is quoted, so that an empty one stays a text.
    rows = ((batch.pk, name, *rejection) for rejection in chunk.rejections)
    _copy(cursor, "accounts_reject", columns, rows, force_text=True)
    _copy(cursor, "refused", ("file", "key"), ((name, key) for key in chunk.refused_keys))


def _copy(
    cursor: CursorWrapper,
    table: str,
    columns: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    force_text: bool = False,
) -> None:
    lines = io.StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL if force_text else csv.QUOTE_MINIMAL).writerows(rows)
    if not lines.tell():
        return
    lines.seek(0)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    cursor.copy_expert(statement, lines)
