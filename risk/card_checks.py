"""What makes a points card fit to score people: nothing banned, nothing reversed, a hundred points a dimension.

The ban list follows the Equal Credit Opportunity Act (Regulation B) and the sensitive data of the Personal
Information Protection Law, article 28; native place and ties to other people are banned with them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from risk.card import Card, CardRefused, Characteristic, parse
from risk.terms import Dimension

MAXIMUM = 100

BANNED: dict[str, tuple[str, ...]] = {
    "sex": ("sex", "gender", "male", "female", "men", "women", "pregnant", "性别"),
    "age": ("age", "birth", "birthday", "年龄", "出生"),
    "marriage": ("marriage", "married", "marital", "spouse", "divorced", "婚姻", "配偶"),
    "ethnicity": ("ethnicity", "ethnic", "race", "racial", "nationality", "民族", "种族", "国籍"),
    "religion": ("religion", "religious", "faith", "宗教", "信仰"),
    "native place": ("hukou", "native", "origin", "registered", "户籍", "户口", "籍贯"),
    "family": ("family", "relatives", "parents", "children", "siblings", "家庭", "亲属"),
    "social ties": ("social", "friends", "colleagues", "neighbours", "contacts", "社交"),
    "health": ("health", "illness", "sick", "disease", "disability", "medical", "健康", "疾病", "残疾"),
}


def read_card(definition: Mapping[str, Any]) -> Card:
    """The card that `definition` spells. Raises CardRefused with everything that speaks against it."""
    if banned := list(_banned(definition)):
        raise CardRefused(banned)
    card = parse(definition)
    problems = [
        *_incomplete(card),
        *(problem for one in card.characteristics for problem in _of_characteristic(one)),
        *_limits(card),
    ]
    if problems:
        raise CardRefused(problems)
    return card


def _banned(definition: Mapping[str, Any]) -> Iterator[str]:
    """Fields that may not decide how anybody is treated, by their code or their label."""
    for dimension in _mappings(definition.get("dimensions")):
        for one in _mappings(dimension.get("characteristics")):
            code = one.get("code", "")
            text = f"{code} {one.get('label', '')}".lower()
            for topic, words in BANNED.items():
                if any(_says(text, word) for word in words):
                    yield f"{code} speaks of {topic}, which may not decide how anybody is treated."


def _says(text: str, word: str) -> bool:
    """Whether `text` holds the English word, whole, or the Chinese one, anywhere."""
    return word in (re.findall(r"[a-z]+", text) if word.isascii() else text)


def _mappings(rows: object) -> list[Mapping[str, Any]]:
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _incomplete(card: Card) -> Iterator[str]:
    codes = [one.code for one in card.characteristics]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{code} is on the card twice."
    for dimension in Dimension:
        total = sum(max(one.possible) for one in card.of(dimension))
        if total != MAXIMUM:
            yield f"The maxima of {dimension} sum to {total}, not to {MAXIMUM}."


def _of_characteristic(one: Characteristic) -> Iterator[str]:
    if one.fact.is_choice and (one.cuts or one.steps):
        yield f"{one.code} is a choice: it has words, not cuts."
    if not one.fact.is_choice and len(one.steps) != len(one.cuts) + 1:
        yield f"{one.code} has {len(one.cuts)} cuts and so needs {len(one.cuts) + 1} points."
    if any(low >= high for low, high in pairwise(one.cuts)):
        yield f"The cuts of {one.code} do not rise."
    if min(one.possible) < 0:
        yield f"{one.code} has points below zero."
    if _reversed(one):
        yield f"The points of {one.code} are reversed: a worse value earns the better points."
    if unheard := set(one.hard_stops) - set(one.fact.words):
        yield f"{one.code} has no {', '.join(sorted(unheard))} to stop at."
    if one.hard_stops and one.dimension is not Dimension.SAFETY:
        yield f"{one.code} cannot stop a visit: only safety can."


def _reversed(one: Characteristic) -> bool:
    """Whether some worse value is treated better than a better one."""
    best_first: Sequence[int] = one.words if one.fact.is_choice else one.steps
    if one.fact.more_is_better:
        best_first = best_first[::-1]
    if one.dimension is Dimension.SAFETY:
        return any(better > worse for better, worse in pairwise(best_first))
    return any(better < worse for better, worse in pairwise(best_first))


def _limits(card: Card) -> Iterator[str]:
    tiers = card.tiers
    if not 0 <= tiers.high_below <= tiers.high_below_when_large <= tiers.low_from <= 2 * MAXIMUM:
        yield "The limits of the tiers do not rise from high to low."
    if any(cents <= 0 for cents in tiers.large_from.values()):
        yield "A large amount is a positive one, in hundredths of its currency."
    if not (0 <= card.able_from <= MAXIMUM and 0 <= card.willing_from <= MAXIMUM):
        yield f"The limits of the strategy lie outside 0 to {MAXIMUM}."
    if not 0 <= card.bands[0] < card.bands[1] < card.bands[2] < MAXIMUM:
        yield "The limits of the safety bands do not rise."
