"""Other countries' rules, for customers who are there. They only tighten: the bank's own bind as well.

Where a text binds third-party collectors or is a presumption and no cap, two people may decide otherwise.
"""

from compliance.rules.checks import abroad, frequency, hours, visiting
from compliance.rules.rule import (
    EVERY_CHANNEL,
    VISIT,
    VOICE,
    Authority,
    Decision,
    Need,
    PolicySet,
    Rule,
    Tighter,
    Unit,
    clock,
    fixed,
)
from compliance.rules.sets.frequency import COUNTED, at_most, days
from compliance.rules.sets.hours import closes, opens

US, MA, UK, AU = PolicySet.US_REG_F, PolicySet.US_MA, PolicySet.UK, PolicySet.AU
INDIA, TH, KR, JP = PolicySet.IN, PolicySet.TH, PolicySet.KR, PolicySet.JP
FORBID, BLOCK, OVERRIDE = Decision.FORBID, Decision.BLOCK, Decision.OVERRIDE
LAW, REGULATION, POLICY = Authority.LAW, Authority.REGULATION, Authority.BANK_POLICY
REGULATOR, GUIDELINE = Authority.DEPARTMENTAL_RULE, Authority.SELF_REGULATION
CALLS_AND_TEXTS = (*VOICE, "SMS", "IM")

UNITED_STATES = (
    Rule(
        "US-HOURS",
        US,
        EVERY_CHANNEL,
        FORBID,
        REGULATION,
        ("REG-F-6B",),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "US-7IN7",
        US,
        VOICE,
        OVERRIDE,
        REGULATION,
        ("REG-F-14B",),
        frequency.rolling(frequency.by_channel(*VOICE)),
        (at_most(7), days(7)),
        COUNTED,
    ),
    Rule(
        "US-COOL",
        US,
        VOICE,
        OVERRIDE,
        REGULATION,
        ("REG-F-14B",),
        frequency.too_soon_by_days(frequency.conversations_by(*VOICE)),
        (days(7),),
        COUNTED,
    ),
    Rule(
        "US-WORK",
        US,
        VISIT,
        BLOCK,
        REGULATION,
        ("REG-F-6B",),
        visiting.at_the_workplace,
    ),
    Rule(
        "MA-HOURS",
        MA,
        EVERY_CHANNEL,
        FORBID,
        REGULATION,
        ("MA-209-CMR-18",),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "MA-2IN7",
        MA,
        CALLS_AND_TEXTS,
        BLOCK,
        REGULATION,
        ("MA-209-CMR-18",),
        frequency.rolling(frequency.by_channel(*CALLS_AND_TEXTS)),
        (at_most(2), days(7)),
        COUNTED,
    ),
)

UNITED_KINGDOM = (
    Rule(
        "UK-VULNERABLE",
        UK,
        VISIT,
        BLOCK,
        REGULATOR,
        ("UK-CONC-7-9-14", "UK-CONC-7-9-12"),
        abroad.particularly_vulnerable,
        need=Need.RESTRICTIONS,
    ),
    Rule("UK-PLACE", UK, VISIT, BLOCK, REGULATOR, ("UK-CONC-7-9-12",), visiting.at_the_workplace),
    Rule(
        "UK-NOTICE",
        UK,
        VISIT,
        OVERRIDE,
        REGULATOR,
        ("UK-CONC-7-9-12",),
        visiting.short_notice,
        (fixed("hours", Unit.HOURS, 24, Tighter.HIGHER, limit=1),),
    ),
)

AUSTRALIA = (
    Rule(
        "AU-HOURS",
        AU,
        (*VOICE, "SMS", "IM", "EMAIL", "PUSH"),
        BLOCK,
        GUIDELINE,
        ("RG-96-4",),
        hours.outside_hours_by_day,
        (
            opens(clock(7, 30)),
            closes(clock(21)),
            opens(clock(9), "opens_free"),
            closes(clock(21), "closes_free"),
        ),
    ),
    Rule(
        "AU-VISIT-HOURS",
        AU,
        VISIT,
        BLOCK,
        GUIDELINE,
        ("RG-96-4",),
        hours.outside_daily_hours,
        (opens(clock(9)), closes(clock(21))),
    ),
    Rule("AU-HOLIDAY", AU, EVERY_CHANNEL, BLOCK, GUIDELINE, ("RG-96-4",), hours.any_contact_on_a_holiday),
    Rule(
        "AU-3WEEK",
        AU,
        (*VOICE, *VISIT),
        OVERRIDE,
        GUIDELINE,
        ("RG-96-5",),
        frequency.rolling(frequency.is_effective),
        (at_most(3), days(7)),
        COUNTED,
    ),
    Rule(
        "AU-10MONTH",
        AU,
        (*VOICE, *VISIT),
        OVERRIDE,
        GUIDELINE,
        ("RG-96-5",),
        frequency.rolling(frequency.is_effective),
        (at_most(10), days(30)),
        COUNTED,
    ),
    Rule(
        "AU-VISIT-MONTH",
        AU,
        VISIT,
        BLOCK,
        GUIDELINE,
        ("RG-96-7",),
        frequency.rolling(frequency.by_channel(*VISIT)),
        (at_most(1), days(30)),
        COUNTED,
    ),
)

ASIA = (
    Rule(
        "IN-HOURS",
        INDIA,
        EVERY_CHANNEL,
        FORBID,
        REGULATOR,
        ("IN-RBI-2022", "IN-RBI-2026"),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(19))),
    ),
    Rule(
        "TH-HOURS",
        TH,
        EVERY_CHANNEL,
        FORBID,
        LAW,
        ("TH-DCA",),
        hours.outside_hours_by_day,
        (
            opens(clock(8)),
            closes(clock(20)),
            opens(clock(8), "opens_free"),
            closes(clock(18), "closes_free"),
        ),
    ),
    Rule(
        "TH-ONCE",
        TH,
        EVERY_CHANNEL,
        FORBID,
        LAW,
        ("TH-DCA-2019",),
        frequency.per_local_day(frequency.everything),
        (at_most(1),),
        COUNTED,
    ),
    Rule(
        "KR-NIGHT",
        KR,
        EVERY_CHANNEL,
        FORBID,
        POLICY,
        ("KR-NIGHT",),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "KR-7IN7",
        KR,
        EVERY_CHANNEL,
        FORBID,
        LAW,
        ("KR-PDPA",),
        frequency.rolling(frequency.everything),
        (at_most(7), days(7)),
        COUNTED,
    ),
    Rule(
        "JP-HOURS",
        JP,
        EVERY_CHANNEL,
        FORBID,
        LAW,
        ("JP-21",),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "JP-3DAY",
        JP,
        VOICE,
        OVERRIDE,
        POLICY,
        ("JP-CALLS",),
        frequency.per_local_day(frequency.by_channel(*VOICE)),
        (at_most(3),),
        COUNTED,
    ),
    Rule("JP-WORK", JP, VISIT, BLOCK, LAW, ("JP-21",), visiting.at_the_workplace),
)

ABROAD: tuple[Rule, ...] = (*UNITED_STATES, *UNITED_KINGDOM, *AUSTRALIA, *ASIA)
