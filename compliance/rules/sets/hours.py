"""When a customer may be reached (section A of the book)."""

from compliance.rules.checks import hours
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
    clock,
    fixed,
)

BANK = PolicySet.BANK
POLICY = Authority.BANK_POLICY


def opens(at: int, name: str = "opens") -> Param:
    return fixed(name, Unit.TIME, at, Tighter.HIGHER)


def closes(at: int, name: str = "closes") -> Param:
    return fixed(name, Unit.TIME, at, Tighter.LOWER)


HOURS: tuple[Rule, ...] = (
    Rule("TZ-UNKNOWN", BANK, EVERY_CHANNEL, Decision.FORBID, POLICY, ("POLICY",), hours.zone_unknown),
    Rule(
        "WIN-BANK",
        BANK,
        EVERY_CHANNEL,
        Decision.FORBID,
        POLICY,
        ("OWNER", "REG-F-6B"),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "WIN-CN",
        PolicySet.CN,
        EVERY_CHANNEL,
        Decision.FORBID,
        Authority.NATIONAL_STANDARD,
        ("CBA-2026", "GBT-45251"),
        hours.outside_daily_hours,
        (opens(clock(8)), closes(clock(22))),
    ),
    Rule(
        "TZ-MULTI",
        BANK,
        EVERY_CHANNEL,
        Decision.BLOCK,
        POLICY,
        ("POLICY", "TZ-DATABASE", "REG-F-LOCATIONS"),
        hours.zones_disagree,
        (opens(clock(8)), closes(clock(21))),
    ),
    Rule(
        "WIN-CUSTOMER",
        BANK,
        EVERY_CHANNEL,
        Decision.BLOCK,
        POLICY,
        ("CIVIL-CODE-1033", "REG-F-6B", "RG-96-4", "KR-PDPA"),
        hours.in_quiet_hours,
        need=Need.QUIET_HOURS,
    ),
    Rule(
        "WIN-CUTOFF",
        BANK,
        EVERY_CHANNEL,
        Decision.BLOCK,
        POLICY,
        ("OWNER",),
        hours.cannot_end_in_time,
        (
            opens(clock(8)),
            closes(clock(21)),
            fixed("messages", Unit.TIME, clock(20, 50), Tighter.LOWER),
            fixed("calls", Unit.TIME, clock(20, 45), Tighter.LOWER),
            fixed("visits", Unit.TIME, clock(20, 30), Tighter.LOWER),
            fixed("planned_end", Unit.TIME, clock(20, 30), Tighter.LOWER),
        ),
    ),
    Rule(
        "HOL-VISIT",
        BANK,
        VISIT,
        Decision.OVERRIDE,
        POLICY,
        ("HOLIDAYS-2024", "RG-96-4", "TH-DCA"),
        hours.visit_on_a_holiday,
    ),
    Rule(
        "HOL-OTHER",
        BANK,
        (*VOICE, "SMS", "IM", "EMAIL", "PUSH"),
        Decision.WARN,
        POLICY,
        ("HOLIDAYS-2024",),
        hours.contact_on_a_holiday,
        (
            fixed(
                "spring_festival",
                Unit.SEVERITY,
                Decision.OVERRIDE,
                Tighter.HIGHER,
            ),
        ),
    ),
    Rule(
        "CAL-MISSING", BANK, (*VISIT, *VOICE), Decision.OVERRIDE, POLICY, ("POLICY",), hours.calendar_missing
    ),
    Rule(
        "CLOCK",
        BANK,
        EVERY_CHANNEL,
        Decision.FORBID,
        POLICY,
        ("POLICY",),
        hours.clocks_disagree,
        (
            fixed("skew", Unit.SECONDS, 30, Tighter.LOWER),
            fixed("rollback", Unit.SECONDS, 5, Tighter.LOWER),
        ),
    ),
)
