import pytest
from django.utils import translation

from risk.models import Assessment
from risk.terms import FACTS
from risk.wording import LABELS, WORDS, attributes_of, fact_sentence, known_of, reason_sentence, reasons_of
from tests.risk.cards import CARD

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def reason(code, value, points=4, best=24):
    return {
        "dimension": FACTS[code].dimension.value,
        "characteristic": code,
        "value": value,
        "points": points,
        "best": best,
    }


def test_the_labels_are_those_of_the_default_card():
    assert {code: str(label) for code, label in LABELS.items()} == {
        one.code: one.label for one in CARD.characteristics
    }


def test_every_word_of_every_fact_can_be_said():
    assert {code: set(words) for code, words in WORDS.items()} == {
        code: set(fact.words) for code, fact in FACTS.items() if fact.words
    }


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("paid_of_billed", 833, "Paid 8.3 % of what was billed in six months"),
        ("paid_of_billed", None, "Paid of what was billed in six months: not known"),
        ("limit_used", 10_000, "100 % of the limit is used"),
        ("days_past_due", 45, "Days past due: 45"),
        ("income", "SELF_EMPLOYED", "Income: self-employed"),
        ("late_months", 0, "Late in 0 of the last six months"),
        ("paid_since_overdue", "TOO_EARLY", "Paid of the arrears since they began: too early to say"),
        ("broken_promises", "NONE_MADE", "Promises broken: no promise was made"),
        ("incident", "ASSAULT", "Incident in 24 months: assault or weapon"),
        ("address_checked", "CONTRADICTED", "Days since the address was verified: a visit contradicted it"),
        ("travel", 75, "Minutes of travel from the branch: 75"),
    ],
)
def test_a_fact_as_a_sentence(code, value, sentence):
    assert fact_sentence(code, value) == sentence


def test_hardship_says_that_it_only_softens():
    assert "softens the treatment" in fact_sentence("hardship", "LASTING")
    assert fact_sentence("hardship", None) == "Hardship: not known"


def test_a_reason_says_what_was_earned_of_what_could_be():
    assert reason_sentence(reason("paid_of_billed", 833)) == (
        "Paid 8.3 % of what was billed in six months (4 of 24 points)"
    )


def test_a_reason_of_safety_says_how_much_danger():
    assert reason_sentence(reason("animal", "LOOSE", 8, 0)) == "Animal: loose animal (danger 8)"


@pytest.mark.parametrize("one", CARD.characteristics, ids=lambda one: one.code)
def test_every_attribute_of_a_characteristic_has_its_points(one):
    attributes = attributes_of(one)

    assert [points for _, points in attributes] == list(one.possible)
    assert attributes[-1][0] == "not known"


def test_steps_are_said_up_to_their_cut():
    (late,) = [one for one in CARD.characteristics if one.code == "late_months"]

    assert attributes_of(late) == [
        ("up to 1", 18),
        ("up to 2", 15),
        ("up to 3", 8),
        ("up to 5", 5),
        ("more", 0),
        ("not known", 9),
    ]


def test_an_assessment_in_words():
    assessment = Assessment(
        reasons=[reason("days_past_due", 45, 6, 26), reason("animal", None, 2, 0)], known=8, asked=15
    )

    assert reasons_of(assessment) == {
        "ability": [],
        "willingness": ["Days past due: 45 (6 of 26 points)"],
        "safety": ["Animal: not known (danger 2)"],
    }
    assert known_of(assessment) == "8 of 15 factors known"
