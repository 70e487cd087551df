"""Scoring a whole portfolio by a points card, in numpy columns. Pure, and bit-equal to `scoring.score`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.card import Card, Characteristic
from risk.scoring import BANDS, REASONS_KEPT, STRATEGIES, TIERS, CaseFacts, Reason, Scores
from risk.terms import UNKNOWN, Dimension

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

Points = NDArray[np.int16]

NO_REASON = -1
NOTHING_LOST = np.int16(200)
MOST_PLACES = np.int16(64)


@dataclass(frozen=True)
class Columns:
    """The facts of many cases, one array per fact, all of one length. `currency` holds currency codes."""

    values: Mapping[str, Whole]
    overdue_cents: Whole
    currency: NDArray[Any]

    def __len__(self) -> int:
        return len(self.overdue_cents)

    def row(self, place: int) -> CaseFacts:
        return CaseFacts(
            values={code: int(column[place]) for code, column in self.values.items()},
            overdue_cents=int(self.overdue_cents[place]),
            currency=str(self.currency[place]),
        )


@dataclass(frozen=True)
class ScoreColumns:
    """Scores of many cases. `tier`, `strategy` and `band` are places in scoring.TIERS, STRATEGIES and BANDS;
    `points` has a row per case and a column per characteristic; `reasons` a row per case with the columns of up to
    four reasons for each dimension, NO_REASON where there are fewer.
    """

    card: Card
    columns: Columns
    ability: Whole
    willingness: Whole
    safety: Whole
    tier: Whole
    strategy: Whole
    band: Whole
    points: Points
    reasons: Whole
    known: Whole
    asked: int

    def row(self, place: int) -> Scores:
        """The scores of one case, as `scoring.score` would say them."""
        return Scores(
            ability=int(self.ability[place]),
            willingness=int(self.willingness[place]),
            safety=int(self.safety[place]),
            tier=TIERS[self.tier[place]],
            strategy=STRATEGIES[self.strategy[place]],
            safety_band=BANDS[self.band[place]],
            points=tuple(int(points) for points in self.points[place]),
            reasons=tuple(self._reason(place, int(which)) for which in self.reasons[place] if which >= 0),
            known=int(self.known[place]),
            asked=self.asked,
        )

    def _reason(self, place: int, which: int) -> Reason:
        one = self.card.characteristics[which]
        value = one.fact.decode(int(values_of(self.columns, one)[place]))
        return Reason(one.dimension, one.code, value, int(self.points[place, which]), one.best)


def score_many(card: Card, columns: Columns) -> ScoreColumns:
    """Score every row of `columns`. A fact without a column is not known of anybody."""
    points = np.stack([points_for_many(one, values_of(columns, one)) for one in card.characteristics], axis=1)
    places = {name: _places(card, name) for name in Dimension}
    sums = {name: points[:, places[name]].sum(axis=1, dtype=np.int64) for name in Dimension}
    unknown = np.stack([values_of(columns, one) == UNKNOWN for one in card.characteristics], axis=1)
    repayment = places[Dimension.ABILITY] + places[Dimension.WILLINGNESS]
    return ScoreColumns(
        card=card,
        columns=columns,
        ability=sums[Dimension.ABILITY],
        willingness=sums[Dimension.WILLINGNESS],
        safety=sums[Dimension.SAFETY],
        tier=_tiers(card, columns, _urgency(card, points, repayment)),
        strategy=_strategies(card, sums[Dimension.ABILITY], sums[Dimension.WILLINGNESS]),
        band=_bands(card, columns, sums[Dimension.SAFETY]),
        points=points,
        reasons=np.concatenate([_reasons(card, points, unknown, places[name]) for name in Dimension], axis=1),
        known=len(repayment) - unknown[:, repayment].sum(axis=1),
        asked=len(repayment),
    )


def values_of(columns: Columns, one: Characteristic) -> Whole:
    column = columns.values.get(one.code)
    return np.full(len(columns), UNKNOWN, dtype=np.int64) if column is None else column


def points_for_many(one: Characteristic, values: Whole) -> Points:
    """`scoring.points_for` of every value: each value's place in one table of steps, words and not knowing."""
    table = np.array(one.possible, dtype=np.int16)
    if one.fact.is_choice:
        place = values
    else:
        place = np.zeros(len(values), dtype=np.int64)
        for cut in one.cuts:
            place += values > cut
        place = np.where(values < 0, len(one.steps) - 1 - values, place)
    found: Points = table[np.where(values == UNKNOWN, len(table) - 1, place)]
    return found


def _places(card: Card, dimension: Dimension) -> list[int]:
    return [place for place, one in enumerate(card.characteristics) if one.dimension is dimension]


def _urgency(card: Card, points: Points, repayment: list[int]) -> Whole:
    total: Whole = points[:, repayment].sum(axis=1, dtype=np.int64)
    for place in repayment:
        one = card.characteristics[place]
        if one.softens:
            total = total - points[:, place] + one.unknown
    return total


def _tiers(card: Card, columns: Columns, total: Whole) -> Whole:
    large: Mask = np.zeros(len(columns), dtype=np.bool_)
    for currency, large_from in card.tiers.large_from.items():
        large |= (columns.currency == currency) & (columns.overdue_cents >= large_from)
    high = total < np.where(large, card.tiers.high_below_when_large, card.tiers.high_below)
    return np.where(high, 0, np.where(total >= card.tiers.low_from, 2, 1))


def _strategies(card: Card, ability: Whole, willingness: Whole) -> Whole:
    unwilling = (willingness < card.willing_from).astype(np.int64)
    unable = (ability < card.able_from).astype(np.int64)
    return unwilling + 2 * unable


def _bands(card: Card, columns: Columns, danger: Whole) -> Whole:
    band = np.zeros(len(columns), dtype=np.int64)
    for limit in card.bands:
        band += danger > limit
    for one in card.characteristics:
        for word in one.hard_stops:
            band[values_of(columns, one) == one.fact.code_of(word)] = len(BANDS) - 1
    return band


def _reasons(card: Card, points: Points, unknown: Mask, places: list[int]) -> Whole:
    """The columns of at most four characteristics of one dimension, most points lost first.

    What is lost, whether it is known, and the place are packed into one number, because sorting numbers is much
    faster than sorting places by them.
    """
    best = np.array([card.characteristics[place].best for place in places], dtype=np.int16)
    lost = np.abs(points[:, places] - best)
    packed = (NOTHING_LOST - 2 * lost + unknown[:, places]) * MOST_PLACES + np.arange(
        len(places), dtype=np.int16
    )
    packed.sort(axis=1)
    first = packed[:, :REASONS_KEPT]
    chosen = np.array(places)[first % MOST_PLACES]
    return np.where(first // MOST_PLACES < NOTHING_LOST, chosen, NO_REASON)
