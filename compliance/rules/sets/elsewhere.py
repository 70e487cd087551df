"""Rules that are not asked at the gate: what keeps each is named, and a test sees that it exists."""

from compliance.rules.rule import (
    EVERY_CHANNEL,
    Authority,
    Decision,
    PolicySet,
    Rule,
)

BANK, CN = PolicySet.BANK, PolicySet.CN
FORBID, BLOCK, OVERRIDE, WARN = Decision.FORBID, Decision.BLOCK, Decision.OVERRIDE, Decision.WARN
POLICY, LAW = Authority.BANK_POLICY, Authority.LAW
DEPARTMENT, REGULATION = Authority.DEPARTMENTAL_RULE, Authority.REGULATION
INDUSTRY = Authority.SELF_REGULATION


def kept(
    rule: str,
    decision: Decision,
    authority: Authority,
    sources: tuple[str, ...],
    kept_by: str,
    *,
    channels: tuple[str, ...] = EVERY_CHANNEL,
) -> Rule:
    policy = BANK if authority == POLICY else CN
    return Rule(rule, policy, channels, decision, authority, sources, kept_by=kept_by, everywhere=True)


ELSEWHERE: tuple[Rule, ...] = (
    kept("FRQ-LOCK", BLOCK, POLICY, ("POLICY",), "compliance.gate.clearance"),
    kept("OVR-4EYES", FORBID, POLICY, ("POLICY",), "compliance.overrides.approve_override"),
)
