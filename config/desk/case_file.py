"""Everything known about one customer and their case, on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Account, Address, Case, Phone, User, Verification
from accounts.models.verification import REQUIRED, Kind, Status
from compliance.area_restrictions import areas_of
from compliance.reading import restrictions_visible_to
from config.desk.complaints import ComplaintLine, complaints_of
from config.desk.contact_people import PersonLine, people_of
from config.desk.doors import Door, Refused, doors, refusals_of
from config.desk.money import Money
from config.desk.repayment import AccountLine, account_lines
from config.desk.scope import BranchDay
from config.desk.timeline import Happening, timeline
from followups.models import FollowUp, Message, Promise
from risk.models import Assessment, Standing
from risk.wording import DIMENSIONS, known_of, reasons_of
from visits.models import Visit

SHOWN = 10


@dataclass(frozen=True)
class Check:
    """One item of the checklist. `state` is valid, invalid, expired or missing."""

    kind: Kind
    state: str
    item: Verification | None


@dataclass(frozen=True)
class Dimension:
    """One score of the assessment with its reasons as sentences."""

    name: str
    score: int
    dangerous_when_high: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    assessment: Assessment
    known: str
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class PromiseLine:
    promise: Promise
    amount: Money
    paid: Money


@dataclass(frozen=True)
class CaseFile:
    """`rows` of each kind are the newest ten; everything older is in the lists of the admin."""

    case: Case
    day: BranchDay
    overdue: Money
    balance: Money
    phones: tuple[Phone, ...]
    people: tuple[PersonLine, ...]
    addresses: tuple[Address, ...]
    checks: tuple[Check, ...]
    accounts: tuple[AccountLine, ...]
    finding: Finding | None
    restrictions: tuple[Any, ...]
    complaints: tuple[ComplaintLine, ...]
    doors: tuple[Door, ...]
    refusals: tuple[Refused, ...]
    visits: tuple[Visit, ...]
    promises: tuple[PromiseLine, ...]
    messages: tuple[Message, ...]
    follow_ups: tuple[FollowUp, ...]
    happenings: list[Happening]

    @property
    def days_past_due(self) -> int | None:
        since = self.case.oldest_unpaid_due_on
        return (self.day.today - since).days if since else None


def open_case_file(case_id: UUID, *, user: User, now: datetime) -> CaseFile:
    """The file of a case the user may see. Raises Case.DoesNotExist. A constant number of queries."""
    visible = Case.objects.visible_to(user).select_related("customer", "branch")
    case = visible.defer("customer__identity_number_sealed").get(pk=case_id)
    customer = case.customer
    of_case = {"case": case}
    return CaseFile(
        case=case,
        day=BranchDay(case.branch, now),
        overdue=Money(case.overdue_amount, case.currency),
        balance=Money(case.balance, case.currency),
        phones=tuple(customer.phones.order_by("withdrawn_at", "kind").defer("number_sealed")),
        people=people_of(case, user=user, now=now),
        addresses=tuple(customer.addresses.order_by("-confidence", "pk")),
        checks=tuple(_checks(customer.verifications.select_related("checked_by"), now)),
        accounts=account_lines(_accounts(customer.accounts.all())),
        finding=_finding(case),
        complaints=complaints_of(customer, user=user, day=BranchDay(case.branch, now)),
        restrictions=(
            *restrictions_visible_to(user).filter(customer=customer).in_force(at=now),
            *areas_of(customer).in_force(at=now),
        ),
        doors=doors(customer.pk, now=now),
        refusals=refusals_of(customer.pk, user=user),
        visits=tuple(_visits(Visit.objects.visible_to(user).filter(**of_case))),
        promises=tuple(_promises(Promise.objects.visible_to(user).filter(**of_case))),
        messages=tuple(Message.objects.visible_to(user).filter(**of_case).order_by("-queued_at")[:SHOWN]),
        follow_ups=tuple(FollowUp.objects.visible_to(user).filter(**of_case).order_by("-due_on")[:SHOWN]),
        happenings=timeline(case, user=user),
    )


def _accounts(rows: QuerySet[Account]) -> list[Account]:
    return list(rows.order_by("-overdue_amount", "reference"))


def _visits(rows: QuerySet[Visit]) -> Iterable[Visit]:
    told = rows.select_related("team", "address", "record", "incident", "check_in", "check_out")
    return told.order_by("-planned_start")[:SHOWN]


def _promises(rows: QuerySet[Promise]) -> Iterable[PromiseLine]:
    for row in rows.order_by("-made_at")[:SHOWN]:
        yield PromiseLine(row, Money(row.amount, row.currency), Money(row.paid_amount, row.currency))


def _checks(items: Iterable[Verification], now: datetime) -> Iterable[Check]:
    found = {item.kind: item for item in items}
    return (Check(kind, _state(found.get(kind), now), found.get(kind)) for kind in REQUIRED)


def _state(item: Verification | None, now: datetime) -> str:
    if item is None:
        return "missing"
    if item.status == Status.INVALID:
        return "invalid"
    return "expired" if item.expires_at <= now else "valid"


def _finding(case: Case) -> Finding | None:
    standing = Standing.objects.filter(case=case).select_related("assessment").first()
    if standing is None:
        return None
    assessment = standing.assessment
    dimensions = tuple(
        Dimension(str(DIMENSIONS[code]), getattr(assessment, code), code == "safety", tuple(sentences))
        for code, sentences in reasons_of(assessment).items()
    )
    return Finding(assessment, known_of(assessment), dimensions)
