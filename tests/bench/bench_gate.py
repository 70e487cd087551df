# ruff: noqa: T201
"""How fast the gate decides: `make bench-gate` over the whole demonstration portfolio, CUSTOMERS=100000 for more.

The portfolio is the demonstration's feed, imported and assessed; more customers are copies of it. Every third customer
was contacted three times lately, every fiftieth has a restriction. Beside the set: one customer after the other.
"""

import json
import os
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.demo.staff import create_demo_staff
from accounts.models import Customer, User
from compliance import gate
from compliance.calendar.loading import load_holidays
from compliance.gate import Ask, Channel, Purpose

CUSTOMERS = int(os.environ.get("CUSTOMERS", "0"))
NOON = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=12, minute=0, second=0, microsecond=0)
SINGLE = 300

COPIES = """
INSERT INTO accounts_customer (id, branch_id, bank_number, name, identity_number_masked, language, time_zones,
    income_kind, hardship, birth_date, created_at, updated_at)
SELECT gen_random_uuid(), branch_id, bank_number || '-' || n, name, '', language, time_zones, income_kind, hardship,
    birth_date, created_at, updated_at
FROM accounts_customer, generate_series(1, %(times)s) AS n LIMIT %(more)s;
INSERT INTO accounts_address (id, customer_id, kind, country, province, city, district, district_code, street,
    house_number, datum, confidence, area_risk, access)
SELECT gen_random_uuid(), copy.id, a.kind, a.country, a.province, a.city, a.district, a.district_code, a.street,
    a.house_number, a.datum, a.confidence, a.area_risk, a.access
FROM accounts_customer copy
JOIN accounts_customer o ON o.bank_number = split_part(copy.bank_number, '-', 1) AND o.id <> copy.id
JOIN accounts_address a ON a.customer_id = o.id;
INSERT INTO accounts_verification (customer_id, kind, status, finding, checked_at, checked_by_id, expires_at)
SELECT copy.id, v.kind, v.status, v.finding, v.checked_at, v.checked_by_id, v.expires_at
FROM accounts_customer copy
JOIN accounts_customer o ON o.bank_number = split_part(copy.bank_number, '-', 1) AND o.id <> copy.id
JOIN accounts_verification v ON v.customer_id = o.id;
"""

HISTORY = """
INSERT INTO compliance_clearance (id, customer_id, channel, purpose, party, asked_by_id, decided_at, at, severity, facts,
    rulebook, tzdata, rules, hits, expires_at)
SELECT gen_random_uuid(), c.id, 'SMS', 'PAYMENT_REMINDER', 'DEBTOR', %(by)s, moment, moment, 0, '{}', 'bench', '', '[]',
    '[]', %(noon)s + interval '1 day'
FROM (SELECT id, time_zones, row_number() OVER (ORDER BY id) AS n FROM accounts_customer) AS c,
    unnest(ARRAY[2, 9, 20]) AS ago, LATERAL (SELECT %(noon)s - ago * interval '1 day' AS moment) AS moments
WHERE c.n %% 3 = 0 AND 'Asia/Shanghai' = ANY (c.time_zones);
INSERT INTO compliance_contact (id, clearance_id, customer_id, channel, purpose, party, staff_present, made_at, made_by_id)
SELECT gen_random_uuid(), id, customer_id, channel, purpose, party, 0, decided_at, asked_by_id FROM compliance_clearance;
INSERT INTO compliance_restriction (customer_id, kind, channels, starts_at, evidence, evidence_kind, entered_at,
    entered_by_id)
SELECT id, 'DISPUTE', '{}', %(noon)s - interval '3 days', 'bench', 'WORD', %(noon)s, %(by)s
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM accounts_customer) AS c WHERE n %% 50 = 0;
"""


@pytest.fixture
def portfolio(committed_db, tmp_path):
    create_demo_staff(now=timezone.now())
    call_command("make_demo_feed", str(tmp_path / "feed"), f"--as-of={NOON.date()}", verbosity=0)
    call_command("import_feed", str(tmp_path / "feed"), f"--as-of={NOON.date()}", verbosity=0)
    call_command("assess", verbosity=0)
    by = User.objects.system()
    with connection.cursor() as cursor:
        load_holidays(countries=["CN", "US"], years=[NOON.year, NOON.year + 1], by=by, now=NOON)
        cursor.execute("SELECT count(*) FROM accounts_customer")
        (there,) = cursor.fetchone()
        more = max(0, CUSTOMERS - there)
        if more:
            cursor.execute(COPIES, {"times": more // there + 1, "more": more})
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [NOON.isoformat()])
        cursor.execute(HISTORY, {"by": by.pk, "noon": NOON})
    with connections["owner"].cursor() as owner:
        owner.execute("ANALYZE")
    return list(Customer.objects.order_by("pk").values_list("pk", flat=True))


def test_the_gate(portfolio):
    at = {"channel": Channel.SMS, "purpose": Purpose.PAYMENT_REMINDER, "at": NOON}
    gate.preview(portfolio[:100], **at)
    began, worked = perf_counter(), process_time()
    verdicts = gate.preview(portfolio, **at)
    seconds, cpu = perf_counter() - began, process_time() - worked
    print(f"\nmessages: {len(verdicts):,} in {seconds:.2f} s ({cpu:.2f} s of Python)")
    with CaptureQueriesContext(connection) as captured:
        gate.preview(portfolio[:1000], **at)
    plan = {"channel": Channel.VISIT, "purpose": Purpose.VISIT_PLAN, "at": NOON + timedelta(days=1)}
    began = perf_counter()
    visits = gate.preview(portfolio, **plan, lasting=timedelta(minutes=30), staff=2)
    print(f"visits: {len(visits):,} in {perf_counter() - began:.2f} s")
    began = perf_counter()
    for customer in portfolio[:SINGLE]:
        gate.preview([customer], **at)
    one_by_one = SINGLE / (perf_counter() - began)
    print(
        json.dumps(
            {
                "bench": "gate",
                "customers": len(portfolio),
                "seconds": round(seconds, 3),
                "per_second": round(len(portfolio) / seconds),
                "queries": len(captured),
                "single_ms": round(_committing(portfolio[:SINGLE]), 2),
                "python_seconds": round(cpu, 3),
                "one_by_one_per_second": round(one_by_one),
                "allowed": sum(verdict.allowed for verdict in verdicts.values()),
            }
        )
    )


def _committing(customers):
    """The median of one decision with its commit, in milliseconds."""
    by, took = User.objects.system(), []
    for customer in customers:
        ask = Ask(customer, Channel.SMS, Purpose.PAYMENT_REMINDER, NOON, NOON)
        began = perf_counter()
        try:
            with gate.clearance(ask, by=by, now=NOON):
                pass
        except gate.Refused:
            pass
        took.append(1000 * (perf_counter() - began))
    return median(took)
