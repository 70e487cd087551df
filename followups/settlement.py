"""Promises meet the payments of the feed: which were kept, which were not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Payment, User
from accounts.models.cases import CaseStatus
from followups.consequences import draw_consequences
from followups.days import end_of_day
from followups.models import Promise, PromisePayment
from followups.models.promises import PromiseStatus
from followups.settling import Paid, Part, Promised, Verdict, appropriate, judge

# How long after its day a settled promise is looked at again, for payments imported late or reversed.
LOOKED_AT_AGAIN = timedelta(days=90)

LOOKED_AT = (
    "amount",
    "currency",
    "made_at",
    "due_on",
    "grace_days",
    "status",
    "paid_amount",
    "customer",
)


@dataclass(frozen=True)
class Judged:
    promise: Promise
    verdict: Verdict
    paid: Decimal

    @property
    def is_news(self) -> bool:
        return self.verdict != self.promise.status


def settle_promises(*, by: User, now: datetime) -> int:
    """Judge every open promise, and those of the last 90 days anew. Returns how many changed their status.

    Set-wise, whatever the number of promises; at most one settlement runs at a time.
    """
    with transaction.atomic():
        _wait_for_other_settlements()
        judged = _judge_all(now=now)
        changed = _keep_verdicts(judged, now=now)
        news = {one.promise.pk: one.verdict for one in judged if one.is_news and one.promise.pk in changed}
        draw_consequences(news, by=by, now=now)
    return len(news)


def _wait_for_other_settlements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('followups.settlement'))")


def _judge_all(*, now: datetime) -> list[Judged]:
    promises = _promises_to_judge(now=now)
    payments = _payments_towards(promises)
    parts: list[Part] = []
    facts = {promise.pk: _facts(promise) for promise in promises}
    for customer, theirs in _by_customer(promises).items():
        parts += appropriate([facts[promise.pk] for promise in theirs], payments[customer])
    _keep_parts(promises, parts)
    paid: dict[UUID, Decimal] = defaultdict(Decimal)
    for part in parts:
        paid[part.promise] += part.amount
    return [
        Judged(promise, judge(facts[promise.pk], paid=paid[promise.pk], now=now), paid[promise.pk])
        for promise in promises
    ]


def _customers_to_look_at(*, now: datetime) -> QuerySet[Promise, UUID]:
    recent = Q(due_on__gte=(now - LOOKED_AT_AGAIN).date()) & ~Q(status=PromiseStatus.CANCELLED)
    promises = Promise.objects.filter(Q(status=PromiseStatus.OPEN) | recent)
    return cast("QuerySet[Promise, UUID]", promises.values("customer"))


def _promises_to_judge(*, now: datetime) -> list[Promise]:
    """With all earlier promises of these customers: what counted for one of them does not count again."""
    customers = _customers_to_look_at(now=now)
    rows = Promise.objects.filter(customer__in=customers).exclude(status=PromiseStatus.CANCELLED)
    return list(
        rows.select_related("case__branch").only(*LOOKED_AT, "case__status", "case__branch__time_zone")
    )


def _by_customer(promises: Iterable[Promise]) -> dict[UUID, list[Promise]]:
    theirs: dict[UUID, list[Promise]] = defaultdict(list)
    for promise in promises:
        theirs[promise.customer_id].append(promise)
    return theirs


def _facts(promise: Promise) -> Promised:
    return Promised(
        id=promise.pk,
        amount=promise.amount,
        currency=promise.currency,
        made_at=promise.made_at,
        closes_at=end_of_day(promise.last_day, zone=promise.case.branch.time_zone),
        pointless=promise.status == PromiseStatus.OPEN and promise.case.status == CaseStatus.CLOSED,
    )


def _payments_towards(promises: Sequence[Promise]) -> Mapping[UUID, list[Paid]]:
    payments: dict[UUID, list[Paid]] = defaultdict(list)
    if not promises:
        return payments
    rows = Payment.objects.filter(
        account__customer__in={promise.customer_id for promise in promises},
        received_at__gte=min(promise.made_at for promise in promises),
    ).values_list("account__customer", "pk", "amount", "account__currency", "received_at", "reversed_at")
    for customer, pk, amount, currency, received_at, reversed_at in rows:
        payments[customer].append(
            Paid(pk, amount, currency, received_at, is_reversed=reversed_at is not None)
        )
    return payments


def _keep_parts(promises: Sequence[Promise], parts: Sequence[Part]) -> None:
    """Write only what differs from what is there."""
    wanted = {(part.promise, part.payment): part.amount for part in parts}
    rows = PromisePayment.objects.filter(promise__in=[promise.pk for promise in promises])
    there = {
        (promise, payment): (pk, amount)
        for pk, promise, payment, amount in rows.values_list("pk", "promise", "payment", "amount")
    }
    gone = [pk for key, (pk, _amount) in there.items() if key not in wanted]
    if gone:
        PromisePayment.objects.filter(pk__in=gone).delete()
    PromisePayment.objects.bulk_create(
        [
            PromisePayment(promise_id=promise, payment_id=payment, amount=amount)
            for (promise, payment), amount in wanted.items()
            if (promise, payment) not in there or there[promise, payment][1] != amount
        ],
        update_conflicts=True,
        unique_fields=["promise", "payment"],
        update_fields=["amount"],
    )


def _keep_verdicts(judged: Sequence[Judged], *, now: datetime) -> set[UUID]:
    """Compare-and-swap on the status each promise was read with. Returns the promises that were written."""
    differing = [one for one in judged if one.is_news or one.paid != one.promise.paid_amount]
    if not differing:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE followups_promise AS p SET status = v.new, paid_amount = v.paid, settled_at =
                CASE WHEN v.new = 'OPEN' THEN NULL WHEN v.new = v.old THEN p.settled_at ELSE %s END
            FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::numeric[]) AS v (id, old, new, paid)
            WHERE p.id = v.id AND p.status = v.old
            RETURNING p.id
            """,
            [
                now,
                [one.promise.pk for one in differing],
                [one.promise.status for one in differing],
                [str(one.verdict) for one in differing],
                [one.paid for one in differing],
            ],
        )
        return {row[0] for row in cursor.fetchall()}
