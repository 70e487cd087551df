"""Facts to JSON and back: what a decision saw, stored small and complete enough to decide again."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from compliance.calendar.days import Calendar
from compliance.facts import Clock, Facts, GrantedOverride, PastContact, QuietHours, Restriction
from compliance.third_party_conditions import ThirdPartyFacts, Unable

A_DAY = timedelta(days=1)
LOOKED_AHEAD = timedelta(days=60)
INSTANTS = ("at", "until", "verified_until", "assessed_at", "last_contact_at")


def facts_as_json(facts: Facts) -> dict[str, Any]:
    """JSON-serialisable; `facts_from_json` gives back facts that every rule reads alike."""
    plain = {key: _plain(value) for key, value in vars(facts).items() if key != "calendar"}
    return {**plain, "calendar": _calendar_of(facts).as_json()}


def _calendar_of(facts: Facts) -> Calendar:
    """The days that matter for this contact and for finding its next instant."""
    day = facts.at.date()
    places = {country: list(parts) for country, parts in facts.places}
    return facts.calendar.only(first=day - A_DAY, last=day + LOOKED_AHEAD, places=places)


def facts_from_json(stored: Mapping[str, Any]) -> Facts:
    """The facts of a stored decision. Raises KeyError or ValueError when something is missing or damaged."""
    known = {key: value for key, value in stored.items() if key in Facts.__dataclass_fields__}
    born, third = known.get("birth_date"), known.get("third_party")
    return Facts(
        **{
            **known,
            **{name: _instant(known.get(name)) for name in INSTANTS},
            "zones": tuple(known["zones"]),
            "policies": tuple(known["policies"]),
            "places": tuple((country, tuple(parts)) for country, parts in known["places"]),
            "birth_date": date.fromisoformat(born) if born else None,
            "restrictions": tuple(_restriction(one) for one in known["restrictions"]),
            "contacts": tuple(PastContact(**{**one, "at": _instant(one["at"])}) for one in known["contacts"]),
            "quiet_hours": tuple(QuietHours(**one) for one in known["quiet_hours"]),
            "overrides": tuple(
                GrantedOverride(one["id"], tuple(one["rules"]), datetime.fromisoformat(one["until"]))
                for one in known["overrides"]
            ),
            "clocks": tuple(Clock(**one) for one in known["clocks"]),
            "third_party": _third_party(third) if third else None,
            "calendar": Calendar.from_json(known["calendar"]),
        }
    )


def _restriction(stored: Mapping[str, Any]) -> Restriction:
    starts_at, ends_at = _instant(stored["starts_at"]), _instant(stored["ends_at"])
    if starts_at is None:
        raise ValueError("A restriction has a beginning.")
    return Restriction(stored["kind"], tuple(stored["channels"]), starts_at, ends_at)


def _third_party(stored: Mapping[str, Any]) -> ThirdPartyFacts:
    instants = {
        "zones": tuple(stored["zones"]),
        "customer_zones": tuple(stored["customer_zones"]),
        "failures": tuple(_instant(one) for one in stored["failures"]),
        "unable": tuple(
            Unable(one["kind"], _instant(one["starts_at"]), _instant(one["ends_at"]))
            for one in stored["unable"]
        ),
    }
    return ThirdPartyFacts(**{**stored, **instants})


def _instant(stored: str | None) -> Any:
    return datetime.fromisoformat(stored) if stored else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
