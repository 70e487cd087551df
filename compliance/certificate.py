"""The proof that nobody was contacted outside the hours: one query over the contacts against the decisions.

A certificate is its entry in the audit chain: whoever reads it again reads what was found when it was issued.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from accounts.models import User
from compliance.audit import Chain, Kind, record
from compliance.models import AuditEntry, Contact

ISSUE = "compliance.issue_certificate"
SUBJECT = "compliance.certificate"
SHOWN = 20
NO_CONTACTS: tuple[Any, ...] = (0, 0, 0, 0, 0, 0, [])

# Every contact of the period, in the zones that its decision saw (of whoever was contacted, too) and in those the
# customer has now. A contact without any known zone counts as outside.
PROOF = """
WITH made AS ({contacts}), judged AS (
    SELECT m.id, m.customer_id, m.channel, m.made_at, d.id AS clearance,
        (d.customer_id, d.channel, d.purpose, d.party) IS DISTINCT FROM (m.customer_id, m.channel, m.purpose, m.party)
            AS borrowed,
        m.made_at >= d.expires_at AS expired,
        m.made_at < d.decided_at AS too_early,
        m.channel = 'VISIT' AND m.staff_present < 2 AS alone,
        EXISTS (
            SELECT FROM compliance_contact other WHERE other.clearance_id = m.clearance_id AND other.id <> m.id
        ) AS shared,
        zones.outside AS outside
    FROM made m
    LEFT JOIN compliance_clearance d ON d.id = m.clearance_id
    JOIN accounts_customer c ON c.id = m.customer_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(wall < time '08:00' OR wall >= time '21:00'), true) AS outside
        FROM (
            SELECT (m.made_at AT TIME ZONE zone)::time AS wall
            FROM (
                SELECT jsonb_array_elements_text(d.facts -> 'zones')
                UNION SELECT jsonb_path_query(d.facts, '$.third_party.zones[*]') #>> '{{}}'
                UNION SELECT unnest(c.time_zones)
            ) AS known(zone)
        ) AS walls
    ) AS zones
)
SELECT count(*), count(*) FILTER (WHERE outside), count(*) FILTER (WHERE clearance IS NULL OR borrowed),
    count(*) FILTER (WHERE expired OR too_early), count(*) FILTER (WHERE alone), count(*) FILTER (WHERE shared),
    (array_agg(id::text ORDER BY made_at, id) FILTER (WHERE outside OR clearance IS NULL OR borrowed OR expired
        OR too_early OR alone OR shared))[1:20]
FROM judged
"""
FIGURES = ("contacts", "outside", "without_clearance", "after_expiry", "alone", "used_twice")


class NoSuchCertificate(LookupError):
    """No certificate was issued under this number, or it is not the asker's to read."""


@dataclass(frozen=True)
class Certificate:
    """How many contacts there were in [since, until), and how many of them broke what must never be broken.

    `examples` are the ids of the first twenty that did. `scope` names the one branch that was asked about, and is
    empty for the whole bank. `sha256` is of the query itself, so that two certificates can be known to have asked
    the same. `number` and `hash` are those of the entry in the audit chain of decisions.
    """

    since: datetime
    until: datetime
    scope: str
    contacts: int
    outside: int
    without_clearance: int
    after_expiry: int
    alone: int
    used_twice: int
    examples: tuple[str, ...]
    sha256: str
    issued_at: datetime
    issued_by: str
    number: int
    hash: str

    @property
    def holds(self) -> bool:
        return not any((self.outside, self.without_clearance, self.after_expiry, self.alone, self.used_twice))


@transaction.atomic
def issue_certificate(*, since: datetime, until: datetime, by: User, now: datetime) -> Certificate:
    """Ask the ledgers, and keep in the audit chain what was asked and found. One query over the period's contacts.

    Covers the branches `by` may see. Raises ValueError for a period that ends before it begins or is not over.
    """
    if not since < until <= now:
        raise ValueError(f"From {since.isoformat()} until {until.isoformat()}, at {now.isoformat()}.")
    *figures, examples = _ask(since=since, until=until, by=by)
    detail = {
        "since": since,
        "until": until,
        "scope": str(by.branch) if by.branch and not by.sees_every_branch else "",
        "query": hashlib.sha256(PROOF.encode()).hexdigest(),
        "examples": examples or [],
        **dict(zip(FIGURES, figures, strict=True)),
    }
    entry = record(chain=Chain.DECISIONS, kind=Kind.EXPORT, subject=SUBJECT, detail=detail, by=by, now=now)
    return _certificate(entry)


def issued_certificate(number: int, *, user: User) -> Certificate:
    """The certificate as it was issued. Raises NoSuchCertificate."""
    entry = _issued(user).filter(seq=number).first()
    if entry is None:
        raise NoSuchCertificate(number)
    return _certificate(entry)


def issued_certificates(*, user: User) -> list[Certificate]:
    """The last twenty, the newest first. One query."""
    return [_certificate(entry) for entry in _issued(user).order_by("-seq")[:SHOWN]]


def _issued(user: User) -> Any:
    rows = AuditEntry.objects.visible_to(user).select_related("by")
    return rows.filter(chain=Chain.DECISIONS, kind=Kind.EXPORT, subject=SUBJECT)


def _certificate(entry: AuditEntry) -> Certificate:
    detail: dict[str, Any] = json.loads(entry.body)["detail"]
    return Certificate(
        since=datetime.fromisoformat(detail["since"]),
        until=datetime.fromisoformat(detail["until"]),
        scope=detail["scope"],
        examples=tuple(detail["examples"]),
        sha256=detail["query"],
        issued_at=entry.at,
        issued_by=str(entry.by),
        number=entry.seq,
        hash=entry.hash,
        **{name: detail[name] for name in FIGURES},
    )


def _ask(*, since: datetime, until: datetime, by: User) -> tuple[Any, ...]:
    contacts = Contact.objects.visible_to(by).filter(made_at__gte=since, made_at__lt=until).order_by()
    try:
        found, parameters = contacts.query.sql_with_params()
    except EmptyResultSet:
        return NO_CONTACTS
    with connection.cursor() as cursor:
        cursor.execute(PROOF.format(contacts=found), parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
