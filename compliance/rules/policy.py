"""The rule book as it is set at one time, and what it says of a contact.

Every rule is evaluated, none stops the others; the decision is the worst of all hits.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from compliance.facts import Facts
from compliance.rules.rule import OVERRIDABLE_BY, Decision, Found, Hit, Need, Rule
from compliance.rules.sets import BOOK

SEARCH_STEPS = 500


@dataclass(frozen=True)
class Setting:
    """A rule with the numbers it is set to. `amendment` 0 is the packaged setting."""

    rule: Rule
    params: Mapping[str, int]
    decision: Decision
    amendment: int = 0

    def hit(self, facts: Facts) -> Hit | None:
        found = self.rule.check(facts, self.params) if self.rule.check else None
        if found is None:
            return None
        decision = self.decision if found.decision is None else self._at_least(found)
        rule = self.rule
        return Hit(rule.id, rule.version, self.amendment, decision, self.params, found.saw, found.next)

    def _at_least(self, found: Found) -> Decision:
        """What the check says, unless the bank has made the whole rule stricter than packaged."""
        said = found.decision or self.decision
        return max(said, self.decision) if self.decision > self.rule.decision else said


@dataclass(frozen=True)
class Amendment:
    """The bank's change of one rule's settings: all its numbers, `decision` among them, from an instant on."""

    rule: str
    number: int
    settings: Mapping[str, int]


@dataclass(frozen=True)
class Policy:
    """All rules that the gate keeps, as they are set."""

    settings: tuple[Setting, ...]

    @cached_property
    def content(self) -> list[list[Any]]:
        """Rule, version, amendment, decision and numbers of each setting: enough to build the policy again."""
        return [
            [one.rule.id, one.rule.version, one.amendment, int(one.decision), dict(one.params)]
            for one in self.settings
        ]

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()

    def evaluate(self, facts: Facts) -> tuple[Hit, ...]:
        """All rules, every time: the hits, in the order of the book."""
        settings = self._binding(
            facts.channel,
            facts.policies,
            _present(facts),
        )
        return tuple(hit for setting in settings if (hit := setting.hit(facts)))

    def binding(self, facts: Facts) -> tuple[Setting, ...]:
        """The settings that were asked about a contact, whether or not they had something to say."""
        return self._binding(facts.channel, facts.policies, frozenset(Need))

    def _binding(
        self, channel: str, policies: tuple[str, ...], present: frozenset[Need]
    ) -> tuple[Setting, ...]:
        key = channel, policies, present
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = tuple(
                one
                for one in self.settings
                if channel in one.rule.channels
                and one.rule.need in present
                and (one.rule.everywhere or one.rule.policy in ("BANK", *policies))
            )
        return found

    @cached_property
    def _cache(self) -> dict[tuple[str, tuple[str, ...], frozenset[Need]], tuple[Setting, ...]]:
        return {}

    def next_allowed(self, facts: Facts, hits: tuple[Hit, ...]) -> datetime | None:
        """The first instant at which nothing would stop the contact, other facts unchanged. None: not by waiting.

        Jumps from hit to hit: each hit names the instant until which its own rule surely has something to say, so
        that nothing is missed between two jumps.
        """
        moment = facts
        for _ in range(SEARCH_STEPS):
            stops = stopping(hits, moment)
            if not stops:
                return moment.at
            steps = [hit.next for hit in stops]
            if None in steps:
                return None
            furthest = max(step for step in steps if step)
            if furthest <= moment.at:
                return None
            moment = moment.moved_to(furthest)
            hits = self.evaluate(moment)
        return None


@lru_cache(maxsize=64)
def _needs(restricted: bool, contacted: bool, quiet: bool, third: bool) -> frozenset[Need]:  # noqa: FBT001
    present = {Need.ALWAYS}
    present |= {Need.RESTRICTIONS} if restricted else set()
    present |= {Need.CONTACTS} if contacted else set()
    present |= {Need.QUIET_HOURS} if quiet else set()
    present |= {Need.THIRD_PARTY} if third else set()
    return frozenset(present)


def _present(facts: Facts) -> frozenset[Need]:
    return _needs(
        bool(facts.restrictions), bool(facts.contacts), bool(facts.quiet_hours), facts.party != "DEBTOR"
    )


def worst(hits: Iterable[Hit]) -> Decision | None:
    """The decision on a contact; None when no rule has anything to say."""
    return max((hit.decision for hit in hits), default=None)


def stopping(hits: Iterable[Hit], facts: Facts) -> tuple[Hit, ...]:
    """Those of the hits that stop the contact: not mere warnings, and not overridden."""
    return tuple(
        hit
        for hit in hits
        if hit.decision > Decision.WARN and not (facts.overrides and overriding(hit, facts))
    )


def overriding(hit: Hit, facts: Facts) -> str:
    """The id of the override that takes care of `hit`; empty when there is none, or none may be."""
    if not OVERRIDABLE_BY[hit.decision]:
        return ""
    granted = (one.id for one in facts.overrides if hit.rule in one.rules and facts.at < one.until)
    return next(granted, "")


def packaged(*, on: date | None = None) -> Policy:
    """The book as it comes, without any amendment of the bank; only what is in effect on the date when given."""
    return amended((), on=on)


@lru_cache(maxsize=32)
def _amended(amendments: tuple[tuple[str, int, str], ...], on: date | None) -> Policy:
    changed = {rule: (number, json.loads(settings)) for rule, number, settings in amendments}
    return Policy(
        tuple(_set(rule, changed.get(rule.id)) for rule in BOOK if rule.check and _in_effect(rule, on))
    )


def amended(amendments: Iterable[Amendment], *, on: date | None = None) -> Policy:
    """The book with the bank's amendments, the latest of each rule."""
    key = tuple((one.rule, one.number, json.dumps(dict(one.settings), sort_keys=True)) for one in amendments)
    return _amended(key, on)


def _in_effect(rule: Rule, on: date | None) -> bool:
    return on is None or (rule.effective_from <= on and (rule.effective_to is None or on < rule.effective_to))


def _set(rule: Rule, change: tuple[int, dict[str, int]] | None) -> Setting:
    number, values = change or (0, {})
    params = {one.name: values.get(one.name, one.value) for one in rule.params}
    return Setting(rule, params, Decision(values.get("decision", rule.decision)), number)


def rebuilt(content: Iterable[Iterable[Any]]) -> Policy:
    """The policy whose `content` was stored with a decision. Raises UnknownRule when the book has lost a rule."""
    rules = {(rule.id, rule.version): rule for rule in BOOK if rule.check}
    settings = []
    for id_, version, amendment, decision, params in content:
        if (id_, version) not in rules:
            raise UnknownRule(f"{id_} v{version}")
        settings.append(Setting(rules[id_, version], params, Decision(decision), amendment))
    return Policy(tuple(settings))


class UnknownRule(LookupError):
    """A decision was made under a rule, or a version of it, that this release does not know."""
