"""The arithmetic of the chains, without database and clock: what an entry's hash is, and what is wrong with one.

    hash = SHA-256(prev + body)        both as UTF-8, prev in hexadecimal, 64 zeros before the first entry
    mac  = HMAC-SHA256(key, hash)      with a key that the database does not know

`body` is canonical JSON: sorted keys, no spaces, text as it is, instants in UTC with microseconds.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

GENESIS = "0" * 64


class Fault(StrEnum):
    """What is wrong with an entry of a chain, or with the row it is about."""

    ENTRY_MISSING = "ENTRY_MISSING"
    LINK_BROKEN = "LINK_BROKEN"
    BODY_CHANGED = "BODY_CHANGED"
    COLUMNS_CHANGED = "COLUMNS_CHANGED"
    WRONG_MAC = "WRONG_MAC"
    CHECKPOINT_DIFFERS = "CHECKPOINT_DIFFERS"
    TAIL_CUT = "TAIL_CUT"
    SUBJECT_CHANGED = "SUBJECT_CHANGED"
    SUBJECT_MISSING = "SUBJECT_MISSING"
    ROW_WITHOUT_ENTRY = "ROW_WITHOUT_ENTRY"


class Head(NamedTuple):
    """The last entry of a chain so far."""

    seq: int
    hash: str


EMPTY = Head(0, GENESIS)


class Entry(NamedTuple):
    """One row of the audit ledger, in the order of its columns."""

    chain: str
    seq: int
    kind: str
    at: datetime
    by: int | None
    subject: str
    subject_digest: str
    body: str
    prev: str
    hash: str
    mac: str


def canonical(value: Any) -> str:
    """JSON with one form for one content. Raises ValueError for NaN and infinity."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def instant(at: datetime) -> str:
    """2026-11-23T04:00:00.000000+00:00. Raises ValueError for a datetime without time zone."""
    if at.tzinfo is None:
        raise ValueError("An audit entry needs an aware datetime.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(
    after: Head,
    *,
    chain: str,
    kind: str,
    at: datetime,
    by: int | None,
    subject: str,
    subject_digest: str,
    detail: Mapping[str, Any],
    key: bytes,
) -> Entry:
    """The entry that follows `after`."""
    seq = after.seq + 1
    body = canonical(
        {
            "at": instant(at),
            "by": by,
            "chain": chain,
            "detail": detail,
            "kind": kind,
            "seq": seq,
            "subject": subject,
            "subject_digest": subject_digest,
        }
    )
    hashed = hash_of(after.hash, body)
    mac = mac_of(hashed, key=key)
    return Entry(chain, seq, kind, at, by, subject, subject_digest, body, after.hash, hashed, mac)


def hash_of(prev: str, body: str) -> str:
    return hashlib.sha256(f"{prev}{body}".encode()).hexdigest()


def mac_of(hashed: str, *, key: bytes) -> str:
    return hmac.digest(key, hashed.encode(), hashlib.sha256).hex()


def fault_of(entry: Entry, *, after: Head, key: bytes) -> Fault | None:
    """What is wrong with `entry` where one that follows `after` is expected."""
    if entry.seq != after.seq + 1:
        return Fault.ENTRY_MISSING
    if entry.prev != after.hash:
        return Fault.LINK_BROKEN
    if entry.hash != hash_of(entry.prev, entry.body):
        return Fault.BODY_CHANGED
    if not hmac.compare_digest(entry.mac.encode(), mac_of(entry.hash, key=key).encode()):
        return Fault.WRONG_MAC
    return None if _says_its_columns(entry) else Fault.COLUMNS_CHANGED


def _says_its_columns(entry: Entry) -> bool:
    try:
        said = json.loads(entry.body)
    except ValueError:
        return False
    columns = {
        "at": instant(entry.at),
        "by": entry.by,
        "chain": entry.chain,
        "kind": entry.kind,
        "seq": entry.seq,
        "subject": entry.subject,
        "subject_digest": entry.subject_digest,
    }
    return isinstance(said, dict) and all(said.get(name) == value for name, value in columns.items())
