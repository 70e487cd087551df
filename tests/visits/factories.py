"""Visits in every status, reached through the use cases: nothing here writes a status by hand."""

import hashlib
import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from accounts.models.cases import Stage
from accounts.models.staff import Role
from compliance.gate import Ask, Channel, Purpose, clearances
from risk.models import Assessment, SafetyBand, Scorecard, Standing, Strategy, Tier
from tests.accounts.factories import UserFactory, overdue_case
from visits import life
from visits.models import Device, IdentityConfirmation, Plan, Team, TeamMember, Visit
from visits.models.door import Answer, ConsentKind, Factor, How
from visits.models.on_site import ABOUT_THE_DEBT, OWES, AbortReason, AddressState, Party, Result
from visits.models.plans import PlanStatus
from visits.models.visits import CancelReason, Status
from visits.transitions import move

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)  # a Friday, well inside the window of Baotou
TODAY = TEN.date()
HALF_AN_HOUR = timedelta(minutes=30)


class DeviceFactory(DjangoModelFactory):
    """A phone logged in at `enrolled_at`; `token="…"` chooses its token."""

    class Meta:
        model = Device

    class Params:
        token = factory.LazyFunction(lambda: uuid.uuid4().hex)

    user = factory.SubFactory(UserFactory)
    name = "phone"
    token_sha256 = factory.LazyAttribute(lambda it: hashlib.sha256(it.token.encode()).hexdigest())
    enrolled_at = TEN - timedelta(hours=1)
    last_seen_at = factory.SelfAttribute("enrolled_at")
    expires_at = factory.LazyAttribute(lambda it: it.enrolled_at + timedelta(days=30))


def assess(case, *, tier=Tier.HIGH, strategy=Strategy.FIRM, safety_band=SafetyBand.NORMAL, now=TEN):
    """Make an assessment of these findings the case's current one."""
    card, _made = Scorecard.objects.get_or_create(
        sha256="0" * 64,
        defaults={"name": "test", "version": "0", "status": "DRAFT", "definition": {}, "created_at": now},
    )
    assessment = Assessment.objects.create(
        case=case,
        customer=case.customer,
        scorecard=card,
        assessed_at=now,
        ability=70,
        willingness=30,
        safety=20,
        tier=tier,
        strategy=strategy,
        safety_band=safety_band,
        points=[],
        known=1,
        asked=1,
    )
    Standing.objects.update_or_create(case=case, defaults={"assessment": assessment})
    return assessment


def case_to_visit(*, now=TEN, tier=Tier.HIGH, strategy=Strategy.FIRM, safety_band=SafetyBand.NORMAL, **facts):
    """An assessed case whose next action is a visit."""
    case = overdue_case(now=now, stage=Stage.PLANNING, **facts)
    case.next_action_on = now.date()
    case.save()
    assess(case, tier=tier, strategy=strategy, safety_band=safety_band, now=now)
    return case


def team(branch, *, date=TODAY, size=2, officer=False, name=None):
    """A team of field agents, its last member a security officer when asked for."""
    day = [datetime.combine(date, at, ZoneInfo(branch.time_zone)) for at in (time(8), time(21))]
    made = Team.objects.create(
        branch=branch, date=date, name=name or uuid.uuid4().hex[:6], starts_at=day[0], ends_at=day[1]
    )
    for number in range(size):
        role = Role.SECURITY_OFFICER if officer and number == size - 1 else Role.FIELD_AGENT
        TeamMember.objects.create(team=made, user=UserFactory(role=role, branch=branch), date=date)
    return made


def proposed_visit(*, start=TEN, length=HALF_AN_HOUR, now=None, case=None, crew=None, **fields):
    """A proposed visit of a team of two that would begin at `start`; `now` (an hour before) is when all was known."""
    now = now or start - timedelta(hours=1)
    case = case or case_to_visit(now=now)
    zone = ZoneInfo(case.branch.time_zone)
    date = start.astimezone(zone).date()
    supervisor = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
    plan = Plan.objects.create(
        branch=case.branch,
        date=date,
        status=PlanStatus.PROPOSED,
        solver="by hand",
        seed=0,
        proposed_at=now,
        proposed_by=supervisor,
    )
    assessment = case.standing.assessment
    return Visit.objects.create(
        plan=plan,
        team=crew or team(case.branch, date=date),
        case=case,
        customer=case.customer,
        address=case.customer.addresses.get(),
        assessment=assessment,
        position=1,
        planned_start=start,
        planned_end=start + length,
        travel_seconds=600,
        travel_metres=3000,
        prize=Decimal("300.00"),
        strategy=assessment.strategy,
        contingency=assessment.safety_band,
        status_changed_at=now,
        **{"needs_security_officer": False, **fields},
    )


def planned_visit(*, start=TEN, now=None, **fields):
    """A visit cleared by the gate."""
    now = now or start - timedelta(hours=1)
    visit = proposed_visit(start=start, now=now, **fields)
    by = visit.plan.proposed_by
    ask = Ask(
        visit.customer_id,
        Channel.VISIT,
        Purpose.VISIT_PLAN,
        at=start,
        until=visit.planned_end,
        staff=visit.team.members.count(),
    )
    with clearances([ask], by=by, now=now) as decisions:
        move(visit, to=Status.PLANNED, by=by, now=now, plan_clearance=decisions[ask])
    return Visit.objects.get(pk=visit.pk)


def notified_visit(*, start=TEN, now=None, **fields):
    """A planned visit whose customer was told."""
    visit = planned_visit(start=start, now=now, **fields)
    life.mark_notified(visit, by=User.objects.system(), now=now or start - timedelta(hours=1))
    return visit


def sent_by(user, *, at=TEN, reference=None, device_at=None):
    """The envelope of a report from `user`'s phone."""
    device = Device.objects.filter(user=user).first() or DeviceFactory(user=user, enrolled_at=at)
    return life.Sent(reference or uuid.uuid4(), device, client_at=at, device_at=device_at)


def members(visit):
    return list(visit.team.members.order_by("pk"))


def check_in(visit, *, now=TEN, by=None, present=None, reference=None, fix=None):
    """Check the whole team in, in the name of its first member."""
    by = by or members(visit)[0]
    return life.check_in(
        visit,
        sent=sent_by(by, at=now, reference=reference),
        fix=fix,
        present=[one.pk for one in members(visit)] if present is None else present,
        by=by,
        now=now,
    )


def visit_under_way(*, start=TEN, **fields):
    """A visit whose team has checked in at the planned start. The database's clock must allow it."""
    visit = notified_visit(start=start, **fields)
    check_in(visit, now=start)
    return Visit.objects.get(pk=visit.pk)


def confirm_identity(
    visit,
    *,
    party=Party.DEBTOR,
    factors=(Factor.FULL_NAME, Factor.IDENTITY_LAST_FOUR),
    others_present=False,
    now=TEN,
    reference=None,
):
    by = members(visit)[0]
    return life.confirm_identity(
        visit,
        sent=sent_by(by, at=now, reference=reference),
        party=party,
        factors=factors,
        others_present=others_present,
        by=by,
        now=now,
    )


def consent(
    visit,
    *,
    kind=ConsentKind.ENTRY,
    answer=Answer.GIVEN,
    party=Party.DEBTOR,
    name="李女士",
    how=How.SPOKEN,
    given_at=None,
    now=TEN,
    reference=None,
):
    by = members(visit)[0]
    return life.note_consent(
        visit,
        sent=sent_by(by, at=now, reference=reference),
        kind=kind,
        answer=answer,
        party=party,
        name=name,
        how=how,
        given_at=given_at or now,
        by=by,
        now=now,
    )


def confirmed_visit(**fields):
    """A visit under way whose customer was confirmed."""
    visit = visit_under_way(**fields)
    confirm_identity(visit, now=visit.planned_start)
    return Visit.objects.get(pk=visit.pk)


def record(visit, *, party=Party.DEBTOR, state=AddressState.VALID, result=Result.PROMISE, now=TEN, **found):
    """Of a talk about the debt only after the identity was confirmed, as it must be."""
    by = members(visit)[0]
    confirmed = IdentityConfirmation.objects.filter(visit=visit, party=party)
    if party in OWES and result in ABOUT_THE_DEBT and not confirmed.exists():
        confirm_identity(visit, party=party, now=now)
    return life.record(
        visit,
        sent=sent_by(by, at=now, reference=found.pop("reference", None)),
        party=party,
        address_state=state,
        result=result,
        by=by,
        now=now,
        **found,
    )


def check_out(visit, *, now=TEN + HALF_AN_HOUR, reference=None):
    by = members(visit)[0]
    return life.check_out(visit, sent=sent_by(by, at=now, reference=reference), fix=None, by=by, now=now)


def abort(visit, *, kind=AbortReason.ASKED_TO_LEAVE, danger="", now=TEN + HALF_AN_HOUR, reference=None):
    by = members(visit)[0]
    return life.abort(
        visit,
        sent=sent_by(by, at=now, reference=reference),
        kind=kind,
        danger=danger,
        account="They asked us to go.",
        by=by,
        now=now,
    )


def finished_visit(
    *, start=TEN, party=Party.DEBTOR, result=Result.PROMISE, state=AddressState.VALID, **fields
):
    """A visit that was made, recorded and left."""
    visit = visit_under_way(start=start, **fields)
    record(visit, party=party, state=state, result=result, now=start)
    check_out(visit, now=start + HALF_AN_HOUR)
    return Visit.objects.get(pk=visit.pk)


def visit_in(status, **fields):
    """A visit in any status, reached the way visits reach it."""
    visit = {
        Status.PROPOSED: proposed_visit,
        Status.PLANNED: planned_visit,
        Status.NOTIFIED: notified_visit,
        Status.UNDER_WAY: visit_under_way,
        Status.DONE: finished_visit,
        Status.ABORTED: visit_under_way,
        Status.CANCELLED: proposed_visit,
    }[status](**fields)
    if status == Status.ABORTED:
        abort(visit)
    if status == Status.CANCELLED:
        life.cancel(visit, reason=CancelReason.WEATHER, by=visit.plan.proposed_by, now=TEN)
    return Visit.objects.get(pk=visit.pk)
