"""The default card for tests that need no database, and facts to score by it."""

import json
from copy import deepcopy
from pathlib import Path

from risk.card_checks import read_card
from risk.scoring import CaseFacts
from risk.terms import FACTS

PATH = Path(__file__).resolve().parents[2] / "risk" / "cards" / "default-1.1.json"
DEFINITION = json.loads(PATH.read_text(encoding="utf-8"))
CARD = read_card(DEFINITION)


def characteristic(definition, code):
    """The data of one characteristic in a card's definition."""
    found = [
        one
        for dimension in definition["dimensions"]
        for one in dimension["characteristics"]
        if one["code"] == code
    ]
    return found[0]


def changed(code, **changes):
    """The default card's definition with one characteristic changed."""
    definition = deepcopy(DEFINITION)
    characteristic(definition, code).update(changes)
    return definition


def facts(*, overdue_cents=500_000, currency="CNY", **values):
    """Facts by their readable values; what is not named is not known."""
    return CaseFacts(
        values={code: FACTS[code].encode(value) for code, value in values.items()},
        overdue_cents=overdue_cents,
        currency=currency,
    )
