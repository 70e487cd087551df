"""Adding to the chains.

Record as the **last statement** of your transaction. A chain is locked from its first new entry until the commit:
whatever else is locked (customers, visits, names) must be locked before, in its own order, so that no two
transactions wait for each other, and the chain is held for as short a time as can be.

One use case may record inside another one: what a complaint or a call stops is recorded when it is stopped, and goes on. That
is safe with the customer's lock, taken before (`compliance.restrictions.hold`), and with the chains in one order: LOCKED_IN.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from accounts.models import User
from compliance.audit.audited import BY_LABEL
from compliance.audit.content import digests_of, plain, subject_of
from compliance.audit.hashing import Head, link
from compliance.audit.keys import mac_key
from compliance.models import AuditEntry, Chain, Kind

BATCH = 1000
# A number is shown and a restriction stops things inside of what the gate or an outcome records at its end.
LOCKED_IN = (Chain.PEOPLE, Chain.EVIDENCE, Chain.DECISIONS, Chain.POLICY)


@dataclass(frozen=True)
class News:
    """What is to be recorded. `subject` and `detail` hold codes and keys of rows, never personal data."""

    chain: Chain
    kind: Kind
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def record(
    *,
    chain: Chain,
    kind: Kind,
    subject: str,
    detail: Mapping[str, Any],
    by: User | None,
    now: datetime,
    digest: str = "",
) -> AuditEntry:
    """Add one entry. `by` is None when nobody was logged in. See the module about where to call it."""
    return record_many([News(chain, kind, subject, detail, digest)], by=by, now=now)[0]


def record_rows(rows: Sequence[models.Model], *, by: User | None, now: datetime) -> list[AuditEntry]:
    """Add an entry with a digest for each new row of the audited ledgers (`compliance.audit.audited`), in order."""
    found = {type(row): BY_LABEL[row._meta.label_lower] for row in rows}
    digests = {model: digests_of(row for row in rows if type(row) is model) for model in found}
    return record_many(
        [
            News(
                chain=found[type(row)].chain,
                kind=found[type(row)].kind,
                subject=subject_of(row),
                detail={name: getattr(row, name) for name in found[type(row)].tells},
                digest=digests[type(row)][row.pk],
            )
            for row in rows
        ],
        by=by,
        now=now,
    )


def record_many(entries: Iterable[News], *, by: User | None, now: datetime) -> list[AuditEntry]:
    """Add entries in their order: one lock and one look at the head for each chain, one INSERT for a thousand."""
    entries = list(entries)
    with transaction.atomic(savepoint=False):
        heads = {chain: _locked_head(chain) for chain in _in_one_order(entries)}
        rows = []
        for news in entries:
            row = _row(news, after=heads[news.chain], by=by, now=now)
            heads[news.chain] = Head(row.seq, row.hash)
            rows.append(row)
        AuditEntry.objects.bulk_create(rows, batch_size=BATCH)
    return rows


def _row(news: News, *, after: Head, by: User | None, now: datetime) -> AuditEntry:
    entry = link(
        after,
        chain=str(news.chain),
        kind=str(news.kind),
        at=now,
        by=by.pk if by else None,
        subject=news.subject,
        subject_digest=news.digest,
        detail=plain(news.detail),
        key=mac_key(),
    )
    fields = entry._asdict()
    return AuditEntry(**fields | {"by": by})


def _in_one_order(entries: Sequence[News]) -> list[Chain]:
    """Two transactions that record in several chains lock them in the same order."""
    wanted = {news.chain for news in entries}
    return [chain for chain in LOCKED_IN if chain in wanted]


def _locked_head(chain: Chain) -> Head:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM compliance_audit_head(%s)", [str(chain)])
        return Head(*cursor.fetchone())
