"""The customer's own state: restrictions in force, age, nothing owed."""

from datetime import date
from zoneinfo import ZoneInfo

from compliance.facts import Facts
from compliance.rules.rule import Check, Found
from compliance.windows import all_known

MAJORITY = 18


def restricted(*kinds: str, spares: tuple[str, ...] = ()) -> Check:
    """Forbids while a restriction of one of `kinds` is in force; purposes in `spares` are let through."""

    def check(facts: Facts) -> Found:
        if facts.purpose in spares:
            return None
        binding = [
            one for one in facts.restrictions if one.kind in kinds and one.binds(facts.channel, facts.at)
        ]
        if not binding:
            return None
        ends = [one.ends_at for one in binding]
        until = None if None in ends else max(end for end in ends if end)
        saw = {"kind": binding[0].kind, "until": until.isoformat() if until else None}
        return saw, until

    return check


def under_age(facts: Facts) -> Found:
    """Civil majority at 18 (Civil Code art. 17); the guardian is written to by hand."""
    born = facts.birth_date
    if born is None:
        return None
    today = _earliest_local_date(facts)
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    age = today.year - born.year - (0 if had_birthday else 1)
    return ({"age": age}, None) if age < MAJORITY else None


def _earliest_local_date(facts: Facts) -> date:
    zones = facts.zones if all_known(facts.zones) else ("UTC",)
    return min(facts.at.astimezone(ZoneInfo(zone)).date() for zone in zones)


def nothing_due(facts: Facts) -> Found:
    return None if facts.owes else ({"owes": False}, None)
