"""Third parties (section C of the book)."""

from compliance.rules.checks.third_parties import condition
from compliance.rules.rule import (
    EVERY_CHANNEL,
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
STANDARD, INDUSTRY, LAW = Authority.NATIONAL_STANDARD, Authority.SELF_REGULATION, Authority.LAW


def third(
    rule: str,
    authority: Authority,
    sources: tuple[str, ...],
    params: tuple[Param, ...] = (),
    *,
    decision: Decision = Decision.FORBID,
) -> Rule:
    policy = BANK if authority == Authority.BANK_POLICY else CN
    return Rule(
        rule,
        policy,
        EVERY_CHANNEL,
        decision,
        authority,
        sources,
        condition(rule),
        params,
        Need.THIRD_PARTY,
        everywhere=policy == CN,
    )


THIRD_PARTIES: tuple[Rule, ...] = (
    third(
        "TP-GATE",
        STANDARD,
        ("CBA-2026", "GBT-45251", "CARD-68"),
        (
            fixed("failures", Unit.COUNT, 3, Tighter.HIGHER),
            fixed("days", Unit.DAYS, 2, Tighter.HIGHER),
        ),
    ),
    third("TP-PURPOSE", INDUSTRY, ("CBA-2026",), decision=Decision.BLOCK),
    third("TP-REFUSED", STANDARD, ("GBT-45251",)),
    third("TP-COLLECT", INDUSTRY, ("CBA-2026", "CARD-68")),
    third("TP-SOURCE", LAW, ("PIPL-6",)),
    third(
        "FRQ-THIRD",
        Authority.BANK_POLICY,
        ("POLICY",),
        (
            fixed("conversations", Unit.COUNT, 1, Tighter.LOWER),
            fixed("attempts", Unit.COUNT, 2, Tighter.LOWER),
        ),
        decision=Decision.BLOCK,
    ),
)
