"""The rows that entries are about: are they still what they were, and has every row its entry?"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from compliance.audit.audited import AUDITED, BY_LABEL, Audited
from compliance.audit.content import columns_of, digest
from compliance.audit.hashing import Entry, Fault
from compliance.audit.report import Bad
from compliance.models import AuditEntry, Chain, Kind

WITHOUT_ENTRY = """
SELECT count(*), min({key}::text) FROM {table} AS kept WHERE NOT EXISTS (
    SELECT FROM compliance_auditentry entry
    WHERE entry.subject = %s || kept.{key}::text AND entry.chain = %s AND entry.subject_digest <> ''
)
"""


def faults_of_subjects(entries: Iterable[Entry]) -> dict[int, Fault]:
    """What is wrong with the rows of audited ledgers that `entries` of one chain are about, by number of the entry."""
    claimed: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
    for entry in entries:
        label, _, key = entry.subject.partition(":")
        if entry.subject_digest and label in BY_LABEL:
            claimed[label].append((key, entry))
    faults: dict[int, Fault] = {}
    for label, pairs in claimed.items():
        held = _digests(BY_LABEL[label], [key for key, _ in pairs])
        missing = [entry for key, entry in pairs if key not in held]
        purged = _purged(missing)
        faults |= {it.seq: Fault.SUBJECT_MISSING for it in missing if it.subject not in purged}
        faults |= {
            entry.seq: Fault.SUBJECT_CHANGED
            for key, entry in pairs
            if key in held and held[key] != entry.subject_digest
        }
    return faults


def _digests(audited: Audited, keys: list[str]) -> dict[str, str]:
    columns = columns_of(audited.model)
    rows = audited.model._base_manager.filter(pk__in=keys)
    values = rows.values_list("pk", *(column.name for column in columns)).iterator(chunk_size=2000)
    return {str(key): digest(row, columns) for key, *row in values}


def _purged(entries: list[Entry]) -> set[str]:
    """Subjects whose end was recorded by the retention task with an entry of their own."""
    if not entries:
        return set()
    ends = AuditEntry.objects.filter(
        chain=Chain.EVIDENCE, kind=Kind.RETENTION, subject__in=[entry.subject for entry in entries]
    )
    return set(ends.values_list("subject", flat=True))


def rows_without_entry(chain: Chain) -> Bad | None:
    """The rows of the chain's ledgers that were slipped in past it. One query for each ledger."""
    for audited in AUDITED:
        if audited.chain != chain:
            continue
        rows, first = _count_without_entry(audited)
        if rows:
            return Bad(chain, None, Fault.ROW_WITHOUT_ENTRY, f"{audited.label}:{first}", rows)
    return None


def _count_without_entry(audited: Audited) -> tuple[int, str]:
    quote = connection.ops.quote_name
    table = audited.model._meta.db_table
    statement = WITHOUT_ENTRY.format(table=quote(table), key=quote(audited.key))
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"{audited.label}:", str(audited.chain)])
        rows, first = cursor.fetchone()
    return rows, first
