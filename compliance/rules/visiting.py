"""Visits: never alone, never to an unverified customer, never into danger."""

from compliance.facts import Facts
from compliance.rules.rule import Found

LEAST_STAFF = 2


def alone(facts: Facts) -> Found:
    return None if facts.staff >= LEAST_STAFF else ({"staff": facts.staff}, None)


def unverified(facts: Facts) -> Found:
    until = facts.verified_until
    if until is not None and until > facts.at:
        return None
    return {"verified_until": until.isoformat() if until else None}, None


def too_dangerous(facts: Facts) -> Found:
    return ({"safety_band": facts.safety_band}, None) if facts.safety_band == "NO_VISIT" else None
