"""The engine for portfolios and the one for a single case do the same arithmetic."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.evidence import facts_from_json, facts_json, reasons_json
from risk.scoring import CaseFacts, score
from risk.scoring_many import Columns, score_many
from risk.terms import FACTS, UNKNOWN
from tests.risk.cards import CARD


def around_cuts(one):
    """Values where a comparison may go wrong, and any others."""
    if one.fact.is_choice:
        numbers = st.sampled_from(range(len(one.fact.words)))
    else:
        edges = sorted({max(cut + step, 0) for cut in one.cuts for step in (-1, 0, 1)})
        words = [-1 - place for place in range(len(one.fact.words))]
        numbers = st.sampled_from([*edges, *words]) | st.integers(0, 2**40)
    return numbers | st.just(UNKNOWN)


rows = st.builds(
    CaseFacts,
    values=st.fixed_dictionaries({one.code: around_cuts(one) for one in CARD.characteristics}),
    overdue_cents=st.sampled_from([0, 699_999, 700_000, 4_999_999, 5_000_000]) | st.integers(0, 10**12),
    currency=st.sampled_from(["CNY", "USD", "EUR"]),
)


def columns_of(some):
    return Columns(
        values={code: np.array([one.values[code] for one in some], dtype=np.int64) for code in FACTS},
        overdue_cents=np.array([one.overdue_cents for one in some], dtype=np.int64),
        currency=np.array([one.currency for one in some], dtype=np.str_),
    )


@settings(deadline=None)
@given(st.lists(rows, min_size=1, max_size=40))
def test_many_are_scored_as_each_of_them(some):
    many = score_many(CARD, columns_of(some))

    assert [many.row(place) for place in range(len(some))] == [score(CARD, one) for one in some]


@settings(deadline=None)
@given(st.lists(rows, min_size=1, max_size=10))
def test_what_is_kept_as_json_is_what_was_scored(some):
    columns = columns_of(some)
    many = score_many(CARD, columns)

    for place, one in enumerate(some):
        kept = facts_from_json(json.loads(facts_json(CARD, columns)[place]))
        reasons = json.loads(reasons_json(many)[place])
        assert kept == one
        assert reasons == [vars(reason) for reason in score(CARD, one).reasons]


def test_a_missing_column_is_a_fact_not_known():
    nothing = Columns({}, np.array([500_000, 500_000]), np.array(["CNY", "CNY"]))

    many = score_many(CARD, nothing)

    assert many.row(1) == score(CARD, CaseFacts({}, 500_000, "CNY"))
