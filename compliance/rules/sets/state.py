"""The customer's own state (section E of the book). What each restriction stops: `compliance.special_care`."""

from compliance.rules.checks import state
from compliance.rules.rule import (
    EVERY_CHANNEL,
    VISIT,
    Authority,
    Decision,
    Need,
    PolicySet,
    Rule,
    Tighter,
    Unit,
    fixed,
)

BANK, CN = PolicySet.BANK, PolicySet.CN
POLICY = Authority.BANK_POLICY


def restriction(
    rule: str,
    *kinds: str,
    sources: tuple[str, ...],
    decision: Decision = Decision.BLOCK,
    authority: Authority = POLICY,
    channels: tuple[str, ...] = EVERY_CHANNEL,
) -> Rule:
    return Rule(
        rule,
        BANK if authority == POLICY else CN,
        channels,
        decision,
        authority,
        sources,
        state.restricted(*kinds),
        need=Need.RESTRICTIONS,
        everywhere=authority != POLICY,
    )


STANDARD, DEPARTMENT, LAW = Authority.NATIONAL_STANDARD, Authority.DEPARTMENTAL_RULE, Authority.LAW

STATE: tuple[Rule, ...] = (
    restriction(
        "ST-DEAD", "DECEASED", sources=("GBT-45251", "PIPL-49"), decision=Decision.FORBID, authority=STANDARD
    ),
    restriction(
        "ST-MINOR",
        "MINOR",
        "INCAPACITY",
        sources=("GBT-45251", "PIPL-31"),
        decision=Decision.FORBID,
        authority=STANDARD,
    ),
    Rule(
        "ST-AGE",
        BANK,
        EVERY_CHANNEL,
        Decision.FORBID,
        POLICY,
        ("CIVIL-CODE-17",),
        state.under_age,
        (fixed("years", Unit.COUNT, 18, Tighter.HIGHER),),
    ),
    restriction("ST-MED", "HOSPITAL", sources=("POLICY", "KR-PDPA")),
    restriction("ST-BEREAVE", "BEREAVEMENT", sources=("POLICY", "KR-PDPA", "IN-RBI-2026")),
    restriction("ST-DISASTER", "DISASTER", sources=("POLICY", "KR-PDPA", "IN-RBI-2026")),
    restriction(
        "ST-CARE",
        "PREGNANCY",
        "SERIOUS_ILLNESS",
        "DISABILITY",
        "ELDERLY_ALONE",
        sources=("POLICY", "UK-CONC-7"),
        decision=Decision.WARN,
    ),
    restriction("ST-HARM", "SELF_HARM", sources=("POLICY",), decision=Decision.FORBID),
    restriction("ST-HARDSHIP", "HARDSHIP_APPLICATION", sources=("POLICY", "CARD-70")),
    restriction(
        "ST-PLAN", "PERFORMING_PLAN", sources=("CARD-70",), decision=Decision.FORBID, authority=DEPARTMENT
    ),
    restriction("ST-DISPUTE", "DISPUTE", sources=("CARD-69", "CREDIT-25"), authority=DEPARTMENT),
    restriction("ST-COMPLAINT", "COMPLAINT", sources=("POLICY", "CBA-2026"), decision=Decision.OVERRIDE),
    restriction("ST-LAWYER", "REPRESENTED", sources=("POLICY", "REG-F-6B", "KR-PDPA")),
    restriction("ST-COURT", "COURT", sources=("POLICY",), decision=Decision.OVERRIDE),
    restriction("ST-DETAINED", "DETAINED", sources=("POLICY",)),
    restriction(
        "ST-POLICE",
        "POLICE_ORDER",
        sources=("PUBLIC-SECURITY-50",),
        decision=Decision.FORBID,
        authority=LAW,
    ),
    restriction("ST-DNC", "DO_NOT_CONTACT", sources=("PIPL-44", "REG-F-14B"), authority=LAW),
    restriction("ST-TIMEBAR", "TIME_BARRED", sources=("POLICY", "KR-PDPA"), decision=Decision.OVERRIDE),
    restriction(
        "VIS-LEAVE",
        "VISIT_REFUSED",
        sources=("POLICY", "JP-21", "RG-96-7"),
        decision=Decision.FORBID,
        channels=VISIT,
    ),
    Rule(
        "ST-PAID",
        CN,
        EVERY_CHANNEL,
        Decision.FORBID,
        Authority.SELF_REGULATION,
        ("CBA-2026",),
        state.nothing_due,
        everywhere=True,
    ),
)
