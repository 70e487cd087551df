"""The case book after a feed: a case opens with the first overdue amount and closes when nothing is overdue.

Only customers with a row in accounts.csv are looked at: payments alone do not change what the bank says is owed.
A customer with accounts in several currencies has one case, in the currency in which most is overdue.
"""

from datetime import date, datetime, timedelta

from django.db.backends.utils import CursorWrapper

from accounts.models import Batch

OWED = """
DROP TABLE IF EXISTS pg_temp.owed;
CREATE TEMP TABLE owed ON COMMIT DROP AS
SELECT DISTINCT ON (customer_id) *
FROM (
    SELECT a.customer_id, c.branch_id, a.currency, sum(a.overdue_amount) AS overdue_amount, sum(a.balance) AS balance,
        min(a.oldest_unpaid_due_on) AS oldest_unpaid_due_on
    FROM accounts_account a JOIN accounts_customer c ON c.id = a.customer_id
    WHERE a.customer_id IN (
        SELECT c.id FROM staged_account s JOIN accounts_customer c ON c.bank_number = s.customer_number
    )
    GROUP BY a.customer_id, c.branch_id, a.currency
) by_currency
ORDER BY customer_id, overdue_amount DESC, currency;
ANALYZE owed
"""

# Cases opened by this very feed get no payment events: their history came with them.
PAYMENTS = """
INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
SELECT k.id, CASE WHEN n.is_reversal THEN 'REVERSAL' ELSE 'PAYMENT' END, %(now)s, %(by)s,
    jsonb_build_object('reference', p.reference, 'amount', p.amount::text, 'currency', a.currency,
        'received_at', to_char(p.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
FROM arrived n JOIN accounts_payment p ON p.id = n.payment_id JOIN accounts_account a ON a.id = p.account_id
JOIN accounts_case k ON k.customer_id = a.customer_id AND k.status = 'OPEN'
ORDER BY p.received_at, p.id
"""

CLOSE = """
WITH closed AS (
    UPDATE accounts_case k SET status = 'CLOSED', stage = 'CLOSED', closed_at = %(now)s, overdue_amount = 0,
        balance = o.balance, oldest_unpaid_due_on = NULL, next_action = '', next_action_on = NULL
    FROM owed o WHERE k.customer_id = o.customer_id AND k.status = 'OPEN' AND o.overdue_amount = 0
    RETURNING k.id, o.balance
), told AS (
    INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
    SELECT id, 'CLOSED', %(now)s, %(by)s, jsonb_build_object('reason', 'NOTHING_OVERDUE', 'balance', balance::text)
    FROM closed
)
SELECT count(*) FROM closed
"""

UPDATE = """
WITH old AS (
    SELECT k.id, k.overdue_amount, k.balance, o.overdue_amount AS new_overdue, o.balance AS new_balance
    FROM accounts_case k JOIN owed o ON o.customer_id = k.customer_id
    WHERE k.status = 'OPEN' AND (k.branch_id, k.currency, k.overdue_amount, k.balance, k.oldest_unpaid_due_on)
        IS DISTINCT FROM (o.branch_id, o.currency, o.overdue_amount, o.balance, o.oldest_unpaid_due_on)
), updated AS (
    UPDATE accounts_case k SET branch_id = o.branch_id, currency = o.currency, overdue_amount = o.overdue_amount,
        balance = o.balance, oldest_unpaid_due_on = o.oldest_unpaid_due_on
    FROM owed o, old WHERE old.id = k.id AND o.customer_id = k.customer_id
), told AS (
    INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
    SELECT id, 'UPDATED', %(now)s, %(by)s, jsonb_build_object(
        'overdue_amount', jsonb_build_array(overdue_amount::text, new_overdue::text),
        'balance', jsonb_build_array(balance::text, new_balance::text))
    FROM old WHERE (overdue_amount, balance) <> (new_overdue, new_balance)
)
SELECT count(*) FROM old
"""

OPEN = """
WITH opened AS (
    INSERT INTO accounts_case (
        id, customer_id, branch_id, status, stage, currency, overdue_amount, balance, oldest_unpaid_due_on,
        opened_at, next_action, next_action_on, facts_changed_at
    )
    SELECT gen_random_uuid(), customer_id, branch_id, 'OPEN', 'VERIFICATION', currency, overdue_amount, balance,
        oldest_unpaid_due_on, %(now)s, 'VERIFY', %(next_day)s, %(now)s
    FROM owed o WHERE overdue_amount > 0 AND NOT EXISTS (
        SELECT FROM accounts_case k WHERE k.customer_id = o.customer_id AND k.status = 'OPEN'
    )
    RETURNING *
), told AS (
    INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
    SELECT id, 'OPENED', %(now)s, %(by)s, jsonb_build_object(
        'overdue_amount', overdue_amount::text, 'balance', balance::text, 'currency', currency,
        'oldest_unpaid_due_on', oldest_unpaid_due_on::text)
    FROM opened
)
SELECT count(*) FROM opened
"""

# A customer who moves to another branch takes the open case along.
MOVE = """
UPDATE accounts_case k SET branch_id = c.branch_id
FROM staged_customer s JOIN accounts_customer c ON c.bank_number = s.customer_number
WHERE k.customer_id = c.id AND k.status = 'OPEN' AND k.branch_id <> c.branch_id
"""

NOTE_CHANGED_FACTS = """
UPDATE accounts_case SET facts_changed_at = %(now)s
WHERE status = 'OPEN' AND facts_changed_at < %(now)s AND customer_id IN (SELECT customer_id FROM changed)
"""


def bring_cases_up_to_date(cursor: CursorWrapper, batch: Batch) -> dict[str, int]:
    """Bring the case book in line with the accounts. Returns how many cases opened, changed and closed."""
    facts: dict[str, int | date | datetime] = {
        "by": batch.imported_by_id,
        "now": batch.started_at,
        "next_day": batch.as_of + timedelta(days=1),
    }
    cursor.execute(OWED)
    cursor.execute(PAYMENTS, facts)
    counts = {"payments": cursor.rowcount}
    for name, statement in (("closed", CLOSE), ("updated", UPDATE), ("opened", OPEN)):
        cursor.execute(statement, facts)
        counts[name] = cursor.fetchone()[0]
    cursor.execute(MOVE)
    cursor.execute(NOTE_CHANGED_FACTS, facts)
    return counts
