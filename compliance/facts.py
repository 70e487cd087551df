"""What the rules look at, as plain data. Stored with every decision, so that it can be replayed."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Self


@dataclass(frozen=True)
class Restriction:
    """A restriction of the customer; `channels` empty means every channel, `ends_at` None means open."""

    kind: str
    channels: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None

    def binds(self, channel: str, at: datetime) -> bool:
        reaches = not self.channels or channel in self.channels
        return reaches and self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class PastContact:
    channel: str
    purpose: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """Everything the gate knows about one intended contact from `at` until `until` (aware instants).

    `zones`: all time zones the customer may be in. `contacts`: the last 30 days, whichever channel.
    `verified_until`: when the first of the required verifications runs out, None when one is missing.
    """

    channel: str
    purpose: str
    at: datetime
    until: datetime
    zones: tuple[str, ...]
    owes: bool
    restrictions: tuple[Restriction, ...] = ()
    contacts: tuple[PastContact, ...] = ()
    staff: int = 0
    verified_until: datetime | None = None
    safety_band: str = ""
    birth_date: date | None = None
    party: str = "DEBTOR"
    number: str = ""
    person: str = ""

    def moved_to(self, at: datetime) -> Self:
        """The same facts for the same contact at another instant."""
        return replace(self, at=at, until=at + (self.until - self.at))

    def as_json(self) -> dict[str, Any]:
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
