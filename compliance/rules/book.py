"""The book itself: every rule with its channels, authority and sources.

Bank policy may be stricter than the law, never looser. Each source says how far it was confirmed;
a rule that rests on unconfirmed sources alone is bank policy, whatever the text it has in mind.
"""

from compliance.rules.frequency import REMINDERS, WEEK, per_local_day, rolling
from compliance.rules.hours import BANK_HOURS, INDUSTRY_HOURS, cannot_end_in_time, outside, zone_unknown
from compliance.rules.rule import EVERY_CHANNEL, WRITTEN, Authority, Rule, Source, Verification
from compliance.rules.state import nothing_due, restricted, under_age
from compliance.rules.visiting import alone, too_dangerous, unverified

VERSION = "2026.11.1"

OWNER = Source("OWNER", Verification.CONFIRMED)
POLICY = Source("POLICY", Verification.CONFIRMED)
CBA = Source("CBA-2026", Verification.SECONDARY)
CBA_22 = Source("CBA-2026-22", Verification.SECONDARY)
GBT = Source("GBT-45251", Verification.SECONDARY)
CARD_69 = Source("CARD-69", Verification.SECONDARY)
CARD_70 = Source("CARD-70", Verification.CONFIRMED)
PIPL_31 = Source("PIPL-31", Verification.CONFIRMED)
PIPL_44 = Source("PIPL-44", Verification.CONFIRMED)
PIPL_49 = Source("PIPL-49", Verification.CONFIRMED)
PUBLIC_SECURITY_50 = Source("PUBLIC-SECURITY-50", Verification.SECONDARY)
CIVIL_CODE_17 = Source("CIVIL-CODE-17", Verification.BACKGROUND)
KOREA = Source("KOREA", Verification.CONFIRMED)
INDIA = Source("INDIA", Verification.CONFIRMED)
REG_F = Source("REG-F", Verification.CONFIRMED)
JAPAN_21 = Source("JAPAN-21", Verification.CONFIRMED)
RG_96 = Source("RG-96", Verification.CONFIRMED)
BANK = Authority.BANK_POLICY

RULES: tuple[Rule, ...] = (
    Rule("TZ-UNKNOWN", 1, EVERY_CHANNEL, BANK, (POLICY,), zone_unknown),
    Rule("WIN-BANK", 1, EVERY_CHANNEL, BANK, (OWNER,), outside(BANK_HOURS)),
    Rule("WIN-CN", 1, EVERY_CHANNEL, Authority.SELF_REGULATION, (CBA, GBT), outside(INDUSTRY_HOURS)),
    Rule("WIN-CUTOFF", 1, ("VISIT",), BANK, (OWNER,), cannot_end_in_time),
    Rule(
        "ST-DEAD",
        1,
        EVERY_CHANNEL,
        Authority.NATIONAL_STANDARD,
        (GBT, PIPL_49),
        restricted("DECEASED"),
    ),
    Rule(
        "ST-MINOR",
        1,
        EVERY_CHANNEL,
        Authority.NATIONAL_STANDARD,
        (GBT, PIPL_31),
        restricted("MINOR", "INCAPACITY"),
    ),
    Rule("ST-AGE", 1, EVERY_CHANNEL, BANK, (CIVIL_CODE_17,), under_age),
    Rule(
        "ST-MED",
        1,
        EVERY_CHANNEL,
        BANK,
        (POLICY, KOREA),
        restricted("HOSPITAL"),
    ),
    Rule("ST-BEREAVE", 1, EVERY_CHANNEL, BANK, (POLICY, KOREA, INDIA), restricted("BEREAVEMENT")),
    Rule("ST-DISASTER", 1, EVERY_CHANNEL, BANK, (POLICY, KOREA, INDIA), restricted("DISASTER")),
    Rule("ST-HARM", 1, EVERY_CHANNEL, BANK, (POLICY,), restricted("SELF_HARM")),
    Rule(
        "ST-HARDSHIP",
        1,
        EVERY_CHANNEL,
        BANK,
        (POLICY, CARD_70),
        restricted("HARDSHIP_APPLICATION"),
    ),
    Rule("ST-PLAN", 1, EVERY_CHANNEL, Authority.DEPARTMENTAL_RULE, (CARD_70,), restricted("PERFORMING_PLAN")),
    Rule(
        "ST-DISPUTE",
        1,
        EVERY_CHANNEL,
        Authority.DEPARTMENTAL_RULE,
        (CARD_69,),
        restricted("DISPUTE"),
    ),
    Rule("ST-COMPLAINT", 1, EVERY_CHANNEL, BANK, (POLICY,), restricted("COMPLAINT")),
    Rule(
        "ST-LAWYER",
        1,
        EVERY_CHANNEL,
        BANK,
        (POLICY, REG_F),
        restricted("REPRESENTED"),
    ),
    Rule(
        "ST-POLICE",
        1,
        EVERY_CHANNEL,
        Authority.LAW,
        (PUBLIC_SECURITY_50,),
        restricted("POLICE_ORDER"),
    ),
    Rule("ST-DNC", 1, EVERY_CHANNEL, Authority.LAW, (PIPL_44,), restricted("DO_NOT_CONTACT")),
    Rule(
        "VIS-LEAVE",
        1,
        ("VISIT",),
        BANK,
        (POLICY, JAPAN_21, RG_96),
        restricted("VISIT_REFUSED"),
    ),
    Rule("ST-PAID", 1, EVERY_CHANNEL, Authority.SELF_REGULATION, (CBA,), nothing_due),
    Rule(
        "FRQ-SMS",
        1,
        WRITTEN,
        BANK,
        (POLICY,),
        per_local_day(most=1, channels=WRITTEN, counted=REMINDERS),
    ),
    Rule(
        "FRQ-SMS-7D",
        1,
        WRITTEN,
        BANK,
        (POLICY,),
        rolling(most=3, period=WEEK, channels=WRITTEN, counted=REMINDERS),
    ),
    Rule("FRQ-CALL", 1, ("CALL",), BANK, (CBA, GBT), per_local_day(most=3, channels=("CALL",), counted=None)),
    Rule(
        "FRQ-VISIT",
        1,
        ("VISIT",),
        BANK,
        (POLICY, RG_96),
        rolling(most=1, period=WEEK, channels=("VISIT",), counted=None),
    ),
    Rule(
        "FRQ-7D",
        1,
        EVERY_CHANNEL,
        BANK,
        (POLICY, KOREA),
        rolling(most=7, period=WEEK, channels=EVERY_CHANNEL, counted=None),
    ),
    Rule("VIS-TEAM", 1, ("VISIT",), Authority.SELF_REGULATION, (CBA_22,), alone),
    Rule("VIS-VERIFIED", 1, ("VISIT",), BANK, (POLICY,), unverified),
    Rule("VIS-SAFETY", 1, ("VISIT",), BANK, (POLICY,), too_dangerous),
)
