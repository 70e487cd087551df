"""Staged rows into the portfolio, a file in one or two statements.

Customers of whom nothing new is said are not even locked: the gate goes on asking about them meanwhile.
Each returns how many rows are new and how many were changed, and notes in `changed` the customers of whom a
fact changed that risk looks at. `as_of` alone changes every day and is no such fact.
"""

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from accounts.models import Batch


@dataclass(frozen=True)
class Taken:
    new: int
    changed: int


CUSTOMERS = """
WITH written AS (
    INSERT INTO accounts_customer AS c (
        id, branch_id, bank_number, name, identity_number_sealed, identity_number_index, identity_number_masked,
        birth_date, language, time_zones, income_kind, monthly_income, other_lenders_overdue, has_collateral,
        hardship, created_at, updated_at
    )
    SELECT s.id, b.id, s.customer_number, s.name, s.identity_sealed, s.identity_index,
        coalesce(s.identity_masked, ''), s.birth_date, s.language, s.time_zones, coalesce(s.income_kind, ''),
        s.monthly_income, s.other_lenders_overdue, s.has_collateral, coalesce(s.hardship, ''), %(now)s, %(now)s
    FROM staged_customer s JOIN accounts_branch b ON b.code = s.branch_code
    LEFT JOIN accounts_customer k ON k.bank_number = s.customer_number
    WHERE k.id IS NULL OR s.identity_index IS NOT NULL
        OR (k.branch_id, k.name, k.birth_date, k.language, k.time_zones, k.income_kind, k.monthly_income,
            k.other_lenders_overdue, k.has_collateral, k.hardship)
        IS DISTINCT FROM (b.id, s.name, coalesce(s.birth_date, k.birth_date), s.language, s.time_zones,
            coalesce(s.income_kind, ''), s.monthly_income, s.other_lenders_overdue, s.has_collateral,
            coalesce(s.hardship, ''))
    ON CONFLICT (bank_number) DO UPDATE SET
        branch_id = excluded.branch_id,
        name = excluded.name,
        identity_number_sealed = coalesce(excluded.identity_number_sealed, c.identity_number_sealed),
        identity_number_index = coalesce(excluded.identity_number_index, c.identity_number_index),
        identity_number_masked = coalesce(nullif(excluded.identity_number_masked, ''), c.identity_number_masked),
        birth_date = coalesce(excluded.birth_date, c.birth_date),
        language = excluded.language,
        time_zones = excluded.time_zones,
        income_kind = excluded.income_kind,
        monthly_income = excluded.monthly_income,
        other_lenders_overdue = excluded.other_lenders_overdue,
        has_collateral = excluded.has_collateral,
        hardship = excluded.hardship,
        updated_at = excluded.updated_at
    RETURNING c.id, c.xmax = 0 AS is_new
), noted AS (INSERT INTO changed SELECT id FROM written)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""

# The bank takes back what it told, not what the customer told us; a number found wrong stays out of use.
PHONES = """
WITH listed AS (
    SELECT p.*, c.id AS customer_id FROM staged_phone p
    JOIN staged_customer s ON s.line = p.line JOIN accounts_customer c ON c.bank_number = s.customer_number
), added AS (
    INSERT INTO accounts_phone (
        id, customer_id, kind, number_sealed, number_index, number_masked, country, is_mobile, origin
    )
    SELECT id, customer_id, kind, sealed, index, masked, country, is_mobile, 'BANK_RECORD'
    FROM listed WHERE sealed IS NOT NULL
    RETURNING customer_id
), kept AS (
    UPDATE accounts_phone p SET kind = listed.kind,
        withdrawn_at = CASE WHEN p.invalid_at IS NULL THEN NULL ELSE p.withdrawn_at END
    FROM listed
    WHERE listed.sealed IS NULL AND p.customer_id = listed.customer_id AND p.number_index = listed.index
        AND (p.kind <> listed.kind OR (p.withdrawn_at IS NOT NULL AND p.invalid_at IS NULL))
    RETURNING p.customer_id
), withdrawn AS (
    UPDATE accounts_phone p SET withdrawn_at = %(now)s
    FROM staged_customer s JOIN accounts_customer c ON c.bank_number = s.customer_number
    WHERE p.customer_id = c.id AND p.withdrawn_at IS NULL AND p.origin = 'BANK_RECORD'
        AND NOT EXISTS (SELECT FROM listed WHERE listed.customer_id = c.id AND listed.index = p.number_index)
    RETURNING p.customer_id
)
INSERT INTO changed
SELECT customer_id FROM added UNION SELECT customer_id FROM kept UNION SELECT customer_id FROM withdrawn
"""

# What agents learnt about a place stays as long as the bank speaks of the same place.
ADDRESSES = """
WITH written AS (
    INSERT INTO accounts_address AS a (
        id, customer_id, kind, country, province, city, district, district_code, street, house_number,
        latitude, longitude, datum, confidence, area_risk, access
    )
    SELECT gen_random_uuid(), c.id, 'RESIDENCE', s.country, coalesce(s.province, ''), coalesce(s.city, ''),
        coalesce(s.district, ''), coalesce(s.district_code, ''), coalesce(s.street, ''),
        coalesce(s.house_number, ''), s.latitude, s.longitude, coalesce(s.datum, 'WGS84'), 60,
        coalesce(s.area_risk, ''), coalesce(s.access, '')
    FROM staged_customer s JOIN accounts_customer c ON c.bank_number = s.customer_number
    WHERE coalesce(s.province, s.city, s.district, s.street) IS NOT NULL
    ON CONFLICT (customer_id, kind) DO UPDATE SET
        country = excluded.country,
        province = excluded.province,
        city = excluded.city,
        district = excluded.district,
        district_code = excluded.district_code,
        street = excluded.street,
        house_number = excluded.house_number,
        latitude = CASE WHEN {moved} THEN excluded.latitude ELSE coalesce(excluded.latitude, a.latitude) END,
        longitude = CASE WHEN {moved} THEN excluded.longitude ELSE coalesce(excluded.longitude, a.longitude) END,
        datum = CASE WHEN {moved} OR excluded.latitude IS NOT NULL THEN excluded.datum ELSE a.datum END,
        confidence = CASE WHEN {moved} THEN excluded.confidence ELSE a.confidence END,
        last_verified_on = CASE WHEN {moved} THEN NULL ELSE a.last_verified_on END,
        area_risk = CASE WHEN {moved} THEN excluded.area_risk
            ELSE coalesce(nullif(excluded.area_risk, ''), a.area_risk) END,
        access = CASE WHEN {moved} THEN excluded.access ELSE coalesce(nullif(excluded.access, ''), a.access) END
    WHERE {moved} OR a.district_code <> excluded.district_code
        OR (excluded.latitude IS NOT NULL AND (a.latitude, a.longitude, a.datum)
            IS DISTINCT FROM (excluded.latitude, excluded.longitude, excluded.datum))
        OR (excluded.area_risk <> '' AND a.area_risk <> excluded.area_risk)
        OR (excluded.access <> '' AND a.access <> excluded.access)
    RETURNING a.customer_id
)
INSERT INTO changed SELECT customer_id FROM written
""".replace(
    "{moved}",
    "(a.country, a.province, a.city, a.district, a.street, a.house_number) IS DISTINCT FROM (excluded.country,"
    " excluded.province, excluded.city, excluded.district, excluded.street, excluded.house_number)",
)

ACCOUNTS_CHANGED = """
INSERT INTO changed
SELECT c.id FROM staged_account s JOIN accounts_customer c ON c.bank_number = s.customer_number
LEFT JOIN accounts_account a ON a.reference = s.account_reference
WHERE (a.product, a.currency, a.credit_limit, a.balance, a.overdue_amount, a.oldest_unpaid_due_on)
    IS DISTINCT FROM (s.product, s.currency, s.credit_limit, s.balance, s.overdue_amount, s.oldest_unpaid_due_on)
"""

ACCOUNTS = """
WITH written AS (
    INSERT INTO accounts_account AS a (
        id, customer_id, reference, product, currency, credit_limit, balance, overdue_amount,
        oldest_unpaid_due_on, as_of
    )
    SELECT gen_random_uuid(), c.id, s.account_reference, s.product, s.currency, s.credit_limit, s.balance,
        s.overdue_amount, s.oldest_unpaid_due_on, %(as_of)s
    FROM staged_account s JOIN accounts_customer c ON c.bank_number = s.customer_number
    LEFT JOIN accounts_account k ON k.reference = s.account_reference
    WHERE (k.product, k.currency, k.credit_limit, k.balance, k.overdue_amount, k.oldest_unpaid_due_on, k.as_of)
        IS DISTINCT FROM (s.product, s.currency, s.credit_limit, s.balance, s.overdue_amount,
        s.oldest_unpaid_due_on, %(as_of)s)
    ON CONFLICT (reference) DO UPDATE SET
        product = excluded.product,
        currency = excluded.currency,
        credit_limit = excluded.credit_limit,
        balance = excluded.balance,
        overdue_amount = excluded.overdue_amount,
        oldest_unpaid_due_on = excluded.oldest_unpaid_due_on,
        as_of = excluded.as_of
    RETURNING a.xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""

REPAYMENT_MONTHS = """
WITH written AS (
    INSERT INTO accounts_repaymentmonth AS m (account_id, month, billed, paid, months_late)
    SELECT a.id, s.month, s.billed, s.paid, s.months_late
    FROM staged_month s JOIN accounts_account a ON a.reference = s.account_reference
    LEFT JOIN accounts_repaymentmonth k ON k.account_id = a.id AND k.month = s.month
    WHERE (k.billed, k.paid, k.months_late) IS DISTINCT FROM (s.billed, s.paid, s.months_late)
    ON CONFLICT (account_id, month) DO UPDATE SET
        billed = excluded.billed, paid = excluded.paid, months_late = excluded.months_late
    RETURNING m.account_id, m.xmax = 0 AS is_new
), noted AS (
    INSERT INTO changed SELECT DISTINCT a.customer_id FROM written JOIN accounts_account a ON a.id = account_id
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""

PAYMENTS = """
WITH written AS (
    INSERT INTO accounts_payment AS p (account_id, batch_id, reference, amount, received_at, reversed_at)
    SELECT a.id, %(batch)s, s.payment_reference, s.amount, s.received_at, s.reversed_at
    FROM staged_payment s JOIN accounts_account a ON a.reference = s.account_reference
    LEFT JOIN accounts_payment k ON k.reference = s.payment_reference
    WHERE k.id IS NULL OR (s.reversed_at IS NOT NULL AND k.reversed_at IS DISTINCT FROM s.reversed_at)
    ON CONFLICT (reference) DO UPDATE SET reversed_at = excluded.reversed_at
    RETURNING p.id, p.account_id, p.reversed_at IS NOT NULL AS is_reversal, p.xmax = 0 AS is_new
), remembered AS (
    INSERT INTO arrived SELECT id, is_reversal FROM written
), noted AS (
    INSERT INTO changed SELECT DISTINCT a.customer_id FROM written JOIN accounts_account a ON a.id = account_id
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""


def take_customers(cursor: CursorWrapper, batch: Batch) -> Taken:
    taken = _write(cursor, CUSTOMERS, batch)
    cursor.execute(PHONES, {"now": batch.started_at})
    cursor.execute(ADDRESSES)
    return taken


def take_accounts(cursor: CursorWrapper, batch: Batch) -> Taken:
    cursor.execute(ACCOUNTS_CHANGED)
    return _write(cursor, ACCOUNTS, batch)


def take_repayment_months(cursor: CursorWrapper, batch: Batch) -> Taken:
    return _write(cursor, REPAYMENT_MONTHS, batch)


def take_payments(cursor: CursorWrapper, batch: Batch) -> Taken:
    return _write(cursor, PAYMENTS, batch)


def _write(cursor: CursorWrapper, statement: str, batch: Batch) -> Taken:
    cursor.execute(statement, {"batch": batch.pk, "as_of": batch.as_of, "now": batch.started_at})
    return Taken(*cursor.fetchone())
