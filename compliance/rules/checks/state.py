"""The customer's own state: restrictions in force, age, nothing owed."""

from datetime import date, datetime

from compliance.facts import Facts, Restriction
from compliance.rules.rule import Check, Decision, Found, Params
from compliance.special_care import EFFECTS, Effect
from compliance.terms import RestrictionKind
from compliance.windows import all_known, local, start_of_day

# What has to do with a complaint or with the bank's duty to tell, and not with getting paid.
NOT_COLLECTION = frozenset({"COMPLAINT_ANSWER", "BUREAU_NOTICE", "VISIT_OFF"})
DECISION: dict[Effect, Decision | None] = {
    Effect.NONE: None,
    Effect.WARN: Decision.WARN,
    Effect.NEEDS_OVERRIDE: Decision.OVERRIDE,
    Effect.BLOCK: Decision.BLOCK,
}


def restricted(*kinds: str) -> Check:
    """While a restriction of one of `kinds` is in force: what `compliance.special_care` says for the channel."""
    wanted = frozenset(kinds)

    def check(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
        binding = [
            (decision, one)
            for one in facts.restrictions
            if one.kind in wanted
            and one.binds(facts.channel, facts.at)
            and (decision := _effect(one, facts)) is not None
        ]
        if not binding:
            return None
        worst = max(decision for decision, _one in binding)
        return _found([one for decision, one in binding if decision == worst], worst)

    return check


def _effect(restriction: Restriction, facts: Facts) -> Decision | None:
    care = EFFECTS[RestrictionKind(restriction.kind)]
    effect = care.effect_on(facts.channel, facts.purpose)
    if effect == Effect.BLOCK and not care.overridable:
        return Decision.FORBID
    return DECISION[effect]


def _found(binding: list[Restriction], decision: Decision) -> Found:
    ends = [one.ends_at for one in binding]
    until: datetime | None = None if None in ends else max(end for end in ends if end)
    saw = {"kind": binding[0].kind, "until": until.isoformat() if until else None}
    return Found(saw, until, decision)


def under_age(facts: Facts, params: Params) -> Found | None:
    """Civil majority (Civil Code art. 17); the guardian is written to by hand."""
    if facts.birth_date is None:
        return None
    majority = _birthday(facts.birth_date, params["years"])
    zones = facts.zones if all_known(facts.zones) else ("UTC",)
    minor_in = [zone for zone in zones if local(facts.at, zone).date() < majority]
    if not minor_in:
        return None
    saw = {"of_age_on": majority.isoformat()}
    return Found(saw, max(start_of_day(majority, zone) for zone in minor_in))


def _birthday(born: date, years: int) -> date:
    """The day on which somebody born on `born` is `years` old; of the 29th of February, the 1st of March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def nothing_due(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    """Nothing is overdue: there is nothing to collect, and nothing to remind of."""
    return None if facts.owes or facts.purpose in NOT_COLLECTION else Found({}, None)
