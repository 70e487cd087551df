"""A branch at work at half past ten on a Friday, by way of the use cases."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.cases import set_next_action
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from compliance.gate import Ask, Channel, Purpose, Refused, clearance
from followups.models import FollowUp
from followups.models.messages import MessageStatus
from followups.outbox import move
from followups.promises import promise
from tests.accounts.factories import UserFactory, overdue_case
from tests.followups import factories as followups
from tests.visits import factories as visits
from visits import life
from visits.models import Plan, Visit
from visits.planning.decide import accept_plan

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # 21:30 of the day before in New York
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def local(branch, now=NOW):
    return now.astimezone(ZoneInfo(branch.time_zone))


def portfolio(branch, *, each=1):
    """`each` cases at every open stage, half of them late, and as many closed today."""
    today = local(branch).date()
    for stage in Stage:
        for number in range(each):
            case = overdue_case(now=NOW - DAY, stage=stage, branch=branch)
            late = Case.objects.filter(pk=case.pk)
            late.update(next_action_on=today - DAY if number % 2 else today)
            if stage == Stage.CLOSED:
                followups.close(case, now=NOW)


def rounds(branch, *, each=1, date=None):
    """Two teams with `each` visits, on a plan that was accepted early in the branch's day."""
    start = datetime.combine(date or local(branch).date(), NOW.time(), ZoneInfo(branch.time_zone))
    proposal = visits.proposed_visit(
        start=start, case=visits.case_to_visit(now=start - 3 * HOUR, branch=branch)
    )
    crews = [proposal.team, visits.team(branch, date=start.date(), officer=True)]
    for number in range(1, 2 * each):
        sketch(proposal, crew=crews[number % 2], position=1 + number // 2)
    accept_plan(proposal.plan, by=proposal.plan.proposed_by, now=start - 2 * HOUR)
    return list(Visit.objects.filter(plan=proposal.plan).order_by("planned_start", "pk"))


def sketch(proposal, *, crew, position):
    """One more visit on the plan of `proposal`."""
    case = visits.case_to_visit(now=proposal.plan.proposed_at, branch=proposal.plan.branch)
    visit = Visit.objects.get(pk=proposal.pk)
    visit.pk = uuid.uuid4()
    visit._state.adding = True
    visit.case, visit.customer, visit.assessment = case, case.customer, case.standing.assessment
    visit.address = case.customer.addresses.get()
    visit.team, visit.position = crew, position
    visit.planned_start += timedelta(minutes=40) * (position - 1)
    visit.planned_end += timedelta(minutes=40) * (position - 1)
    visit.save()
    return visit


def proposed_plan(branch):
    """A plan for tomorrow that nobody has decided on."""
    return Plan.objects.create(
        branch=branch,
        date=local(branch).date() + DAY,
        status="PROPOSED",
        solver="by hand",
        seed=0,
        proposed_at=NOW - HOUR,
        proposed_by=UserFactory(role="SUPERVISOR", branch=branch),
    )


def follow_up(branch, *, days=0):
    """Something to do, due in `days` days."""
    case = visits.case_to_visit(now=NOW - DAY, branch=branch)
    return FollowUp.objects.create(
        case=case,
        customer=case.customer,
        kind="CALL",
        due_on=local(branch).date() + days * DAY,
        created_at=NOW - DAY,
        created_by=User.objects.system(),
    )


def for_the_supervisor(branch):
    case = visits.case_to_visit(now=NOW - DAY, branch=branch)
    set_next_action(
        case.pk, action=NextAction.SUPERVISOR, on=local(branch).date(), by=User.objects.system(), now=NOW
    )
    return case


def promised(branch, *, days=0, amount="1000.00"):
    case = visits.case_to_visit(now=NOW - DAY, branch=branch)
    return promise(
        case=case,
        reference=uuid.uuid4(),
        amount=Decimal(amount),
        due_on=local(branch).date() + days * DAY,
        by=UserFactory(branch=branch),
        now=NOW,
    )


def message(branch, *, status=MessageStatus.PENDING, changed=NOW):
    """A message that waits, or that was called off at `changed`."""
    row = followups.message(visits.case_to_visit(now=NOW - 2 * DAY, branch=branch), due_at=NOW - 2 * DAY)
    if status == MessageStatus.CANCELLED:
        move(row, to=status, by=User.objects.system(), now=changed, cancel_reason="CASE_CLOSED")
    return row


def refused(branch, *, staff=1, now=NOW, channel=Channel.VISIT, case=None):
    """A contact the gate refused: by default a visit that somebody would have made alone."""
    case = case or visits.case_to_visit(now=now - HOUR, branch=branch)
    purpose = Purpose.VISIT_START if channel == Channel.VISIT else Purpose.PAYMENT_REMINDER
    ask = Ask(case.customer_id, channel, purpose, at=now, until=now + HOUR / 2, staff=staff)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('zoufang.now', true)")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [now.isoformat()])
    try:
        with clearance(ask, by=UserFactory(branch=branch), now=now):
            raise AssertionError("the gate should have refused")
    except Refused as no:
        return no.refusal
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.now', %s, false)", [before or ""])


def everything(branch, *, each=1):
    """All the desk shows, `each` times."""
    portfolio(branch, each=each)
    rounds(branch, each=each)
    for _number in range(each):
        proposed_plan(branch)
        follow_up(branch)
        follow_up(branch, days=-2)
        for_the_supervisor(branch)
        promised(branch)
        promised(branch, days=1)
        message(branch)
        message(branch, status=MessageStatus.CANCELLED)
        message(branch, status=MessageStatus.CANCELLED, changed=NOW - 2 * DAY)
        refused(branch)
        refused(branch, now=NOW - 2 * DAY)


def set_out(visit, *, now=NOW):
    """The customer is told, and the team checks in. The database's clock must allow it."""
    life.mark_notified(visit, by=User.objects.system(), now=now - HOUR)
    visits.check_in(Visit.objects.get(pk=visit.pk), now=now)
    return Visit.objects.get(pk=visit.pk)
