"""Which payments keep which promise. Pure: no database, no clock, no Django.

Payments count towards the oldest promise first. A payment counts for a promise when it was received from the
moment the promise was made until the promise closes (half-open), in the promise's currency, and was not reversed;
no cent counts twice. Everything is computed anew from all facts, so a payment that is imported late, or reversed,
gives the same answer as one that was known from the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    OPEN = "OPEN"
    KEPT = "KEPT"
    PARTIAL = "PARTIAL"
    BROKEN = "BROKEN"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Promised:
    """`closes_at` is the end of the last day of grace. `pointless`: the case closed before the promise was judged."""

    id: UUID
    amount: Decimal
    currency: str
    made_at: datetime
    closes_at: datetime
    pointless: bool = False

    def is_met_by(self, payment: "Paid") -> bool:
        in_time = self.made_at <= payment.received_at < self.closes_at
        return in_time and payment.currency == self.currency and not payment.is_reversed


@dataclass(frozen=True)
class Paid:
    id: int
    amount: Decimal
    currency: str
    received_at: datetime
    is_reversed: bool = False


@dataclass(frozen=True)
class Part:
    """The part of a payment that counts towards a promise; always more than nothing."""

    promise: UUID
    payment: int
    amount: Decimal


def appropriate(promises: Iterable[Promised], payments: Iterable[Paid]) -> list[Part]:
    """The parts of one customer's payments that count towards their promises, oldest first on both sides."""
    in_order = sorted(payments, key=lambda payment: (payment.received_at, payment.id))
    left = {payment.id: payment.amount for payment in in_order}
    parts: list[Part] = []
    for promise in sorted(promises, key=lambda promise: (promise.made_at, promise.id)):
        for part in _fill(promise, in_order, left):
            left[part.payment] -= part.amount
            parts.append(part)
    return parts


def _fill(promise: Promised, payments: Sequence[Paid], left: Mapping[int, Decimal]) -> list[Part]:
    missing = promise.amount
    parts = []
    for payment in payments:
        amount = min(missing, left[payment.id])
        if amount > 0 and promise.is_met_by(payment):
            parts.append(Part(promise.id, payment.id, amount))
            missing -= amount
    return parts


def judge(promise: Promised, *, paid: Decimal, now: datetime) -> Verdict:
    """What has become of a promise towards which `paid` counts.

    Kept once enough was paid; open until it closes; then partly kept or broken. Nobody breaks a promise to pay
    what is no longer owed: that one is cancelled.
    """
    if paid >= promise.amount:
        return Verdict.KEPT
    if now < promise.closes_at:
        return Verdict.OPEN
    if promise.pointless:
        return Verdict.CANCELLED
    return Verdict.PARTIAL if paid > 0 else Verdict.BROKEN
