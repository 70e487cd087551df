# ruff: noqa: T201
"""How fast portfolios are assessed: `pytest -n0 -s tests/bench/bench_assess.py` (CASES=100000 for more).

Synthetic cases, each with an account of six months, two payments, a phone and an address, on the tests' servers.
"""

import os
from datetime import UTC, datetime
from time import perf_counter, process_time

import numpy as np
from django.db import connection, connections

from risk.assess import assess_changed_cases, assess_portfolio
from risk.facts import facts_of
from risk.scoring_many import Columns, score_many
from risk.terms import UNKNOWN
from tests.accounts.factories import BranchFactory
from tests.risk.cards import CARD

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CASES = int(os.environ.get("CASES", "20000"))
ROWS = 1_000_000

PORTFOLIO = """
INSERT INTO accounts_customer (id, branch_id, bank_number, name, identity_number_sealed, identity_number_index,
    identity_number_masked, language, time_zones, income_kind, monthly_income, hardship, created_at, updated_at)
SELECT gen_random_uuid(), %(branch)s, 'S' || n, '李明', '', '', '', 'zh-hans', '{Asia/Shanghai}',
    (ARRAY['SALARY', 'PENSION', ''])[n %% 3 + 1], 2000 + n %% 9000, '', %(now)s, %(now)s
FROM generate_series(1, %(cases)s) AS n;
INSERT INTO accounts_account (id, customer_id, reference, product, currency, credit_limit, balance, overdue_amount,
    oldest_unpaid_due_on, as_of)
SELECT gen_random_uuid(), id, bank_number, 'card', 'CNY', 50000, 100 * length(name) + 7000, 3000,
    %(now)s::date - (abs(hashtext(bank_number)) %% 200 + 1), %(now)s FROM accounts_customer;
INSERT INTO accounts_repaymentmonth (account_id, month, billed, paid, months_late)
SELECT a.id, make_date(2026, m, 1), 1000 + m, abs(hashtext(reference)) %% 1000, abs(hashtext(reference)) %% (m - 3)
FROM accounts_account a, generate_series(5, 10) AS m;
INSERT INTO accounts_batch (id, source, as_of, content_hash, status, counts, started_at, imported_by_id, refusal)
SELECT gen_random_uuid(), 'bench', %(now)s, '', 'DONE', '{}', %(now)s, id, '' FROM accounts_user LIMIT 1;
INSERT INTO accounts_payment (account_id, batch_id, reference, amount, received_at)
SELECT a.id, b.id, a.reference || '-' || n, 100, %(now)s - n * interval '20 days'
FROM accounts_account a, accounts_batch b, generate_series(1, 2) AS n;
INSERT INTO accounts_phone (id, customer_id, kind, number_sealed, number_index, number_masked, country, is_mobile)
SELECT gen_random_uuid(), id, 'OWN', '', bank_number::bytea, '', 'CN', true FROM accounts_customer;
INSERT INTO accounts_case (id, customer_id, branch_id, status, stage, currency, overdue_amount, balance,
    oldest_unpaid_due_on, opened_at, next_action, next_action_on, facts_changed_at)
SELECT gen_random_uuid(), customer_id, %(branch)s, 'OPEN', 'ASSESSMENT', 'CNY', overdue_amount, balance,
    oldest_unpaid_due_on, %(now)s, 'VERIFY', %(now)s, %(now)s FROM accounts_account;
"""


def measure(what, rows, work):
    began, worked = perf_counter(), process_time()
    work()
    wall, cpu = perf_counter() - began, process_time() - worked
    print(f"{what}: {rows:,} in {wall:.2f} s ({cpu:.2f} s of Python) = {rows / wall:,.0f} a second")


def test_assessing_a_portfolio(committed_db):
    branch = BranchFactory()
    with connection.cursor() as cursor:
        cursor.execute(PORTFOLIO, {"branch": branch.pk, "now": NOW, "cases": CASES})
        with connections["owner"].cursor() as owner:
            owner.execute("ANALYZE")
        cursor.execute("SELECT id FROM accounts_case ORDER BY id LIMIT 20000")
        some = [row[0] for row in cursor.fetchall()]
    print()
    measure("facts read", len(some), lambda: facts_of(some, now=NOW))
    measure("first assessment", CASES, lambda: assess_changed_cases(now=NOW))
    measure("whole portfolio once more", CASES, lambda: assess_portfolio(now=NOW))
    measure("nothing changed", CASES, lambda: assess_changed_cases(now=NOW))


def test_scoring_alone():
    draw = np.random.default_rng(1)
    columns = Columns(
        values={one.code: draw.choice(_values(one), ROWS) for one in CARD.characteristics},
        overdue_cents=draw.integers(0, 10_000_000, ROWS),
        currency=np.full(ROWS, "CNY"),
    )
    print()
    measure("scored with reasons", ROWS, lambda: score_many(CARD, columns))


def _values(one):
    numbers = (
        range(len(one.fact.words)) if one.fact.is_choice else (0, *one.cuts, *(cut + 1 for cut in one.cuts))
    )
    return np.array([UNKNOWN, *numbers], dtype=np.int64)
