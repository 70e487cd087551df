from datetime import date
from itertools import product

import pytest

from accounts.models.cases import NextAction
from risk.models import SafetyBand, Strategy, Tier
from risk.next_steps import ACTIONS_IT_REPLACES, date_of, next_action

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("strategy", Strategy)
def test_high_risk_is_visited(strategy):
    assert next_action(tier=Tier.HIGH, strategy=strategy, band=SafetyBand.ESCORT) == NextAction.VISIT


@pytest.mark.parametrize("strategy", Strategy)
def test_nobody_is_sent_to_a_home_that_safety_closes(strategy):
    assert next_action(tier=Tier.HIGH, strategy=strategy, band=SafetyBand.NO_VISIT) == NextAction.CALL


@pytest.mark.parametrize(
    ("strategy", "action"),
    [
        (Strategy.REMIND, NextAction.REMIND),
        (Strategy.FIRM, NextAction.REMIND),
        (Strategy.VERIFY, NextAction.REMIND),
        (Strategy.LISTEN, NextAction.HARDSHIP_PLAN),
    ],
)
@pytest.mark.parametrize("band", SafetyBand)
def test_medium_risk_is_reminded_or_helped(strategy, action, band):
    assert next_action(tier=Tier.MEDIUM, strategy=strategy, band=band) == action


@pytest.mark.parametrize(("strategy", "band"), list(product(Strategy, SafetyBand)))
def test_low_risk_is_watched(strategy, band):
    assert next_action(tier=Tier.LOW, strategy=strategy, band=band) == NextAction.WATCH


def test_an_assessment_may_replace_whatever_it_chooses():
    chosen = {
        next_action(tier=tier, strategy=strategy, band=band)
        for tier, strategy, band in product(Tier, Strategy, SafetyBand)
    }

    assert chosen < ACTIONS_IT_REPLACES


@pytest.mark.parametrize(
    ("action", "on"),
    [(NextAction.VISIT, TODAY), (NextAction.REMIND, TODAY), (NextAction.WATCH, date(2026, 12, 4))],
)
def test_the_date_of_the_next_action(action, on):
    assert date_of(action, today=TODAY) == on
