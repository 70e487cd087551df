"""Scoring one case by a points card, in plain Python. Pure: no database, no clock, no Django.

`scoring_many.score_many` does the same arithmetic for a whole portfolio; tests hold the two bit-equal.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from risk.card import Card, Characteristic
from risk.terms import UNKNOWN, Dimension, Value

TIERS = ("HIGH", "MEDIUM", "LOW")
STRATEGIES = ("REMIND", "FIRM", "LISTEN", "VERIFY")
BANDS = ("NORMAL", "CAREFUL", "ESCORT", "NO_VISIT")
REASONS_KEPT = 4


@dataclass(frozen=True)
class CaseFacts:
    """What is known of one case: each fact's integer (`terms.Fact.encode`), the amount overdue in hundredths."""

    values: Mapping[str, int]
    overdue_cents: int
    currency: str


@dataclass(frozen=True)
class Reason:
    """Points lost (for safety: danger) by one characteristic against its best attribute."""

    dimension: str
    characteristic: str
    value: Value
    points: int
    best: int


@dataclass(frozen=True)
class Scores:
    """What the card says. `points` are in the card's order; `known` of `asked` repayment factors were known."""

    ability: int
    willingness: int
    safety: int
    tier: str
    strategy: str
    safety_band: str
    points: tuple[int, ...]
    reasons: tuple[Reason, ...]
    known: int
    asked: int


def score(card: Card, facts: CaseFacts) -> Scores:
    """Score one case. A fact that `facts` does not hold is not known."""
    points = {one.code: points_for(one, facts.values.get(one.code, UNKNOWN)) for one in card.characteristics}
    sums = {name: sum(points[one.code] for one in card.of(name)) for name in Dimension}
    repayment = (*card.of(Dimension.ABILITY), *card.of(Dimension.WILLINGNESS))
    return Scores(
        ability=sums[Dimension.ABILITY],
        willingness=sums[Dimension.WILLINGNESS],
        safety=sums[Dimension.SAFETY],
        tier=_tier(card, sum(_urgency_points(one, points) for one in repayment), facts),
        strategy=_strategy(card, ability=sums[Dimension.ABILITY], willingness=sums[Dimension.WILLINGNESS]),
        safety_band=_band(card, sums[Dimension.SAFETY], facts),
        points=tuple(points.values()),
        reasons=tuple(reason for name in Dimension for reason in _reasons(card, name, facts, points)),
        known=sum(facts.values.get(one.code, UNKNOWN) != UNKNOWN for one in repayment),
        asked=len(repayment),
    )


def points_for(one: Characteristic, value: int) -> int:
    """The points of a value: those of its step (lo, hi], of its word, or of not knowing it."""
    if value == UNKNOWN:
        return one.unknown
    if one.fact.is_choice:
        return one.words[value]
    if value < 0:
        return one.words[-1 - value]
    return one.steps[bisect_left(one.cuts, value)]


def _urgency_points(one: Characteristic, points: Mapping[str, int]) -> int:
    """Hardship tells how to treat a customer; it neither raises nor lowers how urgent the case is."""
    return one.unknown if one.softens else points[one.code]


def _tier(card: Card, total: int, facts: CaseFacts) -> str:
    large_from = card.tiers.large_from.get(facts.currency)
    large = large_from is not None and facts.overdue_cents >= large_from
    if total < (card.tiers.high_below_when_large if large else card.tiers.high_below):
        return "HIGH"
    return "LOW" if total >= card.tiers.low_from else "MEDIUM"


def _strategy(card: Card, *, ability: int, willingness: int) -> str:
    if willingness >= card.willing_from:
        return "REMIND" if ability >= card.able_from else "LISTEN"
    return "FIRM" if ability >= card.able_from else "VERIFY"


def _band(card: Card, danger: int, facts: CaseFacts) -> str:
    for one in card.characteristics:
        stops = {one.fact.code_of(word) for word in one.hard_stops}
        if facts.values.get(one.code, UNKNOWN) in stops:
            return "NO_VISIT"
    return BANDS[bisect_left(card.bands, danger)]


def _reasons(
    card: Card, dimension: Dimension, facts: CaseFacts, points: Mapping[str, int]
) -> tuple[Reason, ...]:
    """At most four, most points lost first; of equals a known fact before an unknown one, then the card's order."""
    lost = [(one, abs(one.best - points[one.code])) for one in card.of(dimension)]
    values = {one.code: facts.values.get(one.code, UNKNOWN) for one, _ in lost}
    lost.sort(key=lambda pair: (-pair[1], values[pair[0].code] == UNKNOWN))
    return tuple(
        Reason(dimension, one.code, one.fact.decode(values[one.code]), points[one.code], one.best)
        for one, much in lost[:REASONS_KEPT]
        if much
    )
