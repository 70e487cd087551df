"""Rules that are not asked at the gate: what keeps each is named, and a test sees that it exists."""

from compliance.rules.rule import (
    EVERY_CHANNEL,
    VISIT,
    Authority,
    Decision,
    PolicySet,
    Rule,
)

BANK, CN = PolicySet.BANK, PolicySet.CN
FORBID, BLOCK = Decision.FORBID, Decision.BLOCK
POLICY, LAW = Authority.BANK_POLICY, Authority.LAW
DEPARTMENT, REGULATION = Authority.DEPARTMENTAL_RULE, Authority.REGULATION


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
    kept(
        "ID-VERIFY",
        BLOCK,
        POLICY,
        ("POLICY", "UK-CONC-7"),
        "visits.identity.ensure_may_talk_of_the_debt",
        channels=VISIT,
    ),
    kept(
        "VIS-ENTRY",
        FORBID,
        LAW,
        ("CIVIL-CODE-1033", "CRIMINAL-245", "CBA-2026"),
        "visits.consents.consent_to_enter",
        channels=VISIT,
    ),
    kept(
        "VIS-REC",
        FORBID,
        LAW,
        ("CIVIL-CODE-1033", "CARD-68"),
        "visits.consents.ensure_may_record_indoors",
        channels=VISIT,
    ),
    kept("VIS-REPORT", BLOCK, POLICY, ("POLICY",), "visits.unreported.ensure_all_recorded", channels=VISIT),
    kept("VIS-OVERRUN", FORBID, POLICY, ("OWNER",), "visits.overruns.watch_overruns", channels=VISIT),
    kept("VIS-SCORE", BLOCK, LAW, ("PIPL-24",), "visits.planning.decide.accept_plan", channels=VISIT),
    kept("EVID-HASH", FORBID, LAW, ("CARD-CASES-7",), "compliance.audit.verifying.verify"),
    kept(
        "EVID-VIEW",
        BLOCK,
        LAW,
        ("PIPL-51", "CIVIL-CODE-1033"),
        "compliance.disclosure.disclose_identity_number",
    ),
    kept("LOC-TRACK", FORBID, LAW, ("PIPL-28", "PIPL-6", "PIPL-19"), "compliance.retention.purging.purge"),
    kept(
        "REC-KEEP",
        FORBID,
        DEPARTMENT,
        ("CARD-68", "CARD-70", "CONSUMER-FINANCE-RECORDS"),
        "compliance.retention.keeping.ensure_may_go",
    ),
    kept("REC-PURGE", BLOCK, LAW, ("PIPL-19",), "compliance.retention.purging.purge"),
    kept("CB-NOTICE", FORBID, REGULATION, ("CREDIT-15",), "compliance.rules.bureau.problems_with_report"),
    kept(
        "CB-FIELDS",
        FORBID,
        REGULATION,
        ("CREDIT-14", "PIPL-6"),
        "compliance.rules.bureau.problems_with_report",
    ),
    kept("CB-OBJECT", BLOCK, REGULATION, ("CREDIT-25",), "compliance.complaints.watch.watch_deadlines"),
)
