"""Facts for any number of intended contacts, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.models import Case, Customer, Verification
from accounts.models.verification import REQUIRED, Status
from compliance.facts import Facts, PastContact, Restriction
from compliance.models import Contact
from compliance.models import Restriction as RestrictionRow
from compliance.terms import Channel, Party, Purpose
from risk.models import Standing

LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Ask:
    """One intended contact with a customer from `at` until `until` (aware instants; equal when it takes no time).

    For an act, `at` is now; for a plan, the planned start. `staff` is how many members of staff would be present.
    """

    customer_id: UUID
    channel: Channel
    purpose: Purpose
    at: datetime
    until: datetime
    staff: int = 0
    party: Party = Party.DEBTOR
    phone_id: UUID | None = None
    contact_person_id: UUID | None = None


@dataclass(frozen=True)
class _Person:
    zones: tuple[str, ...]
    birth_date: date | None


def load_facts(asks: Sequence[Ask]) -> dict[Ask, Facts]:
    """What the rules need to know about each ask. Six queries, for one ask or a hundred thousand."""
    ids = {ask.customer_id for ask in asks}
    if not ids:
        return {}
    first, last = min(ask.at for ask in asks), max(ask.at for ask in asks)
    people = _people(ids)
    owing = _owing(ids)
    restrictions = _restrictions(ids)
    contacts = _contacts(ids, since=first - LOOK_BACK, until=last)
    verified = _verified_until(ids)
    bands = _safety_bands(ids)
    return {
        ask: Facts(
            channel=ask.channel.value,
            purpose=ask.purpose.value,
            at=ask.at,
            until=ask.until,
            zones=people[ask.customer_id].zones,
            owes=ask.customer_id in owing,
            restrictions=restrictions.get(ask.customer_id, ()),
            contacts=contacts.get(ask.customer_id, ()),
            staff=ask.staff,
            party=ask.party.value,
            number=str(ask.phone_id) if ask.phone_id else "",
            person=str(ask.contact_person_id) if ask.contact_person_id else "",
            verified_until=verified.get(ask.customer_id),
            safety_band=bands.get(ask.customer_id, ""),
            birth_date=people[ask.customer_id].birth_date,
        )
        for ask in asks
    }


def _people(ids: Iterable[UUID]) -> dict[UUID, _Person]:
    rows = Customer.objects.filter(pk__in=ids).values_list("pk", "time_zones", "birth_date")
    return {pk: _Person(tuple(zones), born) for pk, zones, born in rows}


def _owing(ids: Iterable[UUID]) -> set[UUID]:
    rows = Case.objects.open().filter(customer_id__in=ids, overdue_amount__gt=0)
    return set(rows.values_list("customer_id", flat=True))


def _restrictions(ids: Iterable[UUID]) -> dict[UUID, tuple[Restriction, ...]]:
    found: dict[UUID, list[Restriction]] = defaultdict(list)
    rows = RestrictionRow.objects.filter(customer_id__in=ids, lifted_at__isnull=True).order_by("pk")
    for row in rows.only("customer_id", "kind", "channels", "starts_at", "ends_at"):
        one = Restriction(row.kind, tuple(row.channels), row.starts_at, row.ends_at)
        found[row.customer_id].append(one)
    return {customer: tuple(some) for customer, some in found.items()}


def _contacts(
    ids: Iterable[UUID], *, since: datetime, until: datetime
) -> dict[UUID, tuple[PastContact, ...]]:
    found: dict[UUID, list[PastContact]] = defaultdict(list)
    rows = Contact.objects.filter(customer_id__in=ids, made_at__gt=since, made_at__lte=until)
    for customer, channel, purpose, at in rows.order_by("made_at").values_list(
        "customer_id", "channel", "purpose", "made_at"
    ):
        found[customer].append(PastContact(channel, purpose, at))
    return {customer: tuple(some) for customer, some in found.items()}


def _verified_until(ids: Iterable[UUID]) -> dict[UUID, datetime]:
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    rows = Verification.objects.filter(customer_id__in=ids, status=Status.VALID, kind__in=REQUIRED)
    for customer, kind, expires_at in rows.values_list("customer_id", "kind", "expires_at"):
        found[customer][kind] = expires_at
    return {customer: min(items.values()) for customer, items in found.items() if len(items) == len(REQUIRED)}


def _safety_bands(ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = Standing.objects.filter(case__customer_id__in=ids, case__status="OPEN")
    return dict(rows.values_list("case__customer_id", "assessment__safety_band"))
