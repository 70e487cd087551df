"""What happened with the customers and what binds them, over everything the bank has of the same person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar

from compliance.areas import AreaRule
from compliance.facts import GrantedOverride, PastContact, QuietHours, Restriction
from compliance.loading.people import rows_of

LOOK_BACK = timedelta(days=35)
A_DAY = 86_400

Found = TypeVar("Found")
OfCustomer = dict[str, tuple[Found, ...]]

CONTACTS = """
SELECT c.customer_id::text, c.channel, c.purpose, c.made_at, o.reached, c.phone_id::text, c.party,
    c.contact_person_id::text
FROM compliance_contact c LEFT JOIN compliance_contactoutcome o ON o.contact_id = c.id
WHERE c.customer_id = ANY(%(ids)s::uuid[]) AND c.made_at > %(since)s
ORDER BY c.made_at, c.id
"""

RESTRICTIONS = """
SELECT customer_id::text, kind, channels, starts_at, ends_at FROM compliance_restriction
WHERE customer_id = ANY(%(ids)s::uuid[]) AND lifted_at IS NULL
ORDER BY id
"""

QUIET_HOURS = """
SELECT customer_id::text, weekday, starts, ends FROM compliance_quiethours
WHERE customer_id = ANY(%(ids)s::uuid[]) AND lifted_at IS NULL
ORDER BY id
"""

OVERRIDES = """
SELECT o.customer_id::text, o.channel, o.id::text, o.rules, o.valid_until,
    coalesce((SELECT array_agg(u.purpose) FROM compliance_overrideuse u WHERE u.override_id = o.id), '{}')
FROM compliance_override o
WHERE o.customer_id = ANY(%(ids)s::uuid[]) AND o.status = 'APPROVED' AND o.valid_until > %(since)s
ORDER BY o.decided_at, o.id
"""


def load_contacts(ids: str, *, since: datetime) -> OfCustomer[PastContact]:
    found: dict[str, list[PastContact]] = defaultdict(list)
    for customer, channel, purpose, at, reached, phone, party, person in rows_of(
        CONTACTS, ids=ids, since=since
    ):
        found[customer].append(PastContact(channel, purpose, at, reached, phone or "", party, person or ""))
    return _frozen(found)


def load_restrictions(ids: str) -> OfCustomer[Restriction]:
    found: dict[str, list[Restriction]] = defaultdict(list)
    for customer, kind, channels, starts_at, ends_at in rows_of(RESTRICTIONS, ids=ids):
        found[customer].append(Restriction(kind, tuple(channels), starts_at, ends_at))
    return _frozen(found)


def load_quiet_hours(ids: str) -> OfCustomer[QuietHours]:
    found: dict[str, list[QuietHours]] = defaultdict(list)
    for customer, weekday, starts, ends in rows_of(QUIET_HOURS, ids=ids):
        found[customer].append(QuietHours(weekday, _seconds(starts), _seconds(ends) if ends else A_DAY))
    return _frozen(found)


def load_overrides(
    ids: str, *, since: datetime
) -> Mapping[tuple[str, str, str], tuple[GrantedOverride, ...]]:
    """Overrides by (customer, channel, purpose) that they have not been used for yet."""
    found: dict[tuple[str, str, str], list[GrantedOverride]] = defaultdict(list)
    for customer, channel, id_, rules, until, used in rows_of(OVERRIDES, ids=ids, since=since):
        granted = GrantedOverride(id_, tuple(rules), until)
        for purpose in ALL_PURPOSES:
            if purpose not in used and serves(channel, purpose, used):
                found[customer, channel, purpose].append(granted)
    return {key: tuple(some) for key, some in found.items()}


VISIT_PURPOSES = ("VISIT_PLAN", "VISIT_START")
OTHER_PURPOSES = (
    "VISIT_NOTICE",
    "VISIT_OFF",
    "PAYMENT_REMINDER",
    "PROMISE_REMINDER",
    "FOLLOW_UP_CALL",
    "INSTALMENT_NOTICE",
    "CONTACT_SEARCH",
    "COMPLAINT_ANSWER",
    "BUREAU_NOTICE",
)
ALL_PURPOSES = (*VISIT_PURPOSES, *OTHER_PURPOSES)


def serves(channel: str, purpose: str, used: Sequence[str]) -> bool:
    """A visit has a plan and a start, each once; everything else is one contact."""
    return purpose in VISIT_PURPOSES if channel == "VISIT" else not used


def area_restrictions(areas: Iterable[AreaRule], districts: Sequence[str]) -> tuple[Restriction, ...]:
    """The areas a customer's addresses lie in, as restrictions of their own."""
    return tuple(
        Restriction(area.kind, (), area.starts_at, area.ends_at)
        for area in areas
        if any(code.startswith(area.prefix) for code in districts)
    )


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _frozen(found: Mapping[str, list[Found]]) -> OfCustomer[Found]:
    return {customer: tuple(some) for customer, some in found.items()}
