"""The compliance gate as seen from one customer: what it would say now, and what it refused before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from compliance import gate
from compliance.gate import Ask, Channel, Purpose
from compliance.reading import refusals_visible_to

SHOWN = 5

USUAL = (
    (Channel.VISIT, Purpose.VISIT_START, timedelta(minutes=30), 2),
    (Channel.CALL, Purpose.FOLLOW_UP_CALL, timedelta(0), 1),
    (Channel.SMS, Purpose.PAYMENT_REMINDER, timedelta(0), 0),
    (Channel.LETTER, Purpose.PAYMENT_REMINDER, timedelta(0), 0),
)


@dataclass(frozen=True)
class Door:
    """One channel: open now, or closed for these reasons until `next_allowed_at` (None: not by waiting)."""

    channel: Channel
    allowed: bool
    reasons: tuple[tuple[str, str], ...]
    next_allowed_at: datetime | None


@dataclass(frozen=True)
class Refused:
    """A contact that was refused, with the reasons as they read today."""

    at: datetime
    channel: str
    reasons: tuple[tuple[str, str], ...]
    next_allowed_at: datetime | None


def doors(customer_id: UUID, *, now: datetime) -> tuple[Door, ...]:
    """What each channel would be told. Writes nothing; a visit is asked for two people and half an hour."""
    asks = {
        channel: Ask(customer_id, channel, purpose, at=now, until=now + length, staff=staff)
        for channel, purpose, length, staff in USUAL
    }
    verdicts = gate.preview_each(list(asks.values()))
    return tuple(_door(channel, verdicts[ask]) for channel, ask in asks.items())


def refusals_of(customer_id: UUID, *, user: User) -> tuple[Refused, ...]:
    """The newest refusals, at most five."""
    rows = refusals_visible_to(user).filter(customer=customer_id).order_by("-decided_at")[:SHOWN]
    return tuple(
        Refused(row.decided_at, row.get_channel_display(), _said(row.reasons), row.next_allowed_at)
        for row in rows
    )


def _door(channel: Channel, verdict: gate.Verdict) -> Door:
    next_allowed_at = None if verdict.allowed else verdict.next_allowed_at
    return Door(channel, verdict.allowed, _said(verdict.reasons), next_allowed_at)


def _said(reasons: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((reason["title"], reason["sentence"]) for reason in gate.readable(reasons))
