"""Visits: never alone, never to an unverified or unassessed customer, never into danger, never the first means."""

from datetime import timedelta

from compliance.facts import Facts
from compliance.rules.rule import Found, Params

LESS_INTRUSIVE = ("CALL", "ROBOT_CALL", "SMS", "IM", "EMAIL", "PUSH", "LETTER")


def wrong_team(facts: Facts, params: Params) -> Found | None:
    if params["least"] <= facts.staff <= params["most"]:
        return None
    return Found({"staff": facts.staff, "least": params["least"], "most": params["most"]}, None)


def unverified(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    until = facts.verified_until
    if until is not None and until > facts.at:
        return None
    return Found({"verified_until": until.isoformat() if until else None}, None)


def too_dangerous(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    return Found({"safety_band": facts.safety_band}, None) if facts.safety_band == "NO_VISIT" else None


def unassessed(facts: Facts, params: Params) -> Found | None:
    """No risk assessment of the last `days` days."""
    assessed = facts.assessed_at
    if assessed is not None and facts.at < assessed + timedelta(days=params["days"]):
        return None
    return Found({"assessed_at": assessed.isoformat() if assessed else None, "days": params["days"]}, None)


def first_means(facts: Facts, params: Params) -> Found | None:
    """Fewer than `attempts` by less intrusive means, or by fewer than `channels` of them, in `days` days."""
    since = facts.at - timedelta(days=params["days"])
    tried = [one.channel for one in facts.contacts if since < one.at <= facts.at]
    tried = [channel for channel in tried if channel in LESS_INTRUSIVE]
    if len(tried) >= params["attempts"] and len(set(tried)) >= params["channels"]:
        return None
    saw = {"attempts": len(tried), "channels": len(set(tried)), "days": params["days"]}
    return Found({**saw, "wanted": params["attempts"]}, None)


def short_notice(facts: Facts, params: Params) -> Found | None:
    """Begun less than `hours` after the visit was announced, or never announced."""
    if facts.purpose != "VISIT_START":
        return None
    told = [one.at for one in facts.contacts if one.purpose == "VISIT_NOTICE" and one.at <= facts.at]
    if told and (ready := max(told) + timedelta(hours=params["hours"])) > facts.at:
        return Found({"told": max(told).isoformat(), "hours": params["hours"]}, ready)
    return None if told else Found({"told": None, "hours": params["hours"]}, None)


def at_the_workplace(facts: Facts, params: Params) -> Found | None:  # noqa: ARG001
    return Found({"address": facts.address}, None) if facts.address == "WORK" else None
