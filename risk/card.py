"""A points card (`points-card/1`) read from its data: pure, checked before it may score anybody.

Cuts divide a measure into steps (lo, hi]: a value on a cut belongs to the step below it. Cuts are integers in the
fact's fixed unit, so no rounding of the database can move anybody across one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk.terms import FACTS, Dimension, Fact

SCHEMA = "points-card/1"


class CardRefused(Exception):
    """The data is not a card that may score people. `problems` says all that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The score card is refused: " + " ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Characteristic:
    """What one fact is worth. `steps` are the points of a measure between its cuts, `words` those of the fact's
    words in the vocabulary's order, `unknown` those of not knowing. `hard_stops` are words that forbid a home
    visit by themselves. A characteristic that `softens` tells how to treat a customer, never how urgently.
    """

    fact: Fact
    label: str
    cuts: tuple[int, ...]
    steps: tuple[int, ...]
    words: tuple[int, ...]
    unknown: int
    hard_stops: tuple[str, ...]
    softens: bool

    @property
    def code(self) -> str:
        return self.fact.code

    @property
    def dimension(self) -> Dimension:
        return self.fact.dimension

    @property
    def possible(self) -> tuple[int, ...]:
        return (*self.steps, *self.words, self.unknown)

    @property
    def best(self) -> int:
        """The points of the best attribute: the most, or the least where points are danger."""
        return min(self.possible) if self.dimension is Dimension.SAFETY else max(self.possible)


@dataclass(frozen=True)
class Tiers:
    """Limits of ability + willingness: high below, low from; an overdue amount of at least `large_from` of its
    currency (in hundredths) raises the limit of high."""

    high_below: int
    high_below_when_large: int
    low_from: int
    large_from: Mapping[str, int]


@dataclass(frozen=True)
class Card:
    """`bands` are the highest danger of each safety band, from the mildest; above the last no home is visited."""

    name: str
    version: str
    characteristics: tuple[Characteristic, ...]
    tiers: Tiers
    able_from: int
    willing_from: int
    bands: tuple[int, int, int]

    def of(self, dimension: Dimension) -> tuple[Characteristic, ...]:
        return tuple(one for one in self.characteristics if one.dimension is dimension)


def canonical(definition: Mapping[str, Any]) -> str:
    """The one spelling of a card that its SHA-256 is taken of."""
    return json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(definition: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(definition).encode()).hexdigest()


def parse(definition: Mapping[str, Any]) -> Card:
    """The card that `definition` spells, not yet checked for sense (`card_checks.read_card` does both).

    Raises CardRefused when it is not of the schema.
    """
    try:
        return _card(definition)
    except KeyError as missing:
        raise CardRefused([f"{missing} is missing or not known; see schema {SCHEMA}."]) from missing
    except (TypeError, ValueError, AttributeError) as wrong:
        raise CardRefused([f"It does not follow schema {SCHEMA}: {wrong}."]) from wrong


def _card(definition: Mapping[str, Any]) -> Card:
    if definition["schema"] != SCHEMA:
        raise ValueError(f"schema is {definition['schema']!r}")
    tiers = definition["tiers"]
    bands = definition["safety_bands"]
    return Card(
        name=definition["name"],
        version=definition["version"],
        characteristics=tuple(
            _characteristic(one, Dimension(dimension["code"]))
            for dimension in definition["dimensions"]
            for one in dimension["characteristics"]
        ),
        tiers=Tiers(
            high_below=_whole(tiers["high_below"]),
            high_below_when_large=_whole(tiers["high_below_when_large"]),
            low_from=_whole(tiers["low_from"]),
            large_from={currency: _whole(cents) for currency, cents in tiers["large_from"].items()},
        ),
        able_from=_whole(definition["strategy"]["able_from"]),
        willing_from=_whole(definition["strategy"]["willing_from"]),
        bands=(_whole(bands["NORMAL"]), _whole(bands["CAREFUL"]), _whole(bands["ESCORT"])),
    )


def _characteristic(data: Mapping[str, Any], dimension: Dimension) -> Characteristic:
    fact = FACTS[data["code"]]
    if dimension is not fact.dimension:
        raise ValueError(f"{fact.code} belongs to {fact.dimension}, not to {dimension}")
    if data["unit"] != fact.unit:
        raise ValueError(f"{fact.code} is counted in {fact.unit}, not in {data['unit']}")
    words = data.get("words", {})
    if set(words) != set(fact.words):
        raise ValueError(
            f"{fact.code} needs points for exactly these words: {', '.join(fact.words) or 'none'}"
        )
    return Characteristic(
        fact=fact,
        label=str(data["label"]),
        cuts=tuple(map(_whole, data.get("cuts", []))),
        steps=tuple(map(_whole, data.get("points", []))),
        words=tuple(_whole(words[word]) for word in fact.words),
        unknown=_whole(data["unknown"]),
        hard_stops=tuple(data.get("hard_stops", [])),
        softens=bool(data.get("softens", False)),
    )


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"{number!r} is not a whole number")
    return number
