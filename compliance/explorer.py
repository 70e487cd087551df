"""Of any contact, made or refused: who asked, when, what was answered, under which rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Q, QuerySet, Value

from accounts import vault
from accounts.models import User
from compliance.models import Clearance, Refusal
from compliance.terms import Channel, Purpose

PAGE = 50
NEVER = Value(None, output_field=DateTimeField())


class Place(NamedTuple):
    """Where a decision stands in the list: the newest first, and among those of one instant by id."""

    decided_at: datetime
    id: UUID


@dataclass(frozen=True)
class Wanted:
    """What to look for; empty means any. `after` pages on: what follows that decision in the list."""

    since: datetime
    until: datetime
    customer: str = ""
    channel: str = ""
    rule: str = ""
    branch: str = ""
    person: str = ""
    answer: str = ""  # YES, NO or OVERRIDDEN
    after: Place | None = None


@dataclass(frozen=True)
class Decided:
    """One line of the list. `rules` stopped the contact, or had something to say to one that was allowed."""

    id: UUID
    allowed: bool
    decided_at: datetime
    at: datetime
    customer: str
    branch: str
    channel: str
    purpose: str
    asked_by: str
    rules: tuple[str, ...]
    overridden: bool
    next_allowed_at: datetime | None

    @property
    def place(self) -> Place:
        return Place(self.decided_at, self.id)


ORDER = ("-decided_at", "-id")
COLUMNS = (
    "id",
    "kind",
    "decided_at",
    "at",
    "customer__bank_number",
    "customer__name",
    "branch",
    "channel",
    "purpose",
    "person",
    "said",
    "then",
)


def decisions(wanted: Wanted, *, user: User) -> list[Decided]:
    """The newest decisions that match, one page and one more to tell whether there are older ones. One query.

    The whole ledger is never counted: each ledger gives one page by its index on customer or time.
    """
    found = []
    if wanted.answer in ("", "YES", "OVERRIDDEN"):
        found.append(_rows(Clearance.objects.visible_to(user), wanted, "YES", said="hits", then=NEVER))
    if wanted.answer in ("", "NO"):
        then = F("next_allowed_at")
        found.append(_rows(Refusal.objects.visible_to(user), wanted, "NO", said="reasons", then=then))
    found = [rows for rows in found if not rows.query.is_empty()]
    if len(found) < 2:
        return [_decided(row) for rows in found for row in rows]
    return [_decided(row) for row in found[0].union(found[1], all=True).order_by(*ORDER)[: PAGE + 1]]


def _rows(ledger: QuerySet[Any], wanted: Wanted, kind: str, *, said: str, then: F | Value) -> QuerySet[Any]:
    narrowed = {
        "customer__bank_number": wanted.customer,
        "channel": wanted.channel,
        "customer__branch__code": wanted.branch,
        "asked_by__username": wanted.person,
        f"{said}__contains": [{"rule": wanted.rule}] if wanted.rule else "",
    }
    rows = ledger.filter(
        _after(wanted.after),
        decided_at__gte=wanted.since,
        decided_at__lt=wanted.until,
        **{path: value for path, value in narrowed.items() if value},
    )
    if wanted.answer == "OVERRIDDEN":
        rows = rows.filter(override_use__isnull=False)
    columns: QuerySet[Any] = rows.annotate(
        kind=Value(kind, output_field=CharField()),
        branch=F("customer__branch__name"),
        person=F("asked_by__username"),
        said=F(said),
        then=then,
    ).values_list(*COLUMNS)
    page: QuerySet[Any] = columns.order_by(*ORDER)[: PAGE + 1]
    return page


def _after(place: Place | None) -> Q:
    if place is None:
        return Q()
    same = Q(decided_at=place.decided_at, id__lt=place.id)
    return Q(decided_at__lte=place.decided_at) & (Q(decided_at__lt=place.decided_at) | same)


def _decided(row: Iterable[Any]) -> Decided:
    id_, kind, decided_at, at, number, name, branch, channel, purpose, person, said, then = row
    return Decided(
        id=id_,
        allowed=kind == "YES",
        decided_at=decided_at,
        at=at,
        customer=f"{vault.masked_name(name)} {number}",
        branch=branch,
        channel=str(Channel(channel).label),
        purpose=str(Purpose(purpose).label),
        asked_by=person,
        rules=tuple(one["rule"] for one in said),
        overridden=any(one.get("override") for one in said),
        next_allowed_at=then,
    )
