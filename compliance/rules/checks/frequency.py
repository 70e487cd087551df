"""How often: counted per person over all debts, numbers and staff, from the ledger of contacts.

Three ways of counting, said by each rule: rolling (a contact exactly the period ago no longer counts), by calendar
day of the customer (in the zone that counts most), and by days of which the conversation's is the first.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from compliance.facts import Facts, PastContact
from compliance.rules.rule import VISIT, VOICE, Check, Decision, Found, Params
from compliance.windows import all_known, local, midnight_after

REMINDERS = frozenset({"PAYMENT_REMINDER", "PROMISE_REMINDER"})
SHORT_MESSAGES = ("SMS", "IM", "PUSH", "EMAIL")
# What the customer asked for, agreed to, or must be told: it does not count as pressing them.
SERVICE = frozenset({"VISIT_NOTICE", "INSTALMENT_NOTICE", "COMPLAINT_ANSWER", "BUREAU_NOTICE"})

NEVER = datetime.max.replace(tzinfo=UTC)

Counts = Callable[[PastContact], bool]


def is_effective(contact: PastContact) -> bool:
    """A conversation: a call or visit that reached somebody, or of which nobody has said yet that it did not."""
    return contact.channel in (*VISIT, *VOICE) and contact.reached is not False


def everything(contact: PastContact) -> bool:  # noqa: ARG001
    return True


def by_channel(*channels: str) -> Counts:
    return lambda contact: contact.channel in channels


def conversations_by(*channels: str) -> Counts:
    return lambda contact: contact.channel in channels and is_effective(contact)


def reminders(contact: PastContact) -> bool:
    return contact.channel in SHORT_MESSAGES and contact.purpose in REMINDERS


def _made(facts: Facts, counts: Counts) -> list[datetime]:
    """When the contacts that count were made, up to the moment asked about; those with third parties are apart."""
    return sorted(
        one.at for one in facts.contacts if one.at <= facts.at and one.party == facts.party and counts(one)
    )


def _rolling(made: Sequence[datetime], at: datetime, most: int, period: timedelta) -> Found | None:
    recent = [when for when in made if when > at - period]
    if len(recent) < most:
        return None
    return Found(
        {"made": len(recent), "most": most, "days": period.days}, recent[len(recent) - most] + period
    )


def rolling(counts: Counts, *, only: frozenset[str] | None = None) -> Check:
    """At most `most` counted contacts in any `days` days that end with this one."""

    def check(facts: Facts, params: Params) -> Found | None:
        if only is not None and facts.purpose not in only:
            return None
        return _rolling(_made(facts, counts), facts.at, params["most"], timedelta(days=params["days"]))

    return check


def rolling_all_and_conversations(facts: Facts, params: Params) -> Found | None:
    """At most `most` contacts in seven days, of which at most `conversations` reached the customer."""
    week = timedelta(days=params["days"])
    all_of_them = _rolling(_made(facts, everything), facts.at, params["most"], week)
    reached = (
        _rolling(_made(facts, is_effective), facts.at, params["conversations"], week)
        if facts.channel in (*VISIT, *VOICE)
        else None
    )
    return _later(all_of_them, reached)


def _later(*found: Found | None) -> Found | None:
    """The one that lasts longer: until then the rule has something to say."""
    told = [one for one in found if one]
    return max(told, key=lambda one: one.next or NEVER, default=None)


def per_local_day(counts: Counts, *, only: frozenset[str] | None = None) -> Check:
    """At most `most` counted contacts on one calendar day of the customer, in any zone they may be in."""

    def check(facts: Facts, params: Params) -> Found | None:
        if only is not None and facts.purpose not in only:
            return None
        return _per_day(facts, _made(facts, counts), params["most"])

    return check


def usual_and_most_per_local_day(counts_for: Callable[[Facts], Counts]) -> Check:
    """Up to `usual` a calendar day; beyond that two people decide, and from `most` on nobody may."""

    def check(facts: Facts, params: Params) -> Found | None:
        made = _made(facts, counts_for(facts))
        found = _per_day(facts, made, min(params["usual"], params["most"]))
        if found and (outermost := _per_day(facts, made, params["most"])):
            return Found(outermost.saw, found.next, Decision.FORBID)
        return found

    return check


def _per_day(facts: Facts, made: Iterable[datetime], most: int) -> Found | None:
    if not all_known(facts.zones):
        return None
    made = list(made)
    counted = {zone: _on_the_day(facts.at, made, zone) for zone in facts.zones}
    full = [zone for zone, count in counted.items() if count >= most]
    if not full:
        return None
    saw = {"made": max(counted.values()), "most": most}
    return Found(saw, max(midnight_after(facts.at, zone) for zone in full))


def _on_the_day(at: datetime, made: Iterable[datetime], zone: str) -> int:
    today = local(at, zone).date()
    return sum(local(when, zone).date() == today for when in made)


def same_number(facts: Facts) -> Counts:
    """Calls to the number that is to be called; a call whose number nobody kept counts for every number."""
    return lambda one: one.channel in VOICE and (not facts.number or one.number in ("", facts.number))


def any_conversation_by_voice(facts: Facts) -> Counts:  # noqa: ARG001
    return conversations_by(*VOICE)


def too_soon(counts: Counts, *, spares: frozenset[str] = frozenset()) -> Check:
    """Less than `hours` after the last counted contact."""

    def check(facts: Facts, params: Params) -> Found | None:
        if facts.purpose in spares:
            return None
        made = _made(facts, counts)
        if not made or (again := made[-1] + timedelta(hours=params["hours"])) <= facts.at:
            return None
        return Found({"last": made[-1].isoformat(), "hours": params["hours"]}, again)

    return check


def too_soon_by_days(counts: Counts) -> Check:
    """Within `days` consecutive days of the customer of which that of the last counted contact is the first."""

    def check(facts: Facts, params: Params) -> Found | None:
        made = _made(facts, counts)
        if not made or not all_known(facts.zones):
            return None
        again = max(midnight_after(made[-1], zone, days=params["days"]) for zone in facts.zones)
        if again <= facts.at:
            return None
        return Found({"last": made[-1].isoformat(), "days": params["days"]}, again)

    return check


def visits_too_often(facts: Facts, params: Params) -> Found | None:
    """Never twice in `days` days, met or not; having met somebody, once in `days_met` days unless two people decide."""
    at_all = _rolling(_made(facts, by_channel(*VISIT)), facts.at, 1, timedelta(days=params["days"]))
    if at_all:
        return Found(at_all.saw, at_all.next, Decision.FORBID)
    met = _made(facts, conversations_by(*VISIT))
    return _rolling(met, facts.at, params["most_met"], timedelta(days=params["days_met"]))
