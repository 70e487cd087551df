"""The book: every rule with its authority, its numbers and its sources, one file a subject.

Bank policy may be stricter than the law, never looser; a rule that rests on unconfirmed sources alone is bank policy,
whatever text it has in mind.
"""

from compliance.rules.rule import Rule
from compliance.rules.sets.abroad import ABROAD
from compliance.rules.sets.elsewhere import ELSEWHERE
from compliance.rules.sets.frequency import FREQUENCY
from compliance.rules.sets.hours import HOURS
from compliance.rules.sets.state import STATE
from compliance.rules.sets.third_parties import THIRD_PARTIES
from compliance.rules.sets.visits import VISITS

BOOK: tuple[Rule, ...] = (*HOURS, *FREQUENCY, *THIRD_PARTIES, *VISITS, *STATE, *ABROAD, *ELSEWHERE)
VERSION = "2026.11.2"

__all__ = ["BOOK", "VERSION"]
