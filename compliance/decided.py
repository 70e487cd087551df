"""One decision of the gate in full: what it was asked, what every rule said, and what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from compliance.audit import Chain, subject_of
from compliance.models import AuditEntry, Clearance, Contact, Override, Refusal
from compliance.replay import Decided, Difference, replay
from compliance.rulebook import BY_ID, Origin, origins
from compliance.rules import Setting, UnknownRule, rebuilt
from compliance.storing import facts_from_json
from compliance.wording import DECISIONS, in_unit, readable, setting_named, title

LEDGERS: dict[str, type[Clearance] | type[Refusal]] = {"clearance": Clearance, "refusal": Refusal}
PERSONAL = {"birth_date"}  # what a reader of the decision does not need to know


class NoSuchDecision(LookupError):
    """There is no such decision, or it is not the asker's to see."""


@dataclass(frozen=True)
class Said:
    """What one rule said of the contact, under the settings it had then."""

    rule: str
    version: int
    amendment: int
    title: str
    sentence: str
    decision: str
    severity: int
    settings: tuple[tuple[str, str], ...]
    next: datetime | None
    condition: str
    override: str
    origin: Origin


@dataclass(frozen=True)
class Passed:
    """A rule that was asked and had nothing to say."""

    rule: str
    version: int
    title: str


@dataclass(frozen=True)
class Explained:
    """`stops` stopped the contact, `remarks` did not: warnings, and what was overridden.

    `override` was asked for after a refusal, or used for a clearance; `contact` was made with the clearance.
    `entry` is that of the decision in the audit chain, for those who may read it. `difference` is None when the
    decision, made again from its facts and settings, comes out the same.
    """

    decision: Decided
    allowed: bool
    stops: tuple[Said, ...]
    remarks: tuple[Said, ...]
    passed: tuple[Passed, ...]
    facts: Mapping[str, Any]
    contact: Contact | None
    override: Override | None
    entry: AuditEntry | None
    difference: Difference | None

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(self.facts.get("zones", ()))

    @property
    def next_allowed_at(self) -> datetime | None:
        return self.decision.next_allowed_at if isinstance(self.decision, Refusal) else None


def explain(kind: str, id_: UUID, *, user: User) -> Explained:
    """The decision as it was, for whoever may see it. Raises NoSuchDecision. A constant number of queries."""
    decision = _found(kind, id_, user)
    stops = decision.reasons if isinstance(decision, Refusal) else []
    remarks = decision.remarks if isinstance(decision, Refusal) else decision.hits
    known = origins({one["rule"] for one in [*stops, *remarks]})
    settings = _settings(decision)
    return Explained(
        decision=decision,
        allowed=isinstance(decision, Clearance),
        stops=tuple(_told(stops, known)),
        remarks=tuple(_told(remarks, known)),
        passed=tuple(_passed(settings, besides={one["rule"] for one in [*stops, *remarks]})),
        facts=without_personal_data(decision.facts),
        contact=_related(decision, "contact"),
        override=_override(decision),
        entry=_entry(decision, user),
        difference=replay(decision),
    )


def without_personal_data(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a decision as they may be shown: nobody's birthday."""
    return {key: value for key, value in facts.items() if key not in PERSONAL}


def _found(kind: str, id_: UUID, user: User) -> Decided:
    if kind not in LEDGERS:
        raise NoSuchDecision(kind)
    rows = LEDGERS[kind].objects.visible_to(user)
    decision: Decided | None = (
        rows.select_related("customer__branch", "asked_by", "policy").filter(pk=id_).first()
    )
    if decision is None:
        raise NoSuchDecision(id_)
    return decision


def _told(hits: Iterable[Mapping[str, Any]], known: Mapping[str, Origin]) -> Iterable[Said]:
    for hit in readable(list(hits)):
        units = {param.name: param.unit for param in _params(hit["rule"])}
        yield Said(
            rule=hit["rule"],
            version=hit["version"],
            amendment=hit.get("amendment", 0),
            title=hit["title"],
            sentence=hit["sentence"],
            decision=str(DECISIONS.get(hit.get("decision", 0), "")),
            severity=hit.get("decision", 0),
            settings=tuple(
                (setting_named(name), in_unit(value, units.get(name, "")))
                for name, value in hit.get("params", {}).items()
            ),
            next=datetime.fromisoformat(hit["next"]) if hit.get("next") else None,
            condition=hit["condition"],
            override=hit.get("override", ""),
            origin=known[hit["rule"]],
        )


def _params(rule: str) -> Iterable[Any]:
    return BY_ID[rule].params if rule in BY_ID else ()


def _settings(decision: Decided) -> tuple[Setting, ...]:
    """Which rules were asked; none when the book no longer knows them as they were."""
    if decision.policy is None:
        return ()
    try:
        return rebuilt(decision.policy.content).binding(facts_from_json(decision.facts))
    except (KeyError, TypeError, ValueError, UnknownRule):
        return ()


def _passed(settings: Iterable[Setting], *, besides: set[str]) -> Iterable[Passed]:
    for one in settings:
        if one.rule.id not in besides:
            yield Passed(one.rule.id, one.rule.version, title(one.rule.id))


def _related(row: Any, name: str) -> Any:
    try:
        return getattr(row, name)
    except (AttributeError, ObjectDoesNotExist):
        return None


def _override(decision: Decided) -> Override | None:
    used = _related(decision, "override_use")
    found: Override | None = used.override if used else _related(decision, "override")
    return found


def _entry(decision: Decided, user: User) -> AuditEntry | None:
    rows = AuditEntry.objects.visible_to(user).filter(subject=subject_of(decision), chain=Chain.DECISIONS)
    found: AuditEntry | None = rows.order_by("seq").first()
    return found
