"""The vocabulary of score cards: every fact a card may look at. Free of Django and of the database.

A fact's value is one integer. A measure counts in its fixed unit from zero up; its words stand for situations
that have no number. A choice is one of its words, best first. Not known is a value of its own, never a guess.
"""

from dataclasses import dataclass
from enum import StrEnum

UNKNOWN = -1_000_000

Value = int | str | None
"""A fact as people and JSON see it: a number in the fact's unit, a word, or None when not known."""


class Dimension(StrEnum):
    ABILITY = "ability"
    WILLINGNESS = "willingness"
    SAFETY = "safety"


class Unit(StrEnum):
    BASIS_POINTS = "bp"
    DAYS = "days"
    MONTHS = "months"
    MINUTES = "minutes"
    COUNT = "count"
    CHOICE = "choice"


@dataclass(frozen=True)
class Fact:
    """`words` of a choice run from best to worst. `more_is_better` says the same of a measure's numbers."""

    code: str
    dimension: Dimension
    unit: Unit
    words: tuple[str, ...] = ()
    more_is_better: bool = False

    @property
    def is_choice(self) -> bool:
        return self.unit is Unit.CHOICE

    def code_of(self, word: str) -> int:
        """The integer that stands for `word`. Raises ValueError when the fact has no such word."""
        place = self.words.index(word)
        return place if self.is_choice else -1 - place

    def encode(self, value: Value) -> int:
        """`value` as the integer that is scored. Raises ValueError when it cannot be one."""
        if value is None:
            return UNKNOWN
        if isinstance(value, str):
            return self.code_of(value)
        if self.is_choice or value < 0:
            raise ValueError(f"{self.code} cannot be {value}")
        return value

    def decode(self, number: int) -> Value:
        """What the scored integer `number` means."""
        if number == UNKNOWN:
            return None
        if self.is_choice:
            return self.words[number]
        return number if number >= 0 else self.words[-1 - number]


def _ability(code: str, unit: Unit, *words: str, more_is_better: bool = False) -> Fact:
    return Fact(code, Dimension.ABILITY, unit, words, more_is_better)


def _willingness(code: str, unit: Unit, *words: str, more_is_better: bool = False) -> Fact:
    return Fact(code, Dimension.WILLINGNESS, unit, words, more_is_better)


def _safety(code: str, unit: Unit, *words: str) -> Fact:
    return Fact(code, Dimension.SAFETY, unit, words)


FACTS: dict[str, Fact] = {
    fact.code: fact
    for fact in (
        _ability("paid_of_billed", Unit.BASIS_POINTS, more_is_better=True),
        _ability("instalments_of_income", Unit.BASIS_POINTS),
        _ability("income", Unit.CHOICE, "SALARY", "PENSION", "SELF_EMPLOYED", "IRREGULAR", "NONE"),
        _ability("other_lenders_overdue", Unit.COUNT),
        _ability("limit_used", Unit.BASIS_POINTS),
        _ability("hardship", Unit.CHOICE, "NONE", "TEMPORARY", "LASTING"),
        _ability("overdue_of_income", Unit.BASIS_POINTS),
        _ability("collateral", Unit.CHOICE, "YES", "NO"),
        _willingness("days_past_due", Unit.DAYS),
        _willingness("late_months", Unit.MONTHS),
        _willingness("broken_promises", Unit.COUNT, "NONE_MADE"),
        _willingness("paid_since_overdue", Unit.BASIS_POINTS, "TOO_EARLY", more_is_better=True),
        _willingness("days_since_contact", Unit.DAYS, "FEW_ATTEMPTS", "UNREACHABLE"),
        _willingness("attitude", Unit.CHOICE, "AGREES", "ASKS_FOR_HELP", "DISPUTES", "VAGUE", "REFUSES"),
        _willingness("contact_data", Unit.CHOICE, "PHONE_AND_ADDRESS", "ONE", "NONE"),
        _safety("incident", Unit.CHOICE, "NONE", "VERBAL", "THREAT", "ASSAULT"),
        _safety("animal", Unit.CHOICE, "NONE", "LOOSE", "HAS_BITTEN"),
        _safety("area_risk", Unit.CHOICE, "LOW", "MEDIUM", "HIGH"),
        _safety("access", Unit.CHOICE, "EASY", "POOR", "ISOLATED"),
        _safety("people_present", Unit.CHOICE, "CALM", "CONFLICT", "HOSTILE_GROUP"),
        _safety("address_checked", Unit.DAYS, "UNVERIFIED", "CONTRADICTED"),
        _safety("travel", Unit.MINUTES, "DARK"),
        _safety("phone_signal", Unit.CHOICE, "GOOD", "WEAK", "NONE"),
    )
}
