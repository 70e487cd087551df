"""The rule book as people read it: each rule with its authority, its settings now, and its sources as corrected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance.loading import load_policies
from compliance.models import LegalSource
from compliance.rules import BOOK, Param, Rule
from compliance.rules.rule import Authority, Decision
from compliance.rules.sources import PACKAGED, READ, Source
from compliance.wording import (
    AUTHORITIES,
    DECISIONS,
    POLICY_SETS,
    in_unit,
    setting_named,
    source_named,
    title,
)

BY_ID = {rule.id: rule for rule in BOOK}


@dataclass(frozen=True)
class Origin:
    """Whose rule it is, and from which texts, in the reader's language."""

    authority: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ReadableSetting:
    name: str
    label: str
    value: str
    limit: str
    amended: bool


@dataclass(frozen=True)
class ReadableRule:
    """One rule for a reader. `sources` are the rows a compliance officer may have corrected."""

    rule: Rule
    title: str
    policy: str
    authority: str
    decision: str
    amendment: int
    settings: tuple[ReadableSetting, ...]
    sources: tuple[LegalSource | Source, ...]


def authority_of(rule: Rule, sources: Iterable[LegalSource | Source]) -> Authority:
    """What the rule may be called: without a confirmed or read source it is bank policy, whatever it has in mind."""
    confirmed = any(source.verification in READ for source in sources)
    return rule.authority if confirmed else Authority.BANK_POLICY


def sources_as_corrected(keys: Iterable[str]) -> dict[str, LegalSource | Source]:
    """The sources by key, as people have corrected them. One query."""
    wanted = set(keys)
    packaged: dict[str, LegalSource | Source] = {key: PACKAGED[key] for key in wanted if key in PACKAGED}
    return {**packaged, **LegalSource.objects.in_bulk(wanted)}


def origins(rules: Iterable[str]) -> Mapping[str, Origin]:
    """The origin of each rule by its id; of a rule that the book has lost, an empty one. One query."""
    wanted = set(rules)
    known = {id_: BY_ID[id_] for id_ in wanted if id_ in BY_ID}
    sources = sources_as_corrected(key for rule in known.values() for key in rule.sources)
    found = {id_: Origin("", ()) for id_ in wanted}
    for id_, rule in known.items():
        texts = [sources[key] for key in rule.sources]
        found[id_] = Origin(
            str(AUTHORITIES[authority_of(rule, texts)]), tuple(source_named(text) for text in texts)
        )
    return found


def readable_book(*, at: datetime) -> list[ReadableRule]:
    """Every rule in force at `at`, in the order of the book, as it is set then. Two queries."""
    sources = sources_as_corrected(key for rule in BOOK for key in rule.sources)
    amended = {one.rule.id: one for one in load_policies().at(at).settings}
    return [
        _readable(rule, [sources[key] for key in rule.sources], amended.get(rule.id))
        for rule in BOOK
        if rule.effective_from <= at.date() and (rule.effective_to is None or at.date() < rule.effective_to)
    ]


def _readable(rule: Rule, sources: list[LegalSource | Source], setting: Any) -> ReadableRule:
    decision = setting.decision if setting else rule.decision
    values = dict(setting.params) if setting else {}
    return ReadableRule(
        rule=rule,
        title=title(rule.id),
        policy=str(POLICY_SETS[rule.policy]),
        authority=str(AUTHORITIES[authority_of(rule, sources)]),
        decision=str(DECISIONS[Decision(decision)]),
        amendment=setting.amendment if setting else 0,
        settings=tuple(_setting(param, values.get(param.name, param.value)) for param in rule.params),
        sources=tuple(sources),
    )


def _setting(param: Param, value: int) -> ReadableSetting:
    return ReadableSetting(
        name=param.name,
        label=setting_named(param.name),
        value=in_unit(value, param.unit),
        limit=in_unit(param.limit, param.unit),
        amended=value != param.value,
    )
