"""What a kept or broken promise means for the customer's case and for the picture risk has of the customer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from followups.days import local_date
from followups.models import Promise
from followups.models.promises import PromiseStatus
from followups.settling import Verdict
from risk.behaviour import note_promises_of_many

REMIND_AGAIN_AFTER = timedelta(days=7)
BROKEN_PROMISES_FOR_A_SUPERVISOR = 2

# Only these next actions give way: a dispute, a hardship plan or a planned visit is not put aside by a payment.
GIVES_WAY = frozenset({NextAction.AWAIT_PAYMENT, NextAction.CALL, NextAction.REMIND, NextAction.WATCH})


@dataclass(frozen=True)
class PromisesOfCase:
    """What has just been found out about the promises of one case, and how all of them stand now."""

    news: frozenset[Verdict]
    broken: int
    open_until: tuple[date, ...]


def next_action(promises: PromisesOfCase, *, today: date) -> tuple[NextAction, date]:
    """A broken promise asks for a call, the second for the supervisor; a kept one for patience with the rest."""
    if Verdict.BROKEN in promises.news and promises.broken >= BROKEN_PROMISES_FOR_A_SUPERVISOR:
        return NextAction.SUPERVISOR, today
    if promises.news & {Verdict.BROKEN, Verdict.PARTIAL}:
        return NextAction.CALL, today
    if promises.open_until:
        return NextAction.AWAIT_PAYMENT, min(promises.open_until)
    return NextAction.REMIND, today + REMIND_AGAIN_AFTER


def draw_consequences(news: Mapping[UUID, Verdict], *, by: User, now: datetime) -> None:
    """Set the next actions of the open cases whose promises (by id) were judged anew, and tell risk. Set-wise."""
    if not news:
        return
    cases = Promise.objects.filter(pk__in=news).values("case")
    promises = list(Promise.objects.filter(case__in=cases))
    _set_next_actions(promises, news, by=by, now=now)
    _tell_risk({promise.customer_id for promise in promises}, by=by, now=now)


def _set_next_actions(
    promises: Sequence[Promise], news: Mapping[UUID, Verdict], *, by: User, now: datetime
) -> None:
    of_case: dict[UUID, list[Promise]] = defaultdict(list)
    for promise in promises:
        of_case[promise.case_id].append(promise)
    cases = Case.objects.open().filter(pk__in=of_case, next_action__in=GIVES_WAY).select_related("branch")
    steps = []
    for case in cases:
        today = local_date(now, zone=case.branch.time_zone)
        action, on = next_action(_how_they_stand(of_case[case.pk], news), today=today)
        steps.append(NextStep(case.pk, action, on, Stage.FOLLOW_UP))
    set_next_actions(steps, by=by, now=now)


def _how_they_stand(promises: Iterable[Promise], news: Mapping[UUID, Verdict]) -> PromisesOfCase:
    promises = list(promises)
    return PromisesOfCase(
        news=frozenset(news[promise.pk] for promise in promises if promise.pk in news),
        broken=Counter(promise.status for promise in promises)[PromiseStatus.BROKEN],
        open_until=tuple(promise.last_day for promise in promises if promise.status == PromiseStatus.OPEN),
    )


def _tell_risk(customers: Iterable[UUID], *, by: User, now: datetime) -> None:
    totals = (
        Promise.objects.filter(customer__in=customers)
        .values("customer")
        .annotate(
            kept=Count("pk", filter=Q(status=PromiseStatus.KEPT)),
            broken=Count("pk", filter=Q(status=PromiseStatus.BROKEN)),
        )
        .values_list("customer", "kept", "broken")
    )
    note_promises_of_many({customer: (kept, broken) for customer, kept, broken in totals}, by=by, now=now)
