"""The form of a rule: data about it, the numbers it is set to, and a pure check of Facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from compliance.facts import Facts

VISIT = ("VISIT",)
VOICE = ("CALL", "ROBOT_CALL")
WRITTEN = ("SMS", "IM", "EMAIL", "PUSH", "LETTER")
EVERY_CHANNEL = (*VISIT, *VOICE, *WRITTEN)


class Decision(IntEnum):
    """What a hit means, the mildest first; the decision on a contact is the worst of all hits.

    FORBID: nobody may override. BLOCK: the compliance officer may. OVERRIDE: a second supervisor may, too.
    """

    WARN = 1
    OVERRIDE = 2
    BLOCK = 3
    FORBID = 4


class PolicySet(StrEnum):
    """Whose rule it is. The bank's own and those adopted everywhere bind every customer, a country's its own."""

    BANK = "BANK"
    CN = "CN"
    US_REG_F = "US-REG-F"
    US_MA = "US-MA"
    UK = "UK"
    AU = "AU"
    IN = "IN"
    TH = "TH"
    KR = "KR"
    JP = "JP"


class Authority(StrEnum):
    LAW = "LAW"
    REGULATION = "REGULATION"
    DEPARTMENTAL_RULE = "DEPARTMENTAL_RULE"
    NATIONAL_STANDARD = "NATIONAL_STANDARD"
    SELF_REGULATION = "SELF_REGULATION"
    BANK_POLICY = "BANK_POLICY"


class Unit(StrEnum):
    """How a parameter's whole number is to be read."""

    TIME = "TIME"  # seconds since local midnight
    SECONDS = "SECONDS"
    HOURS = "HOURS"
    DAYS = "DAYS"
    COUNT = "COUNT"
    SEVERITY = "SEVERITY"  # a Decision


class Tighter(IntEnum):
    """The direction in which a parameter becomes stricter."""

    LOWER = -1
    HIGHER = 1


# Beyond these nobody means a setting; a year is the longest any rule looks.
GREATEST: dict[Unit, int] = {
    Unit.TIME: 86_399,
    Unit.SECONDS: 86_400,
    Unit.HOURS: 720,
    Unit.DAYS: 366,
    Unit.COUNT: 100,
    Unit.SEVERITY: 4,
}


@dataclass(frozen=True)
class Param:
    """A number a rule is set to. `limit` is the loosest value anybody may choose: the law's, or the product's."""

    name: str
    unit: Unit
    value: int
    tighter: Tighter
    limit: int
    least: int = 0
    most: int = 86_400

    def looser_than_limit(self, value: int) -> bool:
        return (value - self.limit) * self.tighter < 0


def fixed(name: str, unit: Unit, value: int, tighter: Tighter, *, limit: int | None = None) -> Param:
    """A parameter whose packaged value is the loosest there may be, unless a looser `limit` is named."""
    least = 0 if unit == Unit.TIME else 1
    limit = value if limit is None else limit
    return Param(name, unit, value, tighter, limit, least=least, most=GREATEST[unit])


def clock(hours: int, minutes: int = 0) -> int:
    """A time of day as the seconds since local midnight."""
    return hours * 3600 + minutes * 60


Params = Mapping[str, int]


@dataclass(frozen=True)
class Found:
    """What a rule has to say: what it saw, the first instant at which it would be content (None: not by waiting),
    and a decision when it is not the rule's usual one.
    """

    saw: Mapping[str, object]
    next: datetime | None
    decision: Decision | None = None


Check = Callable[[Facts, Params], Found | None]


class Need(StrEnum):
    """A fact without which the rule cannot have anything to say; spares asking it for most customers."""

    ALWAYS = "ALWAYS"
    RESTRICTIONS = "RESTRICTIONS"
    CONTACTS = "CONTACTS"
    QUIET_HOURS = "QUIET_HOURS"
    THIRD_PARTY = "THIRD_PARTY"


@dataclass(frozen=True)
class Rule:
    """One rule of the book.

    `decision` is the mildest it may be set to. `check` is None for a rule that is not kept by the gate but by
    `kept_by`, the dotted name of what keeps it. `everywhere`: the bank keeps this country's rule for all customers.
    `sources` are keys of `compliance.rules.sources`; a rule without a confirmed or read source is bank policy.
    """

    id: str
    policy: PolicySet
    channels: tuple[str, ...]
    decision: Decision
    authority: Authority
    sources: tuple[str, ...]
    check: Check | None = None
    params: tuple[Param, ...] = ()
    need: Need = Need.ALWAYS
    everywhere: bool = False
    kept_by: str = ""
    version: int = 1
    effective_from: date = date(2026, 1, 1)
    effective_to: date | None = None

    def __post_init__(self) -> None:
        if (self.check is None) == (not self.kept_by):
            raise ValueError(f"{self.id} is kept either by a check or by something else.")

    @property
    def overridable_by(self) -> tuple[str, ...]:
        """The roles that may approve an override of its hits, by the rule's packaged decision."""
        return OVERRIDABLE_BY[self.decision]

    @property
    def settings(self) -> tuple[Param, ...]:
        """All that may be set: its parameters, and how severe it is."""
        severity = Param(
            "decision", Unit.SEVERITY, self.decision, Tighter.HIGHER, self.decision, least=1, most=4
        )
        return (*self.params, severity)


OVERRIDABLE_BY: dict[Decision, tuple[str, ...]] = {
    Decision.WARN: (),
    Decision.OVERRIDE: ("SUPERVISOR", "COMPLIANCE_OFFICER"),
    Decision.BLOCK: ("COMPLIANCE_OFFICER",),
    Decision.FORBID: (),
}


@dataclass(frozen=True)
class Hit:
    """A rule that has something to say about one contact.

    `amendment` numbers the bank's change of its parameters, 0 when they are the packaged ones.
    """

    rule: str
    version: int
    amendment: int
    decision: Decision
    params: Mapping[str, int] = field(hash=False)
    saw: Mapping[str, object] = field(hash=False)
    next: datetime | None
