"""One line of the file of signed checkpoints: what it says, how it is signed, and what is wrong with a row of them.

    {"at":…,"chain":"PEOPLE","count":7,"hash":…,"number":12,"previous":…,"seq":7,"signature":…}

`hash` is the hash of the chain's entry `seq`, `count` how many entries there were up to it, `number` counts the
lines of the file, `previous` is SHA-256 over the line before. The signature is Ed25519 over the line without it.
Whoever cuts the end off a chain, or computes a chain anew with all its keys, does not match what was signed before.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from compliance.audit.hashing import GENESIS, canonical

FIELDS = {"at", "chain", "count", "hash", "number", "previous", "seq", "signature"}


class LineFault(StrEnum):
    """What is wrong with the checkpoints themselves."""

    NO_DIRECTORY = "NO_DIRECTORY"
    LINE_UNREADABLE = "LINE_UNREADABLE"
    LINE_MISSING = "LINE_MISSING"
    FORGED = "FORGED"


@dataclass(frozen=True)
class Seen:
    """The head of a chain at the moment of a checkpoint."""

    at: str
    chain: str
    count: int
    hash: str
    seq: int


@dataclass(frozen=True)
class Line:
    """A line as it is in the file."""

    number: int
    seen: Seen
    previous: str
    signature: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_signed_with(self, keys: Iterable[Ed25519PublicKey]) -> bool:
        return any(self._verifies(key) for key in keys)

    def _verifies(self, key: Ed25519PublicKey) -> bool:
        try:
            key.verify(base64.b64decode(self.signature), _signed(self.number, self.previous, self.seen))
        except (InvalidSignature, ValueError):
            return False
        return True


def _signed(number: int, previous: str, seen: Seen) -> bytes:
    return canonical({**asdict(seen), "number": number, "previous": previous}).encode()


def sign(seen: Seen, *, after: Line | None, key: Ed25519PrivateKey) -> Line:
    """The line that follows `after` in the file."""
    number = after.number + 1 if after else 1
    previous = after.digest if after else GENESIS
    signature = base64.b64encode(key.sign(_signed(number, previous, seen))).decode()
    said = {**asdict(seen), "number": number, "previous": previous, "signature": signature}
    return Line(number, seen, previous, signature, canonical(said))


def parse(text: str) -> Line | None:
    """The line that `text` is; None when it is none, or is not written as we write them."""
    try:
        said: Any = json.loads(text)
        if not isinstance(said, dict) or set(said) != FIELDS or canonical(said) != text:
            return None
        seen = Seen(said["at"], said["chain"], int(said["count"]), said["hash"], int(said["seq"]))
        return Line(int(said["number"]), seen, said["previous"], said["signature"], text)
    except (ValueError, TypeError):
        return None


class BadLine(NamedTuple):
    number: int
    what: LineFault
    seen: Seen | None


def look_through(
    texts: Sequence[str], *, keys: Sequence[Ed25519PublicKey]
) -> tuple[list[Line], BadLine | None]:
    """All lines with a true signature, whatever stands between them, and the first that is not as it should be."""
    signed: list[Line] = []
    bad: BadLine | None = None
    number, previous = 1, GENESIS
    for text in texts:
        line = parse(text)
        what = _fault(line, keys=keys, number=number, previous=previous)
        if what is not None:
            bad = bad or BadLine(number, what, line.seen if line else None)
        if line is not None and what is not LineFault.FORGED:
            signed.append(line)
            number, previous = line.number + 1, line.digest
    return signed, bad


def _fault(
    line: Line | None, *, keys: Sequence[Ed25519PublicKey], number: int, previous: str
) -> LineFault | None:
    if line is None:
        return LineFault.LINE_UNREADABLE
    if not line.is_signed_with(keys):
        return LineFault.FORGED
    if (line.number, line.previous) != (number, previous):
        return LineFault.LINE_MISSING
    return None
