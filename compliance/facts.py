"""What the rules look at, as plain data. Stored with every decision, so that it can be replayed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from compliance.calendar.days import Calendar, DayKind, Places
from compliance.third_party_conditions import ThirdPartyFacts


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


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact with the customer, or with somebody else about them.

    `reached` is None as long as nobody said what came of it, and then counts as reached. `number` is the id of the
    telephone number, empty when there was none; `person` the id of the contact person, empty for the customer.
    """

    channel: str
    purpose: str
    at: datetime
    reached: bool | None = None
    number: str = ""
    party: str = "DEBTOR"
    person: str = ""


@dataclass(frozen=True)
class QuietHours:
    """[starts, ends) of every `weekday` (Monday is 0), in seconds since the customer's midnight."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True)
class GrantedOverride:
    """Two people's word that `rules` do not stop this contact, until `until`."""

    id: str
    rules: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class Clock:
    """A clock other than the application's, and how many seconds it is ahead of it."""

    name: str
    ahead: float


NO_CALENDAR = Calendar(date.min, date.min, (), ())


@dataclass(frozen=True)
class Facts:
    """Everything the gate knows about one intended contact from `at` until `until` (aware instants).

    `zones`: all time zones the customer may be in. `places`: all (country, its subdivisions) they may be in.
    `policies`: the countries' policy sets that bind. `contacts`: the last 35 days, whichever channel, with the
    person, over all their debts, numbers and staff. `verified_until`: when the first of the required verifications
    runs out, None when one is missing. `assessed_at`: of the current risk assessment, None without one.
    `address`: the kind of place a visit goes to. `last_contact_at`: also one that lies in the future of `at`.
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
    address: str = ""
    places: Places = ()
    policies: tuple[str, ...] = ()
    quiet_hours: tuple[QuietHours, ...] = ()
    overrides: tuple[GrantedOverride, ...] = ()
    assessed_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()
    last_contact_at: datetime | None = None
    third_party: ThirdPartyFacts | None = None
    calendar: Calendar = NO_CALENDAR

    def moved_to(self, at: datetime) -> Self:
        """The same facts for the same contact at another instant."""
        return replace(self, at=at, until=at + (self.until - self.at))

    def day_kinds(self, day: date) -> frozenset[DayKind]:
        """What kind of day it is in each place the customer may be in."""
        return self.calendar.kinds_of(self.places, day)
