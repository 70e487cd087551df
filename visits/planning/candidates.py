"""Whom a visit could do good today: open, assessed, verified, findable, and worth the way. A constant number of
queries, whatever the size of the branch.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, QuerySet, Value, When

from accounts.models import Address, Branch, Case, verified_customers
from accounts.models.cases import NextAction, Stage
from accounts.models.customers import AddressKind
from risk.models import SafetyBand, Strategy
from visits.models import Visit
from visits.planning.prize import prize

NOT_WORTH_TRUSTING = 25  # percent
SERVICE_MINUTES = {Strategy.REMIND: 30, Strategy.FIRM: 30, Strategy.LISTEN: 45, Strategy.VERIFY: 40}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be visited, with everything planning needs of it. `prize` is in the case's currency."""

    case_id: UUID
    customer_id: UUID
    assessment_id: int
    address_id: UUID
    address_kind: str
    latitude: float
    longitude: float
    zones: tuple[str, ...]
    tier: str
    strategy: Strategy
    safety_band: SafetyBand
    service_minutes: int
    prize: Decimal
    currency: str
    reasons: tuple[str, ...]


def candidates_of(branch: Branch, *, date: date, at: datetime) -> tuple[list[Candidate], Counter[str]]:
    """The branch's candidates for this local date, the most valuable first, and how many cases fell out and why.

    `at` is the end of the working day: a verification must last until then.
    """
    wanted = Case.objects.open().filter(
        branch=branch,
        stage=Stage.PLANNING,
        next_action=NextAction.VISIT,
        next_action_on__lte=date,
        overdue_amount__gt=0,
        standing__isnull=False,
    )
    addresses = _best_addresses(wanted, branch)
    found: list[Candidate] = []
    left_out: Counter[str] = Counter()
    for row in _rows(wanted, at=at):
        candidate = _candidate(row, addresses.get(row["customer_id"]))
        if isinstance(candidate, str):
            left_out[candidate] += 1
        else:
            found.append(candidate)
    return sorted(found, key=lambda one: (-one.prize, one.case_id)), left_out


def _rows(wanted: QuerySet[Case], *, at: datetime) -> Iterable[Mapping[str, Any]]:
    return wanted.values(
        "pk",
        "customer_id",
        "overdue_amount",
        "currency",
        "customer__time_zones",
        "standing__assessment_id",
        "standing__assessment__tier",
        "standing__assessment__strategy",
        "standing__assessment__safety_band",
        "standing__assessment__reasons",
        verified=Exists(verified_customers(at=at).filter(pk=OuterRef("customer"))),
        visited=Exists(Visit.objects.live().filter(customer=OuterRef("customer"))),
    )


def _candidate(row: Mapping[str, Any], address: Mapping[str, Any] | None) -> Candidate | str:
    """The candidate, or the reason why this case is none."""
    band = SafetyBand(row["standing__assessment__safety_band"])
    if row["visited"]:
        return "VISIT_ALREADY_PLANNED"
    if not row["verified"]:
        return "NOT_VERIFIED"
    if band == SafetyBand.NO_VISIT:
        return "NO_VISIT"
    if address is None:
        return "NO_USABLE_ADDRESS"
    strategy = Strategy(row["standing__assessment__strategy"])
    tier = row["standing__assessment__tier"]
    worth = prize(
        overdue=row["overdue_amount"],
        currency=row["currency"],
        tier=tier,
        address_confidence=address["confidence"],
        service_minutes=SERVICE_MINUTES[strategy],
    )
    if worth <= 0:
        return "NOT_WORTH_THE_WAY"
    return Candidate(
        case_id=row["pk"],
        customer_id=row["customer_id"],
        assessment_id=row["standing__assessment_id"],
        address_id=address["pk"],
        address_kind=address["kind"],
        latitude=float(address["latitude"]),
        longitude=float(address["longitude"]),
        zones=tuple(row["customer__time_zones"]),
        tier=tier,
        strategy=strategy,
        safety_band=band,
        service_minutes=SERVICE_MINUTES[strategy],
        prize=worth,
        currency=row["currency"],
        reasons=tuple(reason["characteristic"] for reason in row["standing__assessment__reasons"]),
    )


def _best_addresses(wanted: QuerySet[Case], branch: Branch) -> Mapping[UUID, Mapping[str, Any]]:
    """Each customer's most trusted address with coordinates in the branch's datum; the residence when in doubt."""
    kinds = [AddressKind.RESIDENCE, AddressKind.REGISTERED, AddressKind.WORK]
    nearness = Choose(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(kinds)))
    rows = (
        Address.objects.filter(
            customer__in=wanted.values("customer"),
            latitude__isnull=False,
            datum=branch.datum,
            confidence__gte=NOT_WORTH_TRUSTING,
        )
        .order_by("customer", "-confidence", nearness)
        .distinct("customer")
        .values("pk", "customer_id", "latitude", "longitude", "confidence", "kind")
    )
    return {row["customer_id"]: row for row in rows}
