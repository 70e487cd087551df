"""By when a complaint is answered, and when its deadline raises its voice: data with sources, and pure arithmetic.

Days are calendar days by the clock of the complaint's branch. The day of receipt does not count (Civil Code,
art. 201): what came in on the 1st with twenty days is due on the 21st, all of it, and late from the midnight after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Authority(StrEnum):
    REGULATION = "REGULATION"
    BANK_POLICY = "BANK_POLICY"


class Verification(StrEnum):
    """How far the source was confirmed: read itself, or the bank's own word."""

    CONFIRMED = "CONFIRMED"
    OWN = "OWN"


@dataclass(frozen=True)
class Deadline:
    """Answer within `days`; alerts on these days after receipt; somebody takes it up within `taken_up_days`.

    `source` is named for people in `compliance.complaints.wording`.
    """

    days: int
    alert_days: tuple[int, ...]
    source: str
    authority: Authority
    verification: Verification
    taken_up_days: int = 1


NEAR = timedelta(days=5)

BUREAU = Deadline(20, (10, 15), "CREDIT-25", Authority.REGULATION, Verification.CONFIRMED)
BANK = Deadline(15, (7, 12), "POLICY", Authority.BANK_POLICY, Verification.OWN)

DEADLINES: Mapping[str, Deadline] = {"BUREAU_OBJECTION": BUREAU}


def deadline_of(category: str) -> Deadline:
    """The deadline of a category; the bank's own where no regulation sets one."""
    return DEADLINES.get(category, BANK)


def local_day(at: datetime, *, zone: str) -> date:
    """The local date of the instant `at`."""
    return at.astimezone(ZoneInfo(zone)).date()


def due_on(category: str, *, counted_from: date) -> date:
    """The last local date on which the answer is in time."""
    return counted_from + timedelta(days=deadline_of(category).days)


def late_from(due: date, *, zone: str) -> datetime:
    """The first instant that is too late: the local midnight that ends the day `due`."""
    return datetime.combine(due + timedelta(days=1), time(0), tzinfo=ZoneInfo(zone))


def how_urgent(due: date, *, today: date) -> str:
    """is-over, is-near or is-calm: how a page shows the deadline on the local date `today`."""
    if due < today:
        return "is-over"
    return "is-near" if due <= today + NEAR else "is-calm"
