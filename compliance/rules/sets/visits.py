"""Visits (section D of the book), as far as the gate keeps them; the rest is in `elsewhere`."""

from compliance.rules.checks import visiting
from compliance.rules.rule import VISIT, Authority, Decision, Param, PolicySet, Rule, Tighter, Unit, fixed

BANK, CN = PolicySet.BANK, PolicySet.CN
POLICY = Authority.BANK_POLICY


def at_least(value: int, name: str, unit: Unit = Unit.COUNT, *, limit: int | None = None) -> Param:
    return fixed(name, unit, value, Tighter.HIGHER, limit=limit)


VISITS: tuple[Rule, ...] = (
    Rule(
        "VIS-TEAM",
        CN,
        VISIT,
        Decision.FORBID,
        Authority.SELF_REGULATION,
        ("CBA-2026-22",),
        visiting.wrong_team,
        (at_least(2, "least"), fixed("most", Unit.COUNT, 4, Tighter.LOWER)),
        everywhere=True,
    ),
    Rule("VIS-VERIFIED", BANK, VISIT, Decision.BLOCK, POLICY, ("POLICY",), visiting.unverified),
    Rule("VIS-SAFETY", BANK, VISIT, Decision.BLOCK, POLICY, ("POLICY",), visiting.too_dangerous),
    Rule(
        "VIS-RISK",
        BANK,
        VISIT,
        Decision.BLOCK,
        POLICY,
        ("POLICY",),
        visiting.unassessed,
        (fixed("days", Unit.DAYS, 7, Tighter.LOWER),),
    ),
    Rule(
        "VIS-LAST",
        BANK,
        VISIT,
        Decision.WARN,
        POLICY,
        ("RG-96-7",),
        visiting.first_means,
        (
            at_least(3, "attempts", limit=1),
            at_least(2, "channels", limit=1),
            fixed("days", Unit.DAYS, 14, Tighter.LOWER, limit=35),
        ),
    ),
    Rule(
        "VIS-NOTICE",
        BANK,
        VISIT,
        Decision.WARN,
        POLICY,
        ("POLICY", "UK-CONC-7-9-12"),
        visiting.short_notice,
        (at_least(24, "hours", Unit.HOURS),),
    ),
    Rule(
        "VIS-PLACE",
        CN,
        VISIT,
        Decision.OVERRIDE,
        Authority.SELF_REGULATION,
        ("CBA-2026", "JP-21"),
        visiting.at_the_workplace,
        everywhere=True,
    ),
)
