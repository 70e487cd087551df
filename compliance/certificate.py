"""The proof that nobody was contacted outside the hours: one query over the contacts against the decisions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from compliance.audit import Chain, Kind, record
from compliance.models import Contact

# Every contact of the period, in the zones that its decision saw and in those the customer has now.
PROOF = """
WITH made AS ({contacts}), judged AS (
    SELECT m.id, m.customer_id, m.channel, m.made_at, d.id AS clearance,
        (d.customer_id, d.channel, d.purpose, d.party) IS DISTINCT FROM (m.customer_id, m.channel, m.purpose, m.party)
            AS borrowed,
        m.made_at >= d.expires_at AS expired,
        m.made_at < d.decided_at AS too_early,
        m.channel = 'VISIT' AND m.staff_present < 2 AS alone,
        zones.outside AS outside
    FROM made m
    LEFT JOIN compliance_clearance d ON d.id = m.clearance_id
    JOIN accounts_customer c ON c.id = m.customer_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(wall < time '08:00' OR wall >= time '21:00'), true) AS outside
        FROM (
            SELECT (m.made_at AT TIME ZONE zone)::time AS wall
            FROM (
                SELECT jsonb_array_elements_text(d.facts -> 'zones') UNION SELECT unnest(c.time_zones)
            ) AS known(zone)
        ) AS walls
    ) AS zones
)
SELECT count(*), count(*) FILTER (WHERE outside), count(*) FILTER (WHERE clearance IS NULL OR borrowed),
    count(*) FILTER (WHERE expired OR too_early), count(*) FILTER (WHERE alone),
    (SELECT count(*) FROM (SELECT clearance FROM judged GROUP BY clearance HAVING count(*) > 1) AS twice),
    (array_agg(id::text ORDER BY made_at) FILTER (WHERE outside OR clearance IS NULL OR borrowed OR expired
        OR too_early OR alone))[1:20]
FROM judged
"""


@dataclass(frozen=True)
class Certificate:
    """How many contacts there were in [since, until), and how many of them broke what must never be broken.

    `sha256` is of the query itself, so that two certificates can be known to have asked the same.
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
    entry: str

    @property
    def holds(self) -> bool:
        return not any((self.outside, self.without_clearance, self.after_expiry, self.alone, self.used_twice))


def issue_certificate(*, since: datetime, until: datetime, by: User, now: datetime) -> Certificate:
    """Ask the ledgers, and keep in the audit chain that and what was asked. One query over the period's contacts.

    Covers the branches `by` may see. Raises ValueError for a period that ends before it begins.
    """
    if until <= since:
        raise ValueError(f"From {since.isoformat()} until {until.isoformat()}.")
    total, outside, without, expired, alone, twice, examples = _ask(since=since, until=until, by=by)
    figures = {
        "contacts": total,
        "outside": outside,
        "without_clearance": without,
        "after_expiry": expired,
        "alone": alone,
        "used_twice": twice,
    }
    asked = hashlib.sha256(PROOF.encode()).hexdigest()
    entry = record(
        chain=Chain.DECISIONS,
        kind=Kind.EXPORT,
        subject="compliance.certificate",
        detail={"since": since, "until": until, "query": asked, **figures},
        by=by,
        now=now,
    )
    return Certificate(
        since=since,
        until=until,
        scope=str(by.branch) if by.branch and not by.sees_every_branch else "",
        examples=tuple(examples or ()),
        sha256=asked,
        issued_at=now,
        issued_by=str(by),
        entry=f"{entry.chain} {entry.seq} {entry.hash}",
        **figures,
    )


def _ask(*, since: datetime, until: datetime, by: User) -> tuple[Any, ...]:
    contacts = Contact.objects.visible_to(by).filter(made_at__gte=since, made_at__lt=until).order_by()
    found, parameters = contacts.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(PROOF.format(contacts=found), parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
