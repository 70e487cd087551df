"""The rule book: data about rules and pure functions of Facts. No database, no clock, no Django."""

from compliance.rules.policy import (
    Amendment,
    Policy,
    Setting,
    UnknownRule,
    amended,
    overriding,
    packaged,
    rebuilt,
    stopping,
    worst,
)
from compliance.rules.rule import Decision, Hit, Param, Rule
from compliance.rules.sets import BOOK, VERSION

__all__ = [
    "BOOK",
    "VERSION",
    "Amendment",
    "Decision",
    "Hit",
    "Param",
    "Policy",
    "Rule",
    "Setting",
    "UnknownRule",
    "amended",
    "overriding",
    "packaged",
    "rebuilt",
    "stopping",
    "worst",
]
