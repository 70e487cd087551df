# ruff: noqa: T201
"""How fast the chains are: `pytest -n0 -s tests/bench/bench_audit.py` (ENTRIES=1000000 for more).

Entries one by one with a commit each, in sets of a thousand, and read back by a verification; beside the same rows
inserted plainly, in the same run, into a table without trigger and hashes. Records of decisions are digests too.
"""

import json
import os
from datetime import UTC, datetime
from time import perf_counter

from django.db import connection, connections, transaction

from accounts.models import User
from compliance import audit
from compliance.audit import Chain, Kind, News
from compliance.audit.checkpoints import write_checkpoints
from compliance.audit.verifying import verify
from compliance.models import AuditEntry, Clearance
from config.rights import application_role
from tests.accounts.factories import CustomerFactory

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ENTRIES = int(os.environ.get("ENTRIES", "200000"))
SET = 1000
SINGLES = 500
DECISIONS = 5000

PLAIN = """
CREATE TABLE plain_auditentry (LIKE compliance_auditentry INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES);
GRANT INSERT, SELECT ON plain_auditentry TO {};
"""
COPIED = "chain, seq, kind, at, subject, subject_digest, body, prev, hash, mac, by_id"


def rate(what, rows, work):
    began = perf_counter()
    work()
    seconds = perf_counter() - began
    print(f"{what}: {rows:,} in {seconds:.2f} s = {rows / seconds:,.0f} a second")
    return round(rows / seconds)


def news(n):
    return News(Chain.POLICY, Kind.POLICY, f"compliance.policy:{n}", {"parameter": "quiet_from", "value": n})


def record_singles():
    for n in range(SINGLES):
        audit.record_many([news(n)], by=None, now=NOW)


def record_in_sets():
    for begin in range(0, ENTRIES - SINGLES, SET):
        numbers = range(begin, min(begin + SET, ENTRIES - SINGLES))
        audit.record_many([news(n) for n in numbers], by=None, now=NOW)


def insert_plainly(rows, *, at_once):
    """The very same values, into the twin of the table."""
    marks = ", ".join(["%s"] * len(COPIED.split(",")))
    statement = f"INSERT INTO plain_auditentry ({COPIED}) VALUES "
    for begin in range(0, len(rows), at_once):
        some = rows[begin : begin + at_once]
        with transaction.atomic(), connection.cursor() as cursor:
            values = [value for row in some for value in row]
            cursor.execute(statement + ", ".join([f"({marks})"] * len(some)), values)


def decisions():
    customer, by = CustomerFactory(), User.objects.system()
    facts = {"zones": ["Asia/Shanghai"], "contacts": [NOW.isoformat()] * 5, "flags": {"a": True, "b": None}}
    rows = [
        Clearance(
            customer=customer, channel="SMS", purpose="PAYMENT_REMINDER", asked_by=by, decided_at=NOW, at=NOW,
            facts=facts, rulebook="1", rules=[["WIN-CN", 1]] * 20, expires_at=NOW,
        )
        for _ in range(DECISIONS)
    ]  # fmt: skip
    return Clearance.objects.bulk_create(rows, batch_size=SET), by


def test_the_chains(committed_db, tmp_path):
    with connections["owner"].cursor() as owner:
        owner.execute(PLAIN.format(application_role()))
    print()
    figures = {"bench": "audit", "entries": ENTRIES}
    figures["single_per_second"] = rate("recorded one by one", SINGLES, record_singles)
    figures["batch_per_second"] = rate(f"recorded in sets of {SET}", ENTRIES - SINGLES, record_in_sets)

    rows = list(AuditEntry.objects.order_by("seq").values_list(*COPIED.split(", ")))
    some = rows[:SINGLES]
    figures["plain_single_per_second"] = rate(
        "plainly, one by one", SINGLES, lambda: insert_plainly(some, at_once=1)
    )
    figures["plain_batch_per_second"] = rate(
        f"plainly, in sets of {SET}", len(rows) - SINGLES, lambda: insert_plainly(rows[SINGLES:], at_once=SET)
    )

    made, by = decisions()
    figures["decisions_per_second"] = rate(
        "decisions digested and recorded", DECISIONS, lambda: audit.record_rows(made, by=by, now=NOW)
    )
    write_checkpoints(directory=tmp_path, by=by, now=NOW)
    total = ENTRIES + DECISIONS + 1
    figures["verify_per_second"] = rate("verified", total, lambda: _verify(tmp_path, total))
    print(json.dumps(figures))


def _verify(directory, total):
    report = verify(directory=directory, now=NOW, progress=lambda *told: None)
    assert report.ok, report.as_json()["first_bad"]
    assert report.entries == total
