"""Of any contact, made or refused: who asked, when, what was answered, under which rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value

from accounts import vault
from accounts.models import User
from compliance.models import Clearance, Refusal
from compliance.terms import Channel, Purpose

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What to look for; empty means any. `before` pages on: decisions older than that instant."""

    since: datetime
    until: datetime
    customer: str = ""
    channel: str = ""
    rule: str = ""
    branch: str = ""
    person: str = ""
    answer: str = ""  # YES, NO or OVERRIDDEN
    before: datetime | None = None


@dataclass(frozen=True)
class Decided:
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

    The whole ledger is never counted; the index on customer or time finds the page.
    """
    found = []
    if wanted.answer in ("", "YES", "OVERRIDDEN"):
        found.append(_rows(Clearance.objects.visible_to(user), wanted, "hits", then=None))
    if wanted.answer in ("", "NO"):
        found.append(_rows(Refusal.objects.visible_to(user), wanted, "reasons", then=F("next_allowed_at")))
    rows = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    return [_decided(row) for row in rows.order_by("-decided_at", "id")[: PAGE + 1]]


def _rows(ledger: QuerySet[Any], wanted: Wanted, said: str, *, then: F | None) -> QuerySet[Any]:
    until = min(wanted.until, wanted.before) if wanted.before else wanted.until
    rows = ledger.filter(decided_at__gte=wanted.since, decided_at__lt=until)
    narrowed = {
        "customer__bank_number": wanted.customer,
        "channel": wanted.channel,
        "customer__branch__code": wanted.branch,
        "asked_by__username": wanted.person,
    }
    rows = rows.filter(**{path: value for path, value in narrowed.items() if value})
    if wanted.rule:
        rows = rows.filter(**{f"{said}__contains": [{"rule": wanted.rule}]})
    if wanted.answer == "OVERRIDDEN":
        rows = rows.filter(override_use__isnull=False)
    kind = "YES" if said == "hits" else "NO"
    found: QuerySet[Any] = rows.order_by().annotate(
        kind=Value(kind, output_field=CharField()),
        branch=F("customer__branch__name"),
        person=F("asked_by__username"),
        said=F(said),
        then=then if then is not None else Value(None, output_field=Refusal._meta.get_field("next_allowed_at")),
    ).values_list(*COLUMNS)  # fmt: skip
    return found


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
