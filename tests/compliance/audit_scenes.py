"""A small branch's audit ledger, and the ways of a database owner to falsify it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connections

from accounts.models import User
from accounts.models.staff import Role
from compliance import audit
from compliance.audit import Chain, Kind, News
from compliance.audit.checkpoints import write_checkpoints
from compliance.audit.hashing import Entry, Head, hash_of, mac_of
from compliance.audit.verifying import COLUMNS, verify
from compliance.models import AuditEntry, Clearance, Disclosure, Refusal
from tests.accounts.factories import CustomerFactory, UserFactory

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
TABLE = "compliance_auditentry"


def asked(officer, *, at=NOON):
    return {
        "customer": CustomerFactory(),
        "channel": "SMS",
        "purpose": "PAYMENT_REMINDER",
        "asked_by": officer,
        "decided_at": at,
        "at": at,
        "facts": {"zones": ["Asia/Shanghai"]},
        "rulebook": "1",
    }


def cleared(officer, *, at=NOON):
    return Clearance.objects.create(**asked(officer, at=at), rules=[], expires_at=at + timedelta(seconds=60))


def refused(officer, *, at=NOON):
    return Refusal.objects.create(**asked(officer, at=at), reasons=[], next_allowed_at=None)


def disclosed(officer, *, at=NOON):
    return Disclosure.objects.create(
        customer=CustomerFactory(),
        field="customer.identity_number",
        reason_code="AUDIT",
        reason="check",
        at=at,
        by=officer,
    )


def policies(*numbers, now=NOON):
    news = [News(Chain.POLICY, Kind.POLICY, f"compliance.policy:{n}", {"value": n}) for n in numbers]
    audit.record_many(news, by=None, now=now)


class Scene:
    """DECISIONS 1 to 4, PEOPLE 1, POLICY 1 to 6, a checkpoint, then POLICY 7 and 8."""

    def __init__(self, directory):
        self.directory = directory
        self.officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
        self.rows = [
            cleared(self.officer),
            refused(self.officer),
            cleared(self.officer),
            refused(self.officer),
        ]
        audit.record_rows([*self.rows, disclosed(self.officer)], by=self.officer, now=NOON)
        policies(1, 2, 3, 4, 5, 6)
        self.checkpoint()
        policies(7, 8)

    def checkpoint(self, *, now=NOON):
        return write_checkpoints(directory=self.directory, by=User.objects.system(), now=now)

    @property
    def file(self):
        return self.directory / "checkpoints.jsonl"

    @property
    def lines(self):
        return self.file.read_text().splitlines()

    def write(self, lines):
        self.file.write_text("".join(f"{line}\n" for line in lines))


def verified(directory, *, now=NOON):
    return verify(directory=directory, now=now, progress=lambda *told: None)


def found(report):
    """(chain, number, what) of every bad chain."""
    bad = (it.bad for it in report.chains.values() if it.bad)
    return [(one.chain, one.seq, str(one.what)) for one in bad]


def as_owner(*statements, table=TABLE):
    """What an owner can do who first switches the walls off."""
    with connections["owner"].cursor() as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, values in statements:
            owner.execute(statement, values)
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def set_column(chain, seq, column, value):
    as_owner((f"UPDATE {TABLE} SET {column} = %s WHERE chain = %s AND seq = %s", [value, chain, seq]))


def entries_of(chain):
    rows = AuditEntry.objects.filter(chain=chain).order_by("seq").values_list(*COLUMNS)
    return [Entry._make(row) for row in rows]


def recompute(chain, seq, *, body, key=None):
    """Change one body and every hash that hangs on it; with `key` the keyed hashes too."""
    statements = []
    head = Head(0, "0" * 64)
    for entry in entries_of(chain):
        text = body if entry.seq == seq else entry.body
        hashed = hash_of(head.hash, text) if entry.seq >= seq else entry.hash
        mac = mac_of(hashed, key=key) if key and entry.seq >= seq else entry.mac
        values = [text, head.hash, hashed, mac, chain, entry.seq]
        statements.append(
            (
                f"UPDATE {TABLE} SET body = %s, prev = %s, hash = %s, mac = %s WHERE chain = %s AND seq = %s",
                values,
            )
        )
        head = Head(entry.seq, hashed)
    as_owner(*reversed(statements))
