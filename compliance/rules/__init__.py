"""The rule book: pure functions of Facts. No database, no clock, no Django.

Every rule is evaluated, none stops the others; the decision is the worst of all hits. `next` of a hit is the
first instant at which that rule alone would let the contact pass, None when waiting does not help.
"""

from datetime import datetime

from compliance.facts import Facts
from compliance.rules.book import RULES, VERSION
from compliance.rules.rule import Hit, Rule

__all__ = ["RULES", "VERSION", "Hit", "Rule", "evaluate", "next_allowed"]


def evaluate(facts: Facts, rules: tuple[Rule, ...] | None = None) -> tuple[Hit, ...]:
    """All rules, every time: the hits, in the order of the rule book. No hit means the contact is allowed."""
    found = (rule.hits(facts) for rule in (RULES if rules is None else rules))
    return tuple(hit for hit in found if hit)


def next_allowed(
    facts: Facts, hits: tuple[Hit, ...], rules: tuple[Rule, ...] | None = None
) -> datetime | None:
    """The first instant at which no rule would object, other facts unchanged. None: not by waiting.

    Jumps from hit to hit: each hit names the first instant its own rule is content with.
    """
    moment = facts
    for _ in range(60):
        if not hits:
            return moment.at
        steps = [hit.next for hit in hits]
        if None in steps:
            return None
        furthest = max(step for step in steps if step)
        if furthest <= moment.at:
            return None
        moment = moment.moved_to(furthest)
        hits = evaluate(moment, rules)
    return None
