import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.card_checks import read_card
from risk.scoring import BANDS, STRATEGIES, TIERS, points_for, score
from risk.terms import FACTS, UNKNOWN, Dimension
from tests.risk.cards import CARD, PATH, changed, facts

BY_CODE = {one.code: one for one in CARD.characteristics}
MEASURES = [one for one in CARD.characteristics if not one.fact.is_choice]


BEST = {
    "paid_of_billed": 10_000,
    "instalments_of_income": 0,
    "income": "SALARY",
    "other_lenders_overdue": 0,
    "limit_used": 0,
    "hardship": "NONE",
    "overdue_of_income": 0,
    "collateral": "YES",
    "days_past_due": 0,
    "late_months": 0,
    "broken_promises": 0,
    "paid_since_overdue": 10_000,
    "days_since_contact": 0,
    "attitude": "AGREES",
    "contact_data": "PHONE_AND_ADDRESS",
    "incident": "NONE",
    "animal": "NONE",
    "area_risk": "LOW",
    "access": "EASY",
    "people_present": "CALM",
    "address_checked": 0,
    "travel": 0,
    "phone_signal": "GOOD",
}


def points(code, value):
    return points_for(BY_CODE[code], FACTS[code].encode(value))


@pytest.mark.parametrize(
    ("one", "step"),
    [(one, step) for one in MEASURES for step in range(len(one.cuts))],
    ids=lambda it: getattr(it, "code", str(it)),
)
def test_a_value_on_a_cut_belongs_to_the_step_below_it(one, step):
    cut = one.cuts[step]

    assert points_for(one, cut) == one.steps[step]
    assert points_for(one, cut + 1) == one.steps[step + 1]


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("paid_of_billed", 300, 0),
        ("paid_of_billed", 301, 4),
        ("paid_of_billed", 7501, 24),
        ("days_past_due", 0, 26),
        ("days_past_due", 30, 20),
        ("days_past_due", 31, 6),
        ("days_past_due", 9999, 0),
        ("paid_since_overdue", 0, 4),
        ("paid_since_overdue", 1, 6),
        ("paid_since_overdue", 4999, 6),
        ("paid_since_overdue", 5000, 14),
        ("paid_since_overdue", "TOO_EARLY", 6),
        ("broken_promises", 0, 14),
        ("broken_promises", "NONE_MADE", 9),
        ("broken_promises", 2, 0),
        ("days_since_contact", "UNREACHABLE", 0),
        ("days_since_contact", "FEW_ATTEMPTS", 8),
        ("address_checked", "CONTRADICTED", 8),
        ("address_checked", 182, 0),
        ("address_checked", 183, 2),
        ("travel", "DARK", 6),
        ("income", "PENSION", 14),
        ("income", "NONE", 0),
    ],
)
def test_points_of_the_default_card(code, value, expected):
    assert points(code, value) == expected


@pytest.mark.parametrize("one", CARD.characteristics, ids=lambda one: one.code)
def test_not_knowing_has_points_of_its_own(one):
    assert points_for(one, UNKNOWN) == one.unknown


def test_a_customer_of_whom_nothing_is_known_is_taken_to_be_able_and_willing():
    nothing = score(CARD, facts())

    assert (nothing.ability, nothing.willingness, nothing.safety) == (48, 51, 13)
    assert (nothing.tier, nothing.strategy, nothing.safety_band) == ("MEDIUM", "REMIND", "CAREFUL")
    assert (nothing.known, nothing.asked) == (0, 15)


def test_words_count_as_known_and_safety_is_not_asked():
    some = score(CARD, facts(broken_promises="NONE_MADE", days_past_due=3, animal="LOOSE"))

    assert (some.known, some.asked) == (2, 15)


@pytest.mark.parametrize(
    ("high_below", "low_from", "tier"),
    [(100, 120, "HIGH"), (99, 120, "MEDIUM"), (85, 100, "MEDIUM"), (85, 99, "LOW")],
)
def test_the_tier_at_its_limits(high_below, low_from, tier):
    definition = changed("income")
    definition["tiers"] |= {
        "high_below": high_below,
        "high_below_when_large": high_below,
        "low_from": low_from,
    }

    assert score(read_card(definition), facts()).tier == tier


def test_the_limits_of_the_default_card():
    tiers = CARD.tiers

    assert (tiers.high_below, tiers.high_below_when_large, tiers.low_from) == (85, 105, 120)
    assert CARD.bands == (12, 29, 49)


@pytest.mark.parametrize(
    ("currency", "cents", "tier"),
    [
        ("CNY", 4_999_999, "MEDIUM"),
        ("CNY", 5_000_000, "HIGH"),
        ("USD", 699_999, "MEDIUM"),
        ("USD", 700_000, "HIGH"),
        ("XXX", 10**12, "MEDIUM"),
    ],
)
def test_a_large_amount_raises_the_limit_of_high(currency, cents, tier):
    assert score(CARD, facts(overdue_cents=cents, currency=currency)).tier == tier


def test_a_large_amount_leaves_a_total_of_105_medium():
    better = facts(overdue_cents=10**9, attitude="AGREES", other_lenders_overdue=1)
    at_limit = facts(overdue_cents=10**9, attitude="AGREES", contact_data="NONE", days_since_contact=20)

    assert (score(CARD, better).ability + score(CARD, better).willingness) == 106
    assert score(CARD, better).tier == "MEDIUM"
    assert score(CARD, at_limit).tier == "HIGH"


@pytest.mark.parametrize(
    ("able_from", "willing_from", "strategy"),
    [(48, 51, "REMIND"), (48, 52, "FIRM"), (49, 51, "LISTEN"), (49, 52, "VERIFY")],
)
def test_the_cell_of_the_matrix_at_its_limits(able_from, willing_from, strategy):
    definition = changed("income")
    definition["strategy"] = {"able_from": able_from, "willing_from": willing_from}

    assert score(read_card(definition), facts()).strategy == strategy


@pytest.mark.parametrize(
    ("limits", "band"),
    [
        ((13, 29, 49), "NORMAL"),
        ((12, 29, 49), "CAREFUL"),
        ((11, 13, 49), "CAREFUL"),
        ((10, 12, 49), "ESCORT"),
        ((10, 12, 13), "ESCORT"),
        ((10, 11, 12), "NO_VISIT"),
    ],
)
def test_the_safety_band_at_its_limits(limits, band):
    definition = changed("income")
    definition["safety_bands"] = dict(zip(("NORMAL", "CAREFUL", "ESCORT"), limits, strict=True))

    assert score(read_card(definition), facts()).safety_band == band


def test_an_assault_closes_the_home_whatever_else_is_safe():
    assault = score(CARD, facts(**BEST | {"incident": "ASSAULT"}))

    assert (assault.safety, assault.safety_band) == (40, "NO_VISIT")


def test_at_most_four_reasons_a_dimension_most_points_lost_first():
    reasons = score(
        CARD,
        facts(paid_of_billed=0, income="NONE", limit_used=20_000, collateral="NO", days_past_due=400),
    ).reasons

    ability = [reason for reason in reasons if reason.dimension == "ability"]
    assert [(one.characteristic, one.value, one.points, one.best) for one in ability] == [
        ("paid_of_billed", 0, 0, 24),
        ("income", "NONE", 0, 14),
        ("limit_used", 20_000, 2, 10),
        ("instalments_of_income", None, 8, 16),
    ]
    assert reasons[4].characteristic == "days_past_due"


def test_the_best_of_everything_has_no_reasons():
    best = score(CARD, facts(**BEST))

    assert (best.ability, best.willingness, best.safety, best.reasons) == (100, 100, 0, ())


@given(
    st.sampled_from(["NONE", "TEMPORARY", "LASTING"]),
    st.integers(0, 10_000),
    st.integers(0, 400),
    st.integers(0, 10**8),
)
def test_hardship_only_softens(hardship, paid, days, cents):
    """It never changes how urgent a case is, and never makes an unable customer able."""
    known = {"paid_of_billed": paid, "days_past_due": days, "overdue_cents": cents}
    before, after = score(CARD, facts(**known)), score(CARD, facts(**known, hardship=hardship))

    assert after.tier == before.tier
    if hardship != "NONE":
        assert (before.strategy, after.strategy) in {
            ("REMIND", "REMIND"),
            ("REMIND", "LISTEN"),
            ("LISTEN", "LISTEN"),
            ("FIRM", "FIRM"),
            ("FIRM", "VERIFY"),
            ("VERIFY", "VERIFY"),
        }


@given(st.sampled_from([one for one in CARD.characteristics if one.dimension is Dimension.SAFETY]), st.data())
def test_safety_neither_raises_nor_lowers_the_repayment_scores(one, data):
    words = data.draw(st.sampled_from([*one.fact.words, None]))
    scores = score(CARD, facts(**{one.code: words}))

    assert (scores.ability, scores.willingness, scores.tier) == (48, 51, "MEDIUM")


def test_the_codes_are_those_of_the_models():
    from risk.models import SafetyBand, Strategy, Tier

    assert (list(TIERS), list(STRATEGIES), list(BANDS)) == (Tier.values, Strategy.values, SafetyBand.values)


def test_the_words_are_those_of_the_models():
    from accounts.models.customers import Access, AreaRisk, Hardship, IncomeKind
    from risk.models import Animal, Attitude, IncidentKind, People, Signal

    told = {
        "income": IncomeKind.values,
        "hardship": Hardship.values,
        "attitude": Attitude.values,
        "incident": ["NONE", *IncidentKind.values],
        "animal": Animal.values,
        "area_risk": AreaRisk.values,
        "access": Access.values,
        "people_present": People.values,
        "phone_signal": Signal.values,
    }
    assert {code: list(FACTS[code].words) for code in told} == told


@given(st.sampled_from(list(FACTS.values())), st.integers(0, 10**9))
def test_a_value_is_kept_and_read_back(fact, number):
    readable = [None, *fact.words, *([] if fact.is_choice else [number])]

    assert [fact.decode(fact.encode(value)) for value in readable] == readable


@pytest.mark.parametrize("value", [-1, UNKNOWN])
def test_a_measure_is_never_negative(value):
    with pytest.raises(ValueError, match="days_past_due cannot be"):
        FACTS["days_past_due"].encode(value)


def test_scoring_needs_no_django_and_no_database():
    check = (
        "import sys, risk.card_checks, risk.scoring, risk.scoring_many;"
        "sys.exit(any(name.split('.')[0] in ('django', 'psycopg2', 'celery') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", check], cwd=PATH.parents[2]).returncode == 0
