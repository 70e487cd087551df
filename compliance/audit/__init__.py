"""Evidence that nothing was altered: append-only, hash-chained, keyed, anchored outside the database.

`record`, `record_many` and `record_rows` add to a chain, `digest_of` fixes the content of a row,
`verifying.verify` names the first bad entry. `docs/audit.md` says what an attacker can and cannot do.
"""

from compliance.audit.content import digest_of, digests_of, subject_of
from compliance.audit.writing import News, record, record_many, record_rows
from compliance.models import Chain, Kind

__all__ = [
    "Chain",
    "Kind",
    "News",
    "digest_of",
    "digests_of",
    "record",
    "record_many",
    "record_rows",
    "subject_of",
]
