"""What is kept of a scoring so that anybody can see and recompute it: facts and reasons as JSON.

For a portfolio the JSON is put together from fragments, one per distinct value of a fact, because encoding every
row by itself costs more than scoring and storing it.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.card import Card, Characteristic
from risk.scoring import CaseFacts, points_for
from risk.scoring_many import Columns, ScoreColumns, values_of
from risk.terms import FACTS

OVERDUE_CENTS = "overdue_cents"
CURRENCY = "currency"

Fragments = NDArray[np.object_]


def facts_json(card: Card, columns: Columns) -> list[str]:
    """One JSON object a case: the facts the card looked at, and the amount overdue in hundredths."""
    fragments = [
        *(_fragments(values_of(columns, one), partial(_fact, one)) for one in card.characteristics),
        _fragments(columns.overdue_cents, partial(_member, OVERDUE_CENTS)),
        _fragments(columns.currency, partial(_member, CURRENCY)),
    ]
    return ["{" + ",".join(row) + "}" for row in np.stack(fragments, axis=1)]


def reasons_json(scores: ScoreColumns) -> list[str]:
    """One JSON list a case: its reasons in the order of the dimensions, most points lost first."""
    columns = [
        _fragments(values_of(scores.columns, one), partial(_reason, one))
        for one in scores.card.characteristics
    ]
    nothing = np.full(len(scores.columns), "", dtype=object)  # where NO_REASON, the last place, points to
    fragments = np.stack([*columns, nothing], axis=1)
    chosen = np.take_along_axis(fragments, scores.reasons, axis=1)
    return ["[" + ",".join(filter(None, row)) + "]" for row in chosen]


def facts_from_json(kept: Mapping[str, Any]) -> CaseFacts:
    """The facts that `facts_json` kept, as they were scored."""
    return CaseFacts(
        values={code: fact.encode(kept[code]) for code, fact in FACTS.items() if code in kept},
        overdue_cents=kept[OVERDUE_CENTS],
        currency=kept[CURRENCY],
    )


def _fragments(values: NDArray[Any], fragment: Callable[[Any], str]) -> Fragments:
    distinct, places = np.unique(values, return_inverse=True)
    table = np.array([fragment(value) for value in distinct.tolist()], dtype=object)
    return table[places]


def _member(name: str, value: object) -> str:
    return f'"{name}":{json.dumps(value)}'


def _fact(one: Characteristic, value: int) -> str:
    return _member(one.code, one.fact.decode(value))


def _reason(one: Characteristic, value: int) -> str:
    return json.dumps(
        {
            "dimension": one.dimension,
            "characteristic": one.code,
            "value": one.fact.decode(value),
            "points": points_for(one, value),
            "best": one.best,
        }
    )
