"""What a verification found, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.audit.hashing import Fault, Head
from compliance.audit.signed_lines import BadLine
from compliance.audit.wording import sentence_of_chain, sentence_of_file


@dataclass(frozen=True)
class Bad:
    """The first bad entry of a chain. `seq` is None for rows that have no entry: `rows` of them, one is `subject`."""

    chain: str
    seq: int | None
    what: Fault
    subject: str = ""
    rows: int = 0

    @property
    def says(self) -> str:
        return sentence_of_chain(self.what, seq=self.seq, subject=self.subject, rows=self.rows)

    def as_json(self) -> dict[str, Any]:
        return {
            "chain": self.chain,
            "seq": self.seq,
            "what": self.what.value,
            "subject": self.subject,
            "says": self.says,
        }


@dataclass(frozen=True)
class ChainReport:
    entries: int
    head: Head
    bad: Bad | None

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": self.entries,
            "seq": self.head.seq,
            "hash": self.head.hash,
            "bad": self.bad.as_json() if self.bad else None,
        }


@dataclass(frozen=True)
class CheckpointReport:
    """`newest_at` is blank when there is none. `late`: there should have been one since."""

    directory: Path
    lines: int
    newest_at: str
    late: bool
    bad: BadLine | None

    @property
    def says(self) -> str:
        return sentence_of_file(self.bad.what, number=self.bad.number) if self.bad else ""

    def bad_as_json(self) -> dict[str, Any] | None:
        if self.bad is None:
            return None
        seen = self.bad.seen
        where = {"chain": seen.chain if seen else None, "seq": seen.seq if seen else None}
        return {**where, "line": self.bad.number, "what": self.bad.what.value, "says": self.says}

    def as_json(self) -> dict[str, Any]:
        return {
            "directory": str(self.directory),
            "lines": self.lines,
            "newest_at": self.newest_at or None,
            "late": self.late,
            "bad": self.bad_as_json(),
        }


@dataclass(frozen=True)
class Report:
    chains: Mapping[str, ChainReport]
    checkpoints: CheckpointReport

    @property
    def ok(self) -> bool:
        return not self.checkpoints.bad and not any(it.bad for it in self.chains.values())

    @property
    def entries(self) -> int:
        return sum(it.entries for it in self.chains.values())

    def as_json(self) -> dict[str, Any]:
        """`first_bad` is the first bad chain's, else what is wrong with the checkpoints."""
        bad = [it.bad.as_json() for it in self.chains.values() if it.bad]
        return {
            "ok": self.ok,
            "entries": self.entries,
            "chains": {name: it.as_json() for name, it in self.chains.items()},
            "first_bad": bad[0] if bad else self.checkpoints.bad_as_json(),
            "checkpoints": self.checkpoints.as_json(),
        }
