"""How often: counted per person over all debts, numbers and staff, from the ledger of contacts."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compliance.facts import Facts
from compliance.rules.rule import Check, Found
from compliance.windows import all_known

REMINDERS = ("PAYMENT_REMINDER", "PROMISE_REMINDER")
WEEK = timedelta(days=7)


def _before(
    facts: Facts, *, channels: Iterable[str], purposes: Iterable[str] | None = None
) -> list[datetime]:
    wanted, purposes = set(channels), set(purposes) if purposes is not None else None
    return sorted(
        one.at
        for one in facts.contacts
        if one.channel in wanted and one.at <= facts.at and (purposes is None or one.purpose in purposes)
    )


def rolling(
    *, most: int, period: timedelta, channels: tuple[str, ...], counted: tuple[str, ...] | None
) -> Check:
    """At most `most` counted contacts in any `period` that ends with this one.

    A contact exactly `period` ago no longer counts.
    """

    def check(facts: Facts) -> Found:
        if counted is not None and facts.purpose not in counted:
            return None
        recent = [at for at in _before(facts, channels=channels, purposes=counted) if at > facts.at - period]
        if len(recent) < most:
            return None
        saw: dict[str, object] = {"made": len(recent), "most": most, "days": period.days}
        return saw, recent[len(recent) - most] + period

    return check


def per_local_day(*, most: int, channels: tuple[str, ...], counted: tuple[str, ...] | None) -> Check:
    """At most `most` counted contacts on one calendar day of the customer, in any zone they may be in."""

    def check(facts: Facts) -> Found:
        if not all_known(facts.zones) or (counted is not None and facts.purpose not in counted):
            return None
        made = max(_made_on_the_day(facts, zone, channels, counted) for zone in facts.zones)
        if made < most:
            return None
        return {"made": made, "most": most}, max(_midnight_after(facts.at, zone) for zone in facts.zones)

    return check


def _made_on_the_day(
    facts: Facts, zone: str, channels: tuple[str, ...], counted: tuple[str, ...] | None
) -> int:
    local = ZoneInfo(zone)
    today = facts.at.astimezone(local).date()
    made = _before(facts, channels=channels, purposes=counted)
    return sum(at.astimezone(local).date() == today for at in made)


def _midnight_after(at: datetime, zone: str) -> datetime:
    local = ZoneInfo(zone)
    tomorrow = at.astimezone(local).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=local).astimezone(UTC)
