"""How often a customer may be reached (section B of the book). Counted per person over debts, numbers and staff."""

from compliance.rules.checks import frequency as counting
from compliance.rules.rule import (
    EVERY_CHANNEL,
    VISIT,
    VOICE,
    Authority,
    Decision,
    Need,
    Param,
    PolicySet,
    Rule,
    Tighter,
    Unit,
    fixed,
)

BANK, CN = PolicySet.BANK, PolicySet.CN
POLICY = Authority.BANK_POLICY
COUNTED = Need.CONTACTS


def at_most(value: int, name: str = "most", *, limit: int | None = None) -> Param:
    return fixed(name, Unit.COUNT, value, Tighter.LOWER, limit=limit)


def days(value: int, name: str = "days") -> Param:
    return fixed(name, Unit.DAYS, value, Tighter.HIGHER)


def hours(value: int, *, limit: int) -> Param:
    return fixed("hours", Unit.HOURS, value, Tighter.HIGHER, limit=limit)


FREQUENCY: tuple[Rule, ...] = (
    Rule(
        "FRQ-ATT",
        CN,
        VOICE,
        Decision.OVERRIDE,
        Authority.SELF_REGULATION,
        ("CBA-2026",),
        counting.usual_and_most_per_local_day(counting.same_number),
        (at_most(3, "usual", limit=6), at_most(6)),
        COUNTED,
        everywhere=True,
    ),
    Rule(
        "FRQ-EFF",
        CN,
        VOICE,
        Decision.OVERRIDE,
        Authority.NATIONAL_STANDARD,
        ("GBT-45251",),
        counting.usual_and_most_per_local_day(counting.any_conversation_by_voice),
        (at_most(1, "usual", limit=3), at_most(3)),
        COUNTED,
        everywhere=True,
    ),
    Rule(
        "FRQ-7D",
        BANK,
        EVERY_CHANNEL,
        Decision.OVERRIDE,
        POLICY,
        ("POLICY", "KR-PDPA", "REG-F-14B", "RG-96-5"),
        counting.rolling_all_and_conversations,
        (at_most(7), at_most(3, "conversations"), days(7)),
        COUNTED,
    ),
    Rule(
        "FRQ-30D",
        BANK,
        (*VISIT, *VOICE),
        Decision.OVERRIDE,
        POLICY,
        ("RG-96-5",),
        counting.rolling(counting.is_effective),
        (at_most(10), days(30)),
        COUNTED,
    ),
    Rule(
        "FRQ-COOL",
        BANK,
        (*VISIT, *VOICE),
        Decision.OVERRIDE,
        POLICY,
        ("POLICY", "REG-F-14B"),
        counting.too_soon(counting.is_effective, spares=frozenset({"COMPLAINT_ANSWER"})),
        (hours(24, limit=24),),
        COUNTED,
    ),
    Rule(
        "FRQ-SMS",
        BANK,
        counting.SHORT_MESSAGES,
        Decision.BLOCK,
        POLICY,
        ("POLICY",),
        counting.per_local_day(counting.reminders, only=counting.REMINDERS),
        (at_most(1),),
        COUNTED,
    ),
    Rule(
        "FRQ-SMS-7D",
        BANK,
        counting.SHORT_MESSAGES,
        Decision.BLOCK,
        POLICY,
        ("POLICY",),
        counting.rolling(counting.reminders, only=counting.REMINDERS),
        (at_most(3), days(7)),
        COUNTED,
    ),
    Rule(
        "FRQ-GAP",
        BANK,
        VOICE,
        Decision.BLOCK,
        POLICY,
        ("RG-96-5",),
        counting.too_soon(counting.by_channel(*VOICE)),
        (hours(2, limit=1),),
        COUNTED,
    ),
    Rule(
        "FRQ-VISIT",
        BANK,
        VISIT,
        Decision.OVERRIDE,
        POLICY,
        ("RG-96-7",),
        counting.visits_too_often,
        (days(7), days(30, "days_met"), at_most(1, "most_met")),
        COUNTED,
    ),
)
