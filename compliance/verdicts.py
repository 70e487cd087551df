"""What the gate says of intended contacts, one or a hundred thousand, by the same code: nothing is written here."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compliance.asking import Ask
from compliance.facts import Clock, Facts
from compliance.loading import load_facts, load_policies
from compliance.rules import Decision, Hit, Policy, overriding, stopping, worst


@dataclass(frozen=True)
class Verdict:
    """The decision on one contact. `next_allowed_at` is the first instant at which nothing would stop it; None: not by
    waiting, each hit's own rule says what must change.
    """

    facts: Facts
    policy: Policy
    hits: tuple[Hit, ...]
    stops: tuple[Hit, ...]
    next_allowed_at: datetime | None

    @property
    def allowed(self) -> bool:
        return not self.stops

    @property
    def decision(self) -> Decision | None:
        """The worst of all hits; None when no rule had anything to say."""
        return worst(self.hits)

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The hits that stop the contact, as they are stored."""
        return [self._plain(hit) for hit in self.stops]

    @property
    def remarks(self) -> list[dict[str, Any]]:
        """The hits that do not stop it: warnings, and what was overridden, by which override."""
        stops = set(map(id, self.stops))
        return [self._plain(hit) for hit in self.hits if id(hit) not in stops]

    @property
    def used_override(self) -> str:
        """The id of the override without which it would have been stopped; empty when none was needed."""
        used = (overriding(hit, self.facts) for hit in self.hits if hit.decision > Decision.WARN)
        return next(filter(None, used), "")

    def _plain(self, hit: Hit) -> dict[str, Any]:
        told = {
            "rule": hit.rule,
            "version": hit.version,
            "amendment": hit.amendment,
            "decision": int(hit.decision),
            "params": dict(hit.params),
            "saw": dict(hit.saw),
            "next": hit.next.isoformat() if hit.next else None,
        }
        override = overriding(hit, self.facts) if hit.decision > Decision.WARN else ""
        return {**told, "override": override} if override else told


def judge(facts: Facts, policy: Policy) -> Verdict:
    """What `policy` says of a contact, and when it would let it pass."""
    hits = policy.evaluate(facts)
    if not hits:
        return Verdict(facts, policy, (), (), facts.at)
    stops = stopping(hits, facts)
    return Verdict(facts, policy, hits, stops, policy.next_allowed(facts, hits) if stops else facts.at)


def judge_all(asks: Sequence[Ask], *, clocks: tuple[Clock, ...] = ()) -> dict[Ask, Verdict]:
    """The verdict on each ask at its own instant, in a constant number of queries."""
    policies = load_policies()
    with _without_collecting():
        known = load_facts(asks, clocks=clocks)
        return {ask: judge(facts, policies.at(facts.at)) for ask, facts in known.items()}


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Facts and verdicts hold no cycles; over a portfolio the collector costs a third of the time and finds none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
