"""Walking the chains from their first entry to their last, in constant memory, against keys, rows and checkpoints."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from compliance.audit.checkpoint_file import NoDirectory, read_lines
from compliance.audit.hashing import EMPTY, Entry, Fault, Head, fault_of
from compliance.audit.keys import mac_key, trusted_keys
from compliance.audit.report import Bad, ChainReport, CheckpointReport, Report
from compliance.audit.signed_lines import BadLine, Line, LineFault, look_through
from compliance.audit.subjects import faults_of_subjects, rows_without_entry
from compliance.models import AuditEntry, Chain, Kind

PAGE = 5000
MAY_BE_LATE = timedelta(hours=2)
COLUMNS = [name if name != "by" else "by_id" for name in Entry._fields]

# The hashes that signed checkpoints saw at the numbers of one chain.
Anchors = dict[int, set[str]]
# The digests of lines that the ledger knows to have been written, by their number in the file.
Remembered = dict[int, set[str]]
# Called with chain, entries verified, and how many there are.
Progress = Callable[[str, int, int], None]


def verify(*, directory: Path, now: datetime, progress: Progress) -> Report:
    """Check every chain. Names the first bad entry of each, and the first bad line of the checkpoints.

    The checkpoints are read first: what is written while this runs is newer than they are.
    """
    lines, bad_line = _checkpoints(directory)
    anchors: dict[str, Anchors] = defaultdict(lambda: defaultdict(set))
    for line in lines:
        anchors[line.seen.chain][line.seen.seq].add(line.seen.hash)
    walks = {chain: _walk(chain, anchors[chain], progress) for chain in Chain}
    if bad_line is None:
        bad_line = _forgotten(walks[Chain.EVIDENCE].remembered, lines, directory)
    newest = lines[-1].seen.at if lines else ""
    begun = min((walk.begun for walk in walks.values() if walk.begun), default=now)
    late = (datetime.fromisoformat(newest) if newest else begun) < now - MAY_BE_LATE
    return Report(
        {str(chain): ChainReport(walk.entries, walk.head, walk.bad) for chain, walk in walks.items()},
        CheckpointReport(directory, len(lines), newest, late, bad_line),
    )


class Walk:
    """How far one chain is right."""

    def __init__(self, chain: Chain, anchors: Anchors) -> None:
        self.chain, self.anchors, self.key = chain, anchors, mac_key()
        self.head, self.entries = EMPTY, 0
        self.begun: datetime | None = None
        self.bad: Bad | None = None
        self.remembered: Remembered = defaultdict(set)

    def take(self, page: Sequence[Entry]) -> None:
        """Go on over the next entries, up to the first bad one; rows are looked at for those that are right."""
        right = []
        for entry in page:
            fault = fault_of(entry, after=self.head, key=self.key) or self._unlike_checkpoint(entry)
            if fault:
                self.bad = Bad(str(self.chain), self.head.seq + 1, fault, entry.subject)
                break
            self.head = Head(entry.seq, entry.hash)
            self.entries += 1
            self.begun = self.begun or entry.at
            self._remember(entry)
            right.append(entry)
        self._look_at_subjects(right)

    def end(self) -> None:
        """All entries were seen: has the end been cut off, or a row been slipped in?"""
        last = max(self.anchors, default=0)
        if self.bad is None and last > self.head.seq:
            self.bad = Bad(str(self.chain), self.head.seq + 1, Fault.TAIL_CUT)
        if self.bad is None:
            self.bad = rows_without_entry(self.chain)

    def _unlike_checkpoint(self, entry: Entry) -> Fault | None:
        seen = self.anchors.get(entry.seq)
        return Fault.CHECKPOINT_DIFFERS if seen and seen != {entry.hash} else None

    def _remember(self, entry: Entry) -> None:
        if entry.kind == Kind.CHECKPOINT:
            detail = json.loads(entry.body)["detail"]
            self.remembered[detail["lines"]].add(detail["last"])

    def _look_at_subjects(self, entries: Sequence[Entry]) -> None:
        faults = faults_of_subjects(entries)
        if faults:
            seq = min(faults)
            subject = next(entry.subject for entry in entries if entry.seq == seq)
            self.bad = Bad(str(self.chain), seq, faults[seq], subject)


def _walk(chain: Chain, anchors: Anchors, progress: Progress) -> Walk:
    walk = Walk(chain, anchors)
    total = AuditEntry.objects.filter(chain=chain).order_by("-seq").values_list("seq", flat=True).first() or 0
    for page in _pages(chain):
        walk.take(page)
        progress(str(chain), walk.entries, total)
        if walk.bad:
            break
    walk.end()
    return walk


def _pages(chain: Chain) -> Iterator[list[Entry]]:
    """Page after page by the number of the last entry: no long transaction, no cursor to keep open."""
    rows = AuditEntry.objects.filter(chain=chain).order_by("seq").values_list(*COLUMNS)
    after = 0
    while page := [Entry._make(row) for row in rows.filter(seq__gt=after)[:PAGE]]:
        yield page
        after = page[-1].seq


def _checkpoints(directory: Path) -> tuple[list[Line], BadLine | None]:
    try:
        return look_through(read_lines(directory), keys=trusted_keys())
    except (NoDirectory, PermissionError):
        return [], BadLine(0, LineFault.NO_DIRECTORY, None)


def _forgotten(remembered: Remembered, lines: Sequence[Line], directory: Path) -> BadLine | None:
    """The first line that the ledger knows was written and the file does not hold (any more)."""
    held = {line.number: line.digest for line in lines}
    if any(number not in held for number in remembered):  # or written since the file was read
        held |= {line.number: line.digest for line in _checkpoints(directory)[0]}
    gone = sorted(number for number, digests in remembered.items() if digests != {held.get(number)})
    return BadLine(gone[0], LineFault.LINE_MISSING, None) if gone else None
