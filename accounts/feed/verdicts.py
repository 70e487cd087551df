"""Verdicts on staged rows that need other rows or what is known already: found for the whole file at once.

Each takes the condemned rows out of their table, keeps them as rejects, and remembers their keys.
"""

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from accounts.feed import reasons
from accounts.feed.format import ACCOUNTS, CUSTOMERS, PAYMENTS, REPAYMENT_MONTHS, FileFormat
from accounts.models import Batch
from accounts.models.feed import Rejected


@dataclass(frozen=True)
class Verdict:
    """Rows `s` of a file for which `condition` holds are rejected. It may name %(as_of)s."""

    file: FileFormat
    field: str
    reason: str
    condition: str


def _earlier_row(file: FileFormat) -> str:
    keys = ", ".join(file.keys)
    return (
        f"s.line IN (SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {keys} ORDER BY line) AS n"  # noqa: S608
        f" FROM {file.table}) numbered WHERE n > 1)"
    )


_NO_CUSTOMER = "NOT EXISTS (SELECT FROM accounts_customer c WHERE c.bank_number = s.customer_number)"
_NO_ACCOUNT = "NOT EXISTS (SELECT FROM accounts_account a WHERE a.reference = s.account_reference)"
_REFUSED_CUSTOMER = "s.customer_number IN (SELECT key FROM refused WHERE file = 'customers.csv')"
_REFUSED_ACCOUNT = "s.account_reference IN (SELECT key FROM refused WHERE file = 'accounts.csv')"

OF_CUSTOMERS = (
    Verdict(CUSTOMERS, "customer_number", reasons.TWICE, _earlier_row(CUSTOMERS)),
    Verdict(
        CUSTOMERS,
        "branch_code",
        reasons.UNKNOWN_BRANCH,
        "NOT EXISTS (SELECT FROM accounts_branch b WHERE b.code = s.branch_code)",
    ),
)
OF_ACCOUNTS = (
    Verdict(ACCOUNTS, "account_reference", reasons.TWICE, _earlier_row(ACCOUNTS)),
    Verdict(
        ACCOUNTS, "customer_number", reasons.CUSTOMER_REJECTED, f"{_NO_CUSTOMER} AND {_REFUSED_CUSTOMER}"
    ),
    Verdict(ACCOUNTS, "customer_number", reasons.UNKNOWN_CUSTOMER, _NO_CUSTOMER),
    Verdict(
        ACCOUNTS,
        "account_reference",
        reasons.ANOTHER_CUSTOMERS,
        """EXISTS (SELECT FROM accounts_account a JOIN accounts_customer c ON c.id = a.customer_id
        WHERE a.reference = s.account_reference AND c.bank_number <> s.customer_number)""",
    ),
    Verdict(
        ACCOUNTS,
        "account_reference",
        reasons.NEWER_IS_KNOWN,
        "EXISTS (SELECT FROM accounts_account a WHERE a.reference = s.account_reference AND a.as_of > %(as_of)s)",
    ),
)
OF_REPAYMENT_MONTHS = (
    Verdict(REPAYMENT_MONTHS, "month", reasons.TWICE, _earlier_row(REPAYMENT_MONTHS)),
    Verdict(
        REPAYMENT_MONTHS,
        "account_reference",
        reasons.ACCOUNT_REJECTED,
        f"{_NO_ACCOUNT} AND {_REFUSED_ACCOUNT}",
    ),
    Verdict(REPAYMENT_MONTHS, "account_reference", reasons.UNKNOWN_ACCOUNT, _NO_ACCOUNT),
)
OF_PAYMENTS = (
    Verdict(PAYMENTS, "payment_reference", reasons.TWICE, _earlier_row(PAYMENTS)),
    Verdict(PAYMENTS, "account_reference", reasons.ACCOUNT_REJECTED, f"{_NO_ACCOUNT} AND {_REFUSED_ACCOUNT}"),
    Verdict(PAYMENTS, "account_reference", reasons.UNKNOWN_ACCOUNT, _NO_ACCOUNT),
    Verdict(PAYMENTS, "reversed_at", reasons.REVERSED_BEFORE_RECEIVED, "s.reversed_at < s.received_at"),
    Verdict(
        PAYMENTS,
        "payment_reference",
        reasons.PAYMENT_CHANGED,
        """EXISTS (SELECT FROM accounts_payment p JOIN accounts_account a ON a.id = p.account_id
        WHERE p.reference = s.payment_reference
        AND (a.reference, p.amount, p.received_at) <> (s.account_reference, s.amount, s.received_at))""",
    ),
)

REJECT = sql.SQL(
    """
    WITH gone AS (DELETE FROM {table} s WHERE {condition} RETURNING s.line, s.{key} AS key, s.{field} AS value),
    remembered AS (INSERT INTO refused SELECT %(file)s, key FROM gone WHERE %(reason)s <> %(twice)s)
    INSERT INTO accounts_reject (batch_id, file, what, line, field, value_masked, reason)
    SELECT %(batch)s, %(file)s, %(what)s, line, %(field)s, {masked}, %(reason)s FROM gone
    """
)


def pronounce(cursor: CursorWrapper, batch: Batch, verdicts: tuple[Verdict, ...]) -> None:
    for verdict in verdicts:
        cursor.execute(
            REJECT.format(
                table=sql.Identifier(verdict.file.table),
                key=sql.Identifier(verdict.file.keys[0]),
                field=sql.Identifier(verdict.field),
                condition=sql.SQL(verdict.condition),
                masked=sql.SQL(
                    "left(regexp_replace(value::text, '([0-9]{2})[0-9]{5,}([0-9]{2})', '\\1****\\2', 'g'), 100)"
                ),
            ),
            {
                "batch": batch.pk,
                "file": verdict.file.name,
                "what": Rejected.ROW.value,
                "field": verdict.field,
                "reason": verdict.reason,
                "twice": reasons.TWICE,
                "as_of": batch.as_of,
            },
        )
