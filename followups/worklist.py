"""What people have to do: a follow-up for each finished visit, and for each case that is due for a person.

The case's next action is the truth. Follow-ups are drawn up from it and withdrawn when it has become another.
Every function is set-wise: a constant number of queries, however many cases.
"""

from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Case as Choice
from django.db.models import DateField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, Subquery, Value, When

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import CaseStatus, NextAction, Stage
from followups.days import local_date
from followups.models import FollowUp, Promise
from followups.models.actions import FollowUpKind, FollowUpStatus, Outcome
from visits.models import Visit
from visits.models.visits import Status

MOST = 2000
DAY = timedelta(days=1)
FINISHED = (Status.DONE, Status.ABORTED)
# A tick that was away for a month is a matter for people; older visits are not searched every minute.
SEARCHED_BACK = timedelta(days=30)

KINDS: dict[NextAction, FollowUpKind] = {
    NextAction.CALL: FollowUpKind.CALL,
    NextAction.CONTACT_SEARCH: FollowUpKind.CONTACT_SEARCH,
    NextAction.AWAIT_PAYMENT: FollowUpKind.CHECK_PAYMENT,
    NextAction.REMIND: FollowUpKind.REMIND,
    NextAction.WATCH: FollowUpKind.WATCH,
    NextAction.VERIFY: FollowUpKind.VERIFY,
    NextAction.VISIT: FollowUpKind.REVISIT,
    NextAction.LEGAL: FollowUpKind.LEGAL,
    NextAction.HARDSHIP_PLAN: FollowUpKind.HARDSHIP_PLAN,
    NextAction.RESOLVE_DISPUTE: FollowUpKind.RESOLVE_DISPUTE,
    NextAction.REPAIR_ADDRESS: FollowUpKind.REPAIR_ADDRESS,
    NextAction.SUPERVISOR: FollowUpKind.SUPERVISOR,
}

# Verifying, visiting, reminding and watching go on by themselves, and whom to ask about a customer is chosen by hand;
# the rest waits for a person once it is due.
FOR_A_PERSON = frozenset(KINDS) - {
    NextAction.VERIFY,
    NextAction.VISIT,
    NextAction.REMIND,
    NextAction.WATCH,
    NextAction.CONTACT_SEARCH,
}


@transaction.atomic
def queue_follow_ups(*, by: User, now: datetime) -> int:
    """Bring the to-do list in line with the cases. Returns how many follow-ups were drawn up."""
    await_the_promised_day(by=by, now=now)
    withdraw_overtaken(by=by, now=now)
    _keep_due_dates()
    of_visits = _draw_up(_of_finished_visits(by=by, now=now))
    return of_visits + _draw_up(_of_due_cases(by=by, now=now))


def _draw_up(follow_ups: list[FollowUp]) -> int:
    return len(FollowUp.objects.bulk_create(follow_ups, ignore_conflicts=True))


def await_the_promised_day(*, by: User, now: datetime) -> None:
    """A case that awaits a payment awaits it until its first open promise is due, whatever was said at the door."""
    last_day = ExpressionWrapper(F("due_on") + F("grace_days"), output_field=DateField())
    awaited = Promise.objects.open().filter(
        case__status=CaseStatus.OPEN, case__next_action=NextAction.AWAIT_PAYMENT
    )
    first = awaited.values("case", "case__stage", "case__next_action_on").annotate(until=Min(last_day))
    steps = [
        NextStep(row["case"], NextAction.AWAIT_PAYMENT, row["until"], Stage(row["case__stage"]))
        for row in first.exclude(until=F("case__next_action_on"))
    ]
    if steps:
        set_next_actions(steps, by=by, now=now)


def withdraw_overtaken(*, by: User, now: datetime) -> int:
    """Cancel what is no longer the case's next step. A call that was made stays until its outcome is told."""
    kind_of_case = Choice(
        *(When(case__next_action=action, then=Value(kind)) for action, kind in KINDS.items()),
        default=Value(""),
    )
    visited_again = Visit.objects.filter(
        case=OuterRef("case"), status__in=FINISHED, status_changed_at__gt=OuterRef("created_at")
    )
    overtaken = (
        FollowUp.objects.open()
        .filter(contact__isnull=True)
        .annotate(kind_of_case=kind_of_case)
        .filter(Q(case__status=CaseStatus.CLOSED) | ~Q(kind=F("kind_of_case")) | Exists(visited_again))
    )
    withdrawn: int = overtaken.update(
        status=FollowUpStatus.CANCELLED, outcome=Outcome.OVERTAKEN, done_at=now, done_by=by
    )
    return withdrawn


def _keep_due_dates() -> None:
    day_of_case = Case.objects.filter(pk=OuterRef("case")).values("next_action_on")[:1]
    moved = FollowUp.objects.open().exclude(due_on=F("case__next_action_on"))
    moved.filter(case__next_action_on__isnull=False).update(due_on=Subquery(day_of_case))


def _of_finished_visits(*, by: User, now: datetime) -> list[FollowUp]:
    finished = Visit.objects.filter(
        ~Exists(FollowUp.objects.filter(visit=OuterRef("pk"))),
        status__in=FINISHED,
        status_changed_at__gt=now - SEARCHED_BACK,
        case__status=CaseStatus.OPEN,
    )
    visits = finished.select_related("case").order_by("status_changed_at", "pk")[:MOST]
    return [_follow_up(visit.case, visit=visit, by=by, now=now) for visit in visits]


def _of_due_cases(*, by: User, now: datetime) -> list[FollowUp]:
    """A case that awaits a promised payment is judged by the payments, not by a person."""
    promised = Q(next_action=NextAction.AWAIT_PAYMENT) & Exists(
        Promise.objects.open().filter(case=OuterRef("pk"))
    )
    due = Case.objects.open().filter(
        ~Exists(FollowUp.objects.open().filter(case=OuterRef("pk"))),
        ~promised,
        next_action__in=FOR_A_PERSON,
        next_action_on__lte=(now + DAY).date(),
    )
    due = due.select_related("branch").order_by("next_action_on", "pk")[:MOST]
    return [
        _follow_up(case, visit=None, by=by, now=now)
        for case in due
        if case.next_action_on <= local_date(now, zone=case.branch.time_zone)
    ]


def _follow_up(case: Case, *, visit: Visit | None, by: User, now: datetime) -> FollowUp:
    return FollowUp(
        case=case,
        customer_id=case.customer_id,
        visit=visit,
        kind=KINDS[NextAction(case.next_action)],
        due_on=cast(date, case.next_action_on),  # the database holds every open case to it
        created_at=now,
        created_by=by,
    )
