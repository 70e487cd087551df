"""The default card in the database, and on real overdue customers (Yeh & Lien 2009)."""

import csv
import gzip
from itertools import pairwise

import numpy as np
import pytest

from risk.card import sha256_of
from risk.card_checks import read_card
from risk.models import Scorecard
from risk.scoring_many import Columns, score_many
from risk.terms import UNKNOWN
from tests.risk.cards import CARD, DEFINITION, PATH

CLIENTS = PATH.parents[2] / "accounts" / "demo" / "uci_credit_card_clients.csv.gz"


@pytest.mark.django_db
def test_the_default_card_is_in_force():
    card = Scorecard.objects.in_force()

    assert (card.name, card.version) == ("default", "1.1")
    assert card.definition == DEFINITION
    assert card.sha256 == sha256_of(card.definition)
    assert read_card(card.definition) == CARD


@pytest.fixture(scope="module")
def overdue():
    """Facts of the clients who were already late, and whether they defaulted in the month after."""
    if not CLIENTS.is_file():
        pytest.skip(f"{CLIENTS.name} is not there")
    with gzip.open(CLIENTS, "rt") as file:
        rows = [row for row in csv.DictReader(file) if int(row["PAY_0"]) >= 1]

    def columns(*names):
        return np.array([[int(float(row[name])) for name in names] for row in rows], dtype=np.int64)

    late = columns("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")
    billed = columns(*(f"BILL_AMT{month}" for month in range(1, 7))).clip(0)
    paid = columns(*(f"PAY_AMT{month}" for month in range(1, 7)))
    facts = {
        "paid_of_billed": share(paid.sum(axis=1), billed.sum(axis=1)),
        "limit_used": share(billed[:, 0], columns("LIMIT_BAL")[:, 0]),
        "days_past_due": 30 * late[:, 0],
        "late_months": (late >= 1).sum(axis=1),
        "paid_since_overdue": share(paid[:, 0], billed[:, 1]).clip(UNKNOWN, 10_000),
    }
    amounts = np.zeros(len(rows), dtype=np.int64)
    scores = score_many(CARD, Columns(facts, amounts, np.full(len(rows), "CNY")))
    held_out = np.random.default_rng(42).random(len(rows)) < 0.3
    defaulted = columns("default.payment.next.month")[:, 0] == 1
    return (scores.ability + scores.willingness)[held_out], defaulted[held_out]


def share(part, whole):
    return np.where(whole > 0, -(-part * 10_000 // np.maximum(whole, 1)), UNKNOWN)


def chance_to_rank_right(total, defaulted):
    """AUC: how often a customer who defaulted had fewer points than one who did not; ties count half."""
    bad, good = total[defaulted][:, None], total[~defaulted][None, :]
    return (bad < good).mean() + (bad == good).mean() / 2


def test_the_card_ranks_overdue_customers(overdue):
    assert chance_to_rank_right(*overdue) >= 0.70


def test_the_bad_rate_falls_from_band_to_band(overdue):
    total, defaulted = overdue
    limits = (0, CARD.tiers.high_below, CARD.tiers.high_below_when_large, CARD.tiers.low_from, 201)
    rates = [defaulted[(total >= low) & (total < high)].mean() for low, high in pairwise(limits)]

    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 0.65
    assert rates[-1] < 0.35
