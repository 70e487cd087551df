"""The form of a rule: a pure check of Facts with its authority and sources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from compliance.facts import Facts

EVERY_CHANNEL = ("VISIT", "CALL", "SMS", "LETTER")
WRITTEN = ("SMS", "LETTER")


class Authority(StrEnum):
    LAW = "LAW"
    DEPARTMENTAL_RULE = "DEPARTMENTAL_RULE"
    NATIONAL_STANDARD = "NATIONAL_STANDARD"
    SELF_REGULATION = "SELF_REGULATION"
    BANK_POLICY = "BANK_POLICY"


class Verification(StrEnum):
    """How far a source was confirmed: read itself, read second-hand, or known without a text."""

    CONFIRMED = "CONFIRMED"
    SECONDARY = "SECONDARY"
    BACKGROUND = "BACKGROUND"


@dataclass(frozen=True)
class Source:
    """A text that a rule follows, by its key; `compliance.wording` names it for people."""

    key: str
    verification: Verification


@dataclass(frozen=True)
class Hit:
    """A rule that says no: the facts it saw, and when it would say yes."""

    rule: str
    version: int
    saw: Mapping[str, object] = field(hash=False)
    next: datetime | None


# What a rule that forbids saw, and the first instant at which it would not; None when it has nothing to say.
Found = tuple[Mapping[str, object], datetime | None] | None
Check = Callable[[Facts], Found]


@dataclass(frozen=True)
class Rule:
    """`check` returns what it saw and the next allowed instant when the rule forbids the contact, else None."""

    id: str
    version: int
    channels: tuple[str, ...]
    authority: Authority
    sources: tuple[Source, ...]
    check: Check

    def hits(self, facts: Facts) -> Hit | None:
        if facts.channel not in self.channels:
            return None
        found = self.check(facts)
        return Hit(self.id, self.version, *found) if found else None
