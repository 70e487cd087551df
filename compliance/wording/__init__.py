"""The rules in words, for people: what a rule is called, what it said about a contact, what would have to change."""

from compliance.wording.book import (
    AUTHORITIES,
    DECISIONS,
    POLICY_SETS,
    VERIFICATIONS,
    in_unit,
    setting_named,
    source_named,
)
from compliance.wording.reasons import condition, readable, sentence
from compliance.wording.titles import TITLES, title

__all__ = [
    "AUTHORITIES",
    "DECISIONS",
    "POLICY_SETS",
    "TITLES",
    "VERIFICATIONS",
    "condition",
    "in_unit",
    "readable",
    "sentence",
    "setting_named",
    "source_named",
    "title",
]
