import json
from copy import deepcopy

import pytest

from risk.card import CardRefused, canonical, sha256_of
from risk.card_checks import BANNED, read_card
from risk.terms import FACTS, Dimension
from tests.risk.cards import CARD, DEFINITION, changed, characteristic


def problems(definition):
    with pytest.raises(CardRefused) as refused:
        read_card(definition)
    return refused.value.problems


def with_characteristic(**one):
    definition = deepcopy(DEFINITION)
    definition["dimensions"][0]["characteristics"].append(
        {"unit": "count", "cuts": [1], "points": [1, 0], "unknown": 0, **one}
    )
    return definition


def test_the_default_card_asks_for_every_fact_and_is_worth_a_hundred_points_a_dimension():
    assert {one.code for one in CARD.characteristics} == set(FACTS)
    assert {name: sum(max(one.possible) for one in CARD.of(name)) for name in Dimension} == dict.fromkeys(
        Dimension, 100
    )


@pytest.mark.parametrize(
    "code",
    [
        "sex",
        "customer_gender",
        "age",
        "birth_date",
        "marital_status",
        "ethnicity",
        "religion",
        "hukou",
        "native_place",
        "family_size",
        "social_ties",
        "health_state",
        "客户性别",
        "年龄段",
        "婚姻状况",
        "民族",
        "宗教信仰",
        "户籍地",
        "家庭人口",
        "健康状况",
    ],
)
def test_a_banned_field_is_refused(code):
    (problem,) = problems(with_characteristic(code=code, label="Something else"))

    assert problem.startswith(f"{code} speaks of ")


@pytest.mark.parametrize("topic", BANNED)
def test_a_banned_field_does_not_get_in_under_another_name(topic):
    (problem,) = problems(changed("income", label=f"Income by {BANNED[topic][0]}"))

    assert problem == f"income speaks of {topic}, which may not decide how anybody is treated."


def test_a_word_that_only_contains_a_banned_one_is_allowed():
    assert read_card(changed("limit_used", label="Average usage of the limit"))


def test_a_fact_nobody_gathers_is_refused():
    (problem,) = problems(with_characteristic(code="shoe_count", label="Shoes"))

    assert "shoe_count" in problem


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("paid_of_billed", [4, 0, 9, 15, 24]),
        ("days_past_due", [26, 24, 20, 3, 6, 1, 0]),
        ("late_months", [18, 8, 15, 5, 0]),
        ("address_checked", [2, 0]),
        ("paid_since_overdue", [14, 6, 4]),
    ],
)
def test_reversed_points_of_a_measure_are_refused(code, points):
    assert f"The points of {code} are reversed: a worse value earns the better points." in problems(
        changed(code, points=points)
    )


@pytest.mark.parametrize(
    ("code", "swapped"),
    [("income", ("SALARY", "NONE")), ("hardship", ("NONE", "LASTING")), ("area_risk", ("LOW", "HIGH"))],
)
def test_reversed_points_of_a_choice_are_refused(code, swapped):
    words = dict(characteristic(DEFINITION, code)["words"])
    first, last = swapped
    words[first], words[last] = words[last], words[first]

    assert any("reversed" in problem for problem in problems(changed(code, words=words)))


def test_equal_points_are_not_reversed():
    assert read_card(changed("days_past_due", points=[26, 20, 20, 6, 6, 1, 0]))


@pytest.mark.parametrize(
    ("code", "changes", "said"),
    [
        ("days_past_due", {"cuts": [0, 7, 7, 60, 90, 180]}, "The cuts of days_past_due do not rise."),
        ("days_past_due", {"cuts": [0, 7]}, "days_past_due has 2 cuts and so needs 3 points."),
        ("income", {"cuts": [1], "points": [1, 0]}, "income is a choice: it has words, not cuts."),
        ("limit_used", {"points": [10, 4, -1]}, "limit_used has points below zero."),
        ("limit_used", {"points": [11, 4, 2]}, "The maxima of ability sum to 101, not to 100."),
        ("incident", {"hard_stops": ["MURDER"]}, "incident has no MURDER to stop at."),
        ("attitude", {"hard_stops": ["REFUSES"]}, "attitude cannot stop a visit: only safety can."),
    ],
)
def test_a_card_is_refused_with_what_is_wrong(code, changes, said):
    assert said in problems(changed(code, **changes))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("limit_used", {"unit": "percent"}),
        ("limit_used", {"points": [10, 4.5, 2]}),
        ("limit_used", {"unknown": None}),
        ("limit_used", {"unknown": True}),
        ("income", {"words": {"SALARY": 14}}),
        ("broken_promises", {"words": {}}),
    ],
)
def test_data_that_does_not_follow_the_schema_is_refused(code, changes):
    (problem,) = problems(changed(code, **changes))

    assert "points-card/1" in problem


def test_safety_never_counts_for_repayment():
    definition = deepcopy(DEFINITION)
    incident = definition["dimensions"][2]["characteristics"].pop(0)
    definition["dimensions"][0]["characteristics"].append(incident)

    (problem,) = problems(definition)

    assert "incident belongs to safety, not to ability" in problem


def test_a_characteristic_counts_once():
    definition = deepcopy(DEFINITION)
    ability = definition["dimensions"][0]["characteristics"]
    ability.append(ability[0])

    assert "paid_of_billed is on the card twice." in problems(definition)


@pytest.mark.parametrize(
    ("part", "changes", "said"),
    [
        ("tiers", {"high_below": 106}, "The limits of the tiers do not rise from high to low."),
        ("tiers", {"low_from": 104}, "The limits of the tiers do not rise from high to low."),
        ("tiers", {"large_from": {"CNY": 0}}, "A large amount is a positive one"),
        ("strategy", {"able_from": 101}, "The limits of the strategy lie outside 0 to 100."),
        ("safety_bands", {"CAREFUL": 12}, "The limits of the safety bands do not rise."),
    ],
)
def test_limits_that_make_no_sense_are_refused(part, changes, said):
    definition = deepcopy(DEFINITION)
    definition[part].update(changes)

    assert any(problem.startswith(said) for problem in problems(definition))


@pytest.mark.parametrize("missing", ["schema", "dimensions", "tiers", "strategy", "safety_bands"])
def test_a_missing_part_is_named(missing):
    definition = deepcopy(DEFINITION)
    del definition[missing]

    (problem,) = problems(definition)

    assert missing in problem


def test_the_hash_is_of_the_content_not_of_its_spelling():
    reordered = json.loads(json.dumps(dict(reversed(DEFINITION.items())), indent=3))

    assert sha256_of(reordered) == sha256_of(DEFINITION)
    assert sha256_of(changed("income", unknown=8)) != sha256_of(DEFINITION)
    assert "\n" not in canonical(DEFINITION)
