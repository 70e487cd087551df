"""Writing checkpoints: the head of every chain, signed, to a file outside the database."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import User
from compliance.audit.checkpoint_file import open_for_one_writer
from compliance.audit.hashing import EMPTY, Head, instant
from compliance.audit.keys import signing_key
from compliance.audit.signed_lines import Line, Seen, sign
from compliance.audit.writing import News, record_many
from compliance.models import AuditEntry, Chain, Kind

SUBJECT = "checkpoints"


class ChainCut(Exception):
    """A chain no longer holds the entry that an earlier checkpoint saw at its end: `lines` say which."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        lost = "; ".join(
            f"{line.seen.chain} lost or changed entry {line.seen.seq}, signed at {line.seen.at}"
            for line in lines
        )
        super().__init__(f"{lost}. Run manage.py verify_audit.")


def write_checkpoints(*, directory: Path, by: User, now: datetime) -> int:
    """Sign the head of every chain into the file, then remember in a chain that the file has these lines.

    Returns how many lines the file has. Raises NoDirectory; and ChainCut, after everything was written and the loss
    was recorded as an incident: what is left is true as well, and the earlier lines keep showing what is gone.
    """
    with open_for_one_writer(directory) as file:
        before = file.last_lines()
        latest = {line.seen.chain: line for line in before}
        cut = [line for line in latest.values() if not _still_holds(line.seen)]
        lines = before[-1:]
        for chain in Chain:
            known = latest.get(chain)
            seen = _see(chain, since=known.seen if known and known not in cut else None, now=now)
            lines.append(sign(seen, after=lines[-1] if lines else None, key=signing_key()))
        file.append(lines[-len(Chain) :])
    _remember(lines[-1], cut, by=by, now=now)
    if cut:
        raise ChainCut(cut)
    return lines[-1].number


def _see(chain: Chain, *, since: Seen | None, now: datetime) -> Seen:
    """The head of `chain`, and how many entries lead to it; those up to `since` were counted then."""
    entries = AuditEntry.objects.filter(chain=chain)
    head = _head(entries.order_by("-seq"))
    first, counted = (since.seq, since.count) if since else (0, 0)
    count = counted + entries.filter(seq__gt=first, seq__lte=head.seq).count()
    return Seen(instant(now), str(chain), count, head.hash, head.seq)


def _still_holds(seen: Seen) -> bool:
    held = _head(AuditEntry.objects.filter(chain=seen.chain, seq=seen.seq))
    return held == Head(seen.seq, seen.hash)


def _head(entries: Any) -> Head:
    found = entries.values_list("seq", "hash").first()
    return Head(*found) if found else EMPTY


def _remember(last: Line, cut: Sequence[Line], *, by: User, now: datetime) -> None:
    news = [
        News(
            Chain.EVIDENCE,
            Kind.INCIDENT,
            SUBJECT,
            {"chain": line.seen.chain, "seq": line.seen.seq, "line": line.number, "what": "CHAIN_CUT"},
        )
        for line in cut
    ]
    seen = News(Chain.EVIDENCE, Kind.CHECKPOINT, SUBJECT, {"lines": last.number, "last": last.digest})
    record_many([*news, seen], by=by, now=now)
