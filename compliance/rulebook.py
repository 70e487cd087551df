"""The rule book as people read it: each rule with its authority, its settings now, and its sources as corrected."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import Role
from compliance import rules
from compliance.loading import load_policies
from compliance.models import LegalSource
from compliance.rules import BOOK, Decision, Param, Rule, Setting
from compliance.rules.rule import OVERRIDABLE_BY, Authority, PolicySet
from compliance.rules.sets.abroad import ABROAD
from compliance.rules.sets.elsewhere import ELSEWHERE
from compliance.rules.sets.frequency import FREQUENCY
from compliance.rules.sets.hours import HOURS
from compliance.rules.sets.state import STATE
from compliance.rules.sets.third_parties import THIRD_PARTIES
from compliance.rules.sets.visits import VISITS
from compliance.rules.sources import PACKAGED, READ, Source
from compliance.terms import Channel
from compliance.wording import (
    AUTHORITIES,
    DECISIONS,
    POLICY_SETS,
    VERIFICATIONS,
    in_unit,
    setting_named,
    source_named,
    title,
)

BY_ID = {rule.id: rule for rule in BOOK}
TESTED_BY: dict[str, tuple[str, ...]] = {
    rule: tuple(names)
    for rule, names in json.loads(
        Path(rules.__file__).with_name("tested_by.json").read_text(encoding="utf-8")
    ).items()
}
ABROAD_BY_COUNTRY = [
    (f"abroad-{code}", POLICY_SETS[code], tuple(rule for rule in ABROAD if rule.policy == code))
    for code in PolicySet
]
SECTIONS = [
    ("when", _("When"), HOURS),
    ("how-often", _("How often"), FREQUENCY),
    ("third-parties", _("Third parties"), THIRD_PARTIES),
    ("visits", _("Visits"), VISITS),
    ("customer", _("The state of the customer"), STATE),
    ("elsewhere", _("Kept outside the gate"), ELSEWHERE),
    *ABROAD_BY_COUNTRY,
]


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
class ReadableSource:
    """A text as its reader's language has it. `row` is where people correct it; `article` is empty where unknown."""

    key: str
    name: str
    article: str
    says: str
    address: str
    verification: str
    verified: str
    row: LegalSource | None


@dataclass(frozen=True)
class ReadableRule:
    """One rule for a reader. `since` is when its present settings came into force, None for the packaged ones.

    `tests` are the names of the boundary cases that hold it; `kept_by` names the code that keeps a rule the gate
    is not asked about.
    """

    rule: Rule
    title: str
    policy: str
    authority: str
    decision: str
    severity: Decision
    overriders: tuple[str, ...]
    channels: tuple[str, ...]
    amendment: int
    since: datetime | None
    settings: tuple[ReadableSetting, ...]
    sources: tuple[ReadableSource, ...]
    tests: tuple[str, ...]

    @property
    def everything(self) -> bool:
        """Whether the rule binds every channel."""
        return len(self.channels) == len(Channel)


@dataclass(frozen=True)
class ReadableSection:
    """A part of the book; the rules abroad are a section a country."""

    key: str
    title: str
    rules: tuple[ReadableRule, ...]


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


def readable_book(*, at: datetime) -> list[ReadableSection]:
    """Every rule in force at `at`, section by section, as it is set then. Two queries."""
    sources = sources_as_corrected(key for rule in BOOK for key in rule.sources)
    policies = load_policies()
    since = {one.rule: moment for moment, one in policies.amendments if moment <= at}
    settings = {one.rule.id: one for one in policies.at(at).settings}
    day = at.astimezone(UTC).date()
    return [
        ReadableSection(key, str(name), tuple(rules))
        for key, name, part in SECTIONS
        if (
            rules := [
                _readable(rule, sources, settings.get(rule.id), since.get(rule.id))
                for rule in part
                if rule.effective_from <= day and (rule.effective_to is None or day < rule.effective_to)
            ]
        )
    ]


def _readable(
    rule: Rule,
    sources: Mapping[str, LegalSource | Source],
    setting: Setting | None,
    since: datetime | None,
) -> ReadableRule:
    severity = Decision(setting.decision if setting else rule.decision)
    values = setting.params if setting else {}
    texts = [sources[key] for key in rule.sources]
    return ReadableRule(
        rule=rule,
        title=title(rule.id),
        policy=str(POLICY_SETS[rule.policy]),
        authority=str(AUTHORITIES[authority_of(rule, texts)]),
        decision=str(DECISIONS[severity]),
        severity=severity,
        overriders=tuple(str(Role(role).label) for role in OVERRIDABLE_BY[severity]),
        channels=tuple(str(Channel(channel).label) for channel in rule.channels),
        amendment=setting.amendment if setting else 0,
        since=since,
        settings=tuple(_setting(param, values.get(param.name, param.value)) for param in rule.params),
        sources=tuple(readable_source(text) for text in texts),
        tests=TESTED_BY.get(rule.id, ()),
    )


def readable_source(text: LegalSource | Source) -> ReadableSource:
    chinese = (get_language() or "").startswith("zh")
    return ReadableSource(
        key=text.key,
        name=text.name_zh if chinese else text.name_en,
        article=text.article,
        says=text.says_zh if chinese else text.says_en,
        address=text.address,
        verification=str(text.verification),
        verified=str(VERIFICATIONS[text.verification]),
        row=text if isinstance(text, LegalSource) else None,
    )


def _setting(param: Param, value: int) -> ReadableSetting:
    return ReadableSetting(
        name=param.name,
        label=setting_named(param.name),
        value=in_unit(value, param.unit),
        limit=in_unit(param.limit, param.unit),
        amended=value != param.value,
    )
