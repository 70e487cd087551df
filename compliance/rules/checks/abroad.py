"""What only other countries ask."""

from compliance.facts import Facts
from compliance.rules.rule import Found, Params

VULNERABLE = frozenset(
    {"PREGNANCY", "SERIOUS_ILLNESS", "DISABILITY", "ELDERLY_ALONE", "HOSPITAL", "BEREAVEMENT"}
)


def particularly_vulnerable(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    """CONC 7.9: no visit to somebody who is particularly vulnerable."""
    binding = [one for one in facts.restrictions if one.kind in VULNERABLE and one.binds("VISIT", facts.at)]
    if not binding:
        return None
    ends = [one.ends_at for one in binding]
    until = None if None in ends else max(end for end in ends if end)
    return Found({"kind": binding[0].kind, "until": until.isoformat() if until else None}, until)
