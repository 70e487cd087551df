"""Whom: the debtor and the guarantor; a contact person on conditions, once, and never again after a no.

The conditions themselves: `compliance.third_party_conditions`.
"""

from compliance.facts import Facts
from compliance.rules.rule import Check, Found, Params
from compliance.third_party_conditions import CONDITIONS, Limits

UNKNOWN = {"role": "", "contract": False}


def condition(rule: str) -> Check:
    """The condition of this rule, for a contact with somebody beside the customer. Somebody unknown meets none."""
    meets = CONDITIONS[rule]

    def check(facts: Facts, params: Params) -> Found | None:
        if facts.party == "DEBTOR":
            return None
        if facts.third_party is None:
            return Found(UNKNOWN, None)
        limits = Limits(**{name: value for name, value in params.items() if name in Limits.__annotations__})
        saw = meets(facts.third_party, purpose=facts.purpose, at=facts.at, limits=limits)
        return None if saw is None else Found(saw, None)

    return check
