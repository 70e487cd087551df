"""A supervisor's word on a plan. Accepting asks the gate for every visit, at its own time, in one go."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.cases import NextStep, set_next_actions
from accounts.models import User
from accounts.models.cases import CaseStatus, NextAction, Stage
from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Ask, Channel, Clearance, Purpose, Refusal
from visits.models import Plan, TeamMember, Visit
from visits.models.plans import PlanStatus
from visits.models.visits import CancelReason, Status
from visits.planning.propose import already_accepted
from visits.transitions import NotAllowed, move_all

Decisions = Mapping[Ask, Clearance | Refusal]


def accept_plan(plan: Plan, *, by: User, now: datetime) -> None:
    """Put the plan on the calendar: visits the gate clears are planned, the others are cancelled with its reasons,
    and every case learns its next step, all in the gate's transaction. Raises NotAllowed.
    """
    _ensure_a_person(by)
    visits = _proposed(plan)
    _ensure_ahead(visits, now=now)
    gone = _gone(visits)
    staff = _staff_of_teams(plan)
    asks = {_ask(visit, staff[visit.team_id]): visit for visit in visits if visit.pk not in gone}
    try:
        with gate.clearances(list(asks), by=by, now=now) as decisions:
            _decide(plan, PlanStatus.ACCEPTED, by=by, now=now)
            still = _still_proposed(plan)
            asks = {ask: visit for ask, visit in asks.items() if visit.pk in still}
            for reason in sorted(set(gone.values())):
                lost = [visit for visit in visits if visit.pk in still and gone.get(visit.pk) == reason]
                _cancel(lost, reason, by=by, now=now)
            _act_on(plan, asks, decisions, by=by, now=now)
    except IntegrityError as wall:
        raise NotAllowed(already_accepted(plan.date)) from wall


@transaction.atomic
def reject_plan(plan: Plan, *, by: User, now: datetime) -> None:
    """Put the plan away. The cases stay as they are. Raises NotAllowed."""
    _decide(plan, PlanStatus.REJECTED, by=by, now=now)
    _cancel(_proposed(plan), CancelReason.PLAN_REJECTED, by=by, now=now)


def _ensure_a_person(by: User) -> None:
    """No visit is decided by a score alone (PIPL art. 24): somebody looks at the plan and answers for it."""
    if by.role == Role.SYSTEM:
        raise NotAllowed(gettext("A plan is accepted by a person, not by a scheduled job."))


def _proposed(plan: Plan) -> list[Visit]:
    return list(
        plan.visits.filter(status=Status.PROPOSED)
        .select_related("case", "address")
        .order_by("planned_start", "pk")
    )


def _still_proposed(plan: Plan) -> set[UUID]:
    """With the customers locked: a restriction may have called visits off while this one waited for the lock."""
    return set(plan.visits.filter(status=Status.PROPOSED).values_list("pk", flat=True))


def _ensure_ahead(visits: Iterable[Visit], *, now: datetime) -> None:
    late = sum(visit.planned_start <= now for visit in visits)
    if late:
        raise NotAllowed(
            gettext("%(count)d visits of this plan should have begun by now. Propose a new plan.")
            % {"count": late}
        )


def _gone(visits: list[Visit]) -> dict[UUID, CancelReason]:
    """Visits whose reason vanished since they were proposed."""
    customers = [visit.customer_id for visit in visits]
    visited = set(Visit.objects.live().filter(customer__in=customers).values_list("customer_id", flat=True))
    return {
        visit.pk: CancelReason.DUPLICATE if visit.customer_id in visited else CancelReason.PAID
        for visit in visits
        if visit.customer_id in visited
        or visit.case.status != CaseStatus.OPEN
        or visit.case.overdue_amount <= 0
    }


def _staff_of_teams(plan: Plan) -> Counter[UUID]:
    active = TeamMember.objects.filter(team__in=plan.visits.values("team"), user__is_active=True)
    return Counter(active.values_list("team", flat=True))


def _ask(visit: Visit, staff: int) -> Ask:
    return Ask(
        visit.customer_id,
        Channel.VISIT,
        Purpose.VISIT_PLAN,
        at=visit.planned_start,
        until=visit.planned_end,
        staff=staff,
        address=visit.address.kind,
    )


def _decide(plan: Plan, status: PlanStatus, *, by: User, now: datetime) -> None:
    undecided = Plan.objects.filter(pk=plan.pk, status=PlanStatus.PROPOSED)
    if not undecided.update(status=status, decided_at=now, decided_by=by):
        raise NotAllowed(gettext("This plan has been decided already."))
    plan.status, plan.decided_at, plan.decided_by = status, now, by


def _cancel(visits: list[Visit], reason: CancelReason, *, by: User, now: datetime) -> None:
    move_all(visits, to=Status.CANCELLED, by=by, now=now, detail={"reason": reason}, cancel_reason=reason)


def _act_on(plan: Plan, asks: Mapping[Ask, Visit], decisions: Decisions, *, by: User, now: datetime) -> None:
    answered = [(asks[ask], answer) for ask, answer in decisions.items() if ask in asks]
    cleared = {visit: answer for visit, answer in answered if isinstance(answer, Clearance)}
    refused = {visit: answer for visit, answer in answered if isinstance(answer, Refusal)}
    clearances = {visit.pk: {"plan_clearance": clearance.pk} for visit, clearance in cleared.items()}
    move_all(list(cleared), to=Status.PLANNED, by=by, now=now, each=clearances)
    _cancel(list(refused), CancelReason.REFUSED_BY_GATE, by=by, now=now)
    steps = [NextStep(visit.case_id, NextAction.VISIT, plan.date, Stage.VISIT) for visit in cleared]
    steps += [_after_refusal(plan, visit, refusal) for visit, refusal in refused.items()]
    set_next_actions(steps, by=by, now=now)
    _tell(plan, planned=len(cleared), refused=refused.values())


def _after_refusal(plan: Plan, visit: Visit, refusal: Refusal) -> NextStep:
    """Again when the gate would allow it; a person decides where waiting does not help."""
    tomorrow = plan.date + timedelta(days=1)
    if refusal.next_allowed_at is None:
        return NextStep(visit.case_id, NextAction.SUPERVISOR, tomorrow, Stage.FOLLOW_UP)
    allowed_on: date = refusal.next_allowed_at.astimezone(ZoneInfo(plan.branch.time_zone)).date()
    return NextStep(visit.case_id, NextAction.VISIT, max(allowed_on, tomorrow), Stage.PLANNING)


def _tell(plan: Plan, *, planned: int, refused: Iterable[Refusal]) -> None:
    by_rule = Counter(rule for refusal in refused for rule in refusal.rule_ids)
    plan.summary = {**plan.summary, "accepted": planned, "refused": dict(sorted(by_rule.items()))}
    Plan.objects.filter(pk=plan.pk).update(summary=plan.summary)
