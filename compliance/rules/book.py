"""The book itself: every rule with its channels, authority and sources.

Bank policy may be stricter than the law, never looser. What was read only second-hand says so.
"""

from compliance.rules.frequency import REMINDERS, WEEK, per_local_day, rolling
from compliance.rules.hours import BANK_HOURS, INDUSTRY_HOURS, cannot_end_in_time, outside, zone_unknown
from compliance.rules.rule import EVERY_CHANNEL, WRITTEN, Authority, Rule
from compliance.rules.state import nothing_due, restricted, under_age
from compliance.rules.visiting import alone, too_dangerous, unverified

VERSION = "2026.11.1"

OWNER = "Product requirement: no contact before 08:00 or from 21:00 on"
CBA = "CBA 2026 guideline on collection of personal consumer loans (read second-hand)"
GBT = "GB/T 45251-2025 ch. 5 (read second-hand)"
CARD_RULES = "信用卡业务监督管理办法 art. 70"
PIPL = "个人信息保护法"
BANK = Authority.BANK_POLICY

RULES: tuple[Rule, ...] = (
    Rule("TZ-UNKNOWN", 1, EVERY_CHANNEL, BANK, ("Bank policy",), zone_unknown),
    Rule("WIN-BANK", 1, EVERY_CHANNEL, BANK, (OWNER,), outside(BANK_HOURS)),
    Rule("WIN-CN", 1, EVERY_CHANNEL, Authority.SELF_REGULATION, (CBA, GBT), outside(INDUSTRY_HOURS)),
    Rule("WIN-CUTOFF", 1, ("VISIT",), BANK, (OWNER,), cannot_end_in_time),
    Rule(
        "ST-DEAD",
        1,
        EVERY_CHANNEL,
        Authority.NATIONAL_STANDARD,
        (GBT, f"{PIPL} art. 49"),
        restricted("DECEASED"),
    ),
    Rule(
        "ST-MINOR",
        1,
        EVERY_CHANNEL,
        Authority.NATIONAL_STANDARD,
        (GBT, f"{PIPL} art. 31"),
        restricted("MINOR", "INCAPACITY"),
    ),
    Rule("ST-AGE", 1, EVERY_CHANNEL, Authority.LAW, ("民法典 art. 17",), under_age),
    Rule(
        "ST-MED",
        1,
        EVERY_CHANNEL,
        BANK,
        ("Bank policy, after Korea's Personal Debtor Protection Act",),
        restricted("HOSPITAL"),
    ),
    Rule(
        "ST-BEREAVE", 1, EVERY_CHANNEL, BANK, ("Bank policy, after Korea and RBI",), restricted("BEREAVEMENT")
    ),
    Rule(
        "ST-DISASTER", 1, EVERY_CHANNEL, BANK, ("Bank policy, after Korea and RBI",), restricted("DISASTER")
    ),
    Rule("ST-HARM", 1, EVERY_CHANNEL, BANK, ("Bank policy",), restricted("SELF_HARM")),
    Rule(
        "ST-HARDSHIP",
        1,
        EVERY_CHANNEL,
        BANK,
        (f"{CARD_RULES} (in its spirit)",),
        restricted("HARDSHIP_APPLICATION"),
    ),
    Rule(
        "ST-PLAN", 1, EVERY_CHANNEL, Authority.DEPARTMENTAL_RULE, (CARD_RULES,), restricted("PERFORMING_PLAN")
    ),
    Rule(
        "ST-DISPUTE",
        1,
        EVERY_CHANNEL,
        Authority.DEPARTMENTAL_RULE,
        ("信用卡业务监督管理办法 art. 69",),
        restricted("DISPUTE"),
    ),
    Rule("ST-COMPLAINT", 1, EVERY_CHANNEL, BANK, ("Bank policy",), restricted("COMPLAINT")),
    Rule(
        "ST-LAWYER",
        1,
        EVERY_CHANNEL,
        BANK,
        ("Bank policy, after 12 CFR 1006.6(b)(2)",),
        restricted("REPRESENTED"),
    ),
    Rule(
        "ST-POLICE",
        1,
        EVERY_CHANNEL,
        Authority.LAW,
        ("治安管理处罚法 (2025) art. 50(2)",),
        restricted("POLICE_ORDER"),
    ),
    Rule("ST-DNC", 1, EVERY_CHANNEL, Authority.LAW, (f"{PIPL} art. 44",), restricted("DO_NOT_CONTACT")),
    Rule(
        "VIS-LEAVE",
        1,
        ("VISIT",),
        BANK,
        ("Bank policy, after 貸金業法 art. 21 and RG 96",),
        restricted("VISIT_REFUSED"),
    ),
    Rule("ST-PAID", 1, EVERY_CHANNEL, Authority.SELF_REGULATION, (CBA,), nothing_due),
    Rule(
        "FRQ-SMS",
        1,
        WRITTEN,
        BANK,
        ("Bank policy",),
        per_local_day(most=1, channels=WRITTEN, counted=REMINDERS),
    ),
    Rule(
        "FRQ-SMS-7D",
        1,
        WRITTEN,
        BANK,
        ("Bank policy",),
        rolling(most=3, period=WEEK, channels=WRITTEN, counted=REMINDERS),
    ),
    Rule("FRQ-CALL", 1, ("CALL",), BANK, (CBA, GBT), per_local_day(most=3, channels=("CALL",), counted=None)),
    Rule(
        "FRQ-VISIT",
        1,
        ("VISIT",),
        BANK,
        ("Bank policy, after RG 96",),
        rolling(most=1, period=WEEK, channels=("VISIT",), counted=None),
    ),
    Rule(
        "FRQ-7D",
        1,
        EVERY_CHANNEL,
        BANK,
        ("Bank policy, after Korea's seven in seven days",),
        rolling(most=7, period=WEEK, channels=EVERY_CHANNEL, counted=None),
    ),
    Rule("VIS-TEAM", 1, ("VISIT",), Authority.SELF_REGULATION, (f"{CBA} art. 22",), alone),
    Rule("VIS-VERIFIED", 1, ("VISIT",), BANK, ("Bank policy",), unverified),
    Rule("VIS-SAFETY", 1, ("VISIT",), BANK, ("Bank policy",), too_dangerous),
)
