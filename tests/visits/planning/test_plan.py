"""From a branch with people and cases to a day on the calendar."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Address, Case, Customer, Verification
from accounts.models.cases import CaseStatus, NextAction, Stage
from accounts.models.staff import Datum, Role
from compliance.models import Clearance, Refusal, Restriction
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from risk.models import SafetyBand, Strategy, Tier
from tests.accounts.factories import BranchFactory, UserFactory
from tests.visits.factories import TEN, case_to_visit, planned_visit, team
from visits.models import Plan, Team, TeamMember, Visit, VisitEvent
from visits.models.plans import PlanStatus
from visits.models.visits import CancelReason, Status
from visits.planning import accept_plan, propose_plan, reject_plan
from visits.planning.checker import Flawed
from visits.planning.problem import Call, Route, Routing
from visits.planning.timetable import timetable
from visits.rota import create_shifts
from visits.transitions import NotAllowed

pytestmark = pytest.mark.django_db

SEVEN = TEN.replace(hour=7)
TODAY = TEN.date()


@pytest.fixture
def branch():
    """A branch whose four agents and one security officer are on shift today."""
    branch = BranchFactory()
    for _ in range(4):
        UserFactory(branch=branch)
    UserFactory(branch=branch, role=Role.SECURITY_OFFICER)
    create_shifts(branch=branch, date=TODAY, by=supervisor(branch), now=SEVEN)
    return branch


def supervisor(branch):
    return UserFactory(branch=branch, role=Role.SUPERVISOR)


def cases(branch, number, **facts):
    return [case_to_visit(now=SEVEN, branch=branch, overdue="20000", **facts) for _ in range(number)]


def propose(branch, *, date=TODAY, now=SEVEN, seed=1, **fields):
    return propose_plan(
        branch=branch, date=date, by=supervisor(branch), now=now, seed=seed, **{"iterations": 100, **fields}
    )


def accept(plan, *, now=SEVEN + timedelta(minutes=5)):
    accept_plan(plan, by=supervisor(plan.branch), now=now)


def customers_of(plan):
    return set(plan.visits.values_list("customer", flat=True))


class TestPropose:
    def test_a_days_plan_names_teams_times_and_reasons(self, branch):
        wanted = cases(branch, 5)

        plan = propose(branch)

        assert plan.status == PlanStatus.PROPOSED
        assert customers_of(plan) == {case.customer_id for case in wanted}
        assert {visit.status for visit in plan.visits.all()} == {Status.PROPOSED}
        for visit in plan.visits.select_related("team"):
            assert visit.team.starts_at <= visit.planned_start < visit.planned_end <= visit.team.ends_at
            assert visit.why_planned["tier"] == "HIGH"
        assert plan.summary["planned"] == plan.summary["candidates"] == 5
        assert plan.summary["km"] > 0
        assert not VisitEvent.objects.exists()
        assert not Clearance.objects.exists()

    def test_the_same_rows_seed_and_iterations_give_the_same_plan(self, branch):
        cases(branch, 12)

        def seen(plan):
            rows = plan.visits.order_by("pk").values_list("customer", "team", "position", "planned_start")
            return sorted(rows, key=str)

        assert seen(propose(branch)) == seen(propose(branch))

    @pytest.mark.parametrize(
        ("why", "spoil"),
        [
            ("NOT_VERIFIED", lambda case: Verification.objects.filter(kind="PHONE").delete()),
            (
                "NOT_VERIFIED",
                lambda case: Verification.objects.filter(kind="ADDRESS").update(
                    checked_at=SEVEN - timedelta(days=60), expires_at=TEN
                ),
            ),
            ("NO_USABLE_ADDRESS", lambda case: Address.objects.update(latitude=None, longitude=None)),
            ("NO_USABLE_ADDRESS", lambda case: Address.objects.update(datum=Datum.GCJ02)),
            ("NO_USABLE_ADDRESS", lambda case: Address.objects.update(confidence=24)),
            ("NOT_WORTH_THE_WAY", lambda case: Case.objects.update(overdue_amount=100)),
            ("NO_LAWFUL_HOUR", lambda case: Customer.objects.update(time_zones=[])),
            ("ST-MED", lambda case: restrict(case, RestrictionKind.HOSPITAL)),
        ],
    )
    def test_who_may_not_or_need_not_be_visited_is_left_out_and_counted(self, branch, why, spoil):
        (case,) = cases(branch, 1)
        spoil(case)

        plan = propose(branch)

        assert not plan.visits.exists()
        assert plan.summary["left_out"] == {why: 1}

    def test_homes_that_safety_closes_are_left_out(self, branch):
        cases(branch, 1, safety_band=SafetyBand.NO_VISIT)

        assert propose(branch).summary["left_out"] == {"NO_VISIT": 1}

    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"stage": Stage.FOLLOW_UP},
            {"next_action": NextAction.REMIND},
            {"next_action_on": TODAY + timedelta(days=1)},
            {"overdue_amount": 0},
            {"status": CaseStatus.CLOSED, "closed_at": SEVEN},
        ],
    )
    def test_cases_that_wait_for_something_else_are_no_candidates(self, branch, elsewhere):
        cases(branch, 1)
        Case.objects.update(**elsewhere)

        assert propose(branch).summary["candidates"] == 0

    def test_a_customer_with_a_visit_to_come_is_not_visited_twice(self, branch):
        case = case_to_visit(branch=branch, now=SEVEN)
        planned_visit(case=case, now=SEVEN, start=TEN + timedelta(days=1))

        assert propose(branch).summary["left_out"] == {"VISIT_ALREADY_PLANNED": 1}

    def test_customers_of_other_branches_are_not_seen(self, branch):
        case_to_visit(now=SEVEN)

        assert propose(branch).summary["candidates"] == 0

    def test_escorted_visits_go_to_a_team_with_an_officer_by_daylight(self, branch):
        cases(branch, 3, safety_band=SafetyBand.ESCORT)
        cases(branch, 3)

        escorted = propose(branch).visits.filter(needs_security_officer=True)

        assert escorted.count() == 3
        for visit in escorted.select_related("team"):
            assert visit.team.has_security_officer
            assert visit.planned_end <= TEN.replace(hour=17)
            assert visit.contingency == SafetyBand.ESCORT

    def test_without_an_officer_on_duty_nobody_is_sent_where_one_is_needed(self):
        branch = BranchFactory()
        team(branch)
        cases(branch, 1, safety_band=SafetyBand.ESCORT)

        assert propose(branch).summary["left_out"] == {"NO_SECURITY_OFFICER": 1}

    def test_when_there_is_no_room_for_all_the_most_valuable_are_visited(self):
        branch = BranchFactory()
        team(branch)
        cases(branch, 16, tier=Tier.MEDIUM)
        urgent = cases(branch, 4, tier=Tier.HIGH)

        plan = propose(branch, iterations=300)

        assert {case.customer_id for case in urgent} <= customers_of(plan)
        assert plan.visits.count() == 14
        assert plan.summary["left_out"] == {"NO_ROOM": 6}

    def test_a_plan_made_during_the_day_begins_after_the_notice(self, branch):
        cases(branch, 6)

        plan = propose(branch, now=TEN)

        assert min(visit.planned_start for visit in plan.visits.all()) > TEN + timedelta(minutes=30)

    def test_talks_with_people_in_hardship_are_given_more_time(self, branch):
        cases(branch, 1, strategy=Strategy.LISTEN)

        visit = propose(branch).visits.get()

        assert visit.planned_end - visit.planned_start == timedelta(minutes=45)

    def test_without_people_there_is_no_plan(self):
        with pytest.raises(NotAllowed, match="shifts"):
            propose(BranchFactory())

    def test_a_day_that_is_over_is_not_planned(self, branch):
        with pytest.raises(NotAllowed, match="is over"):
            propose(branch, date=TODAY - timedelta(days=1))

    def test_a_flawed_plan_is_never_proposed(self, branch):
        cases(branch, 1)

        class Careless:
            name = "careless"

            def solve(self, problem, *, seed, budget):
                return Routing((Route(0, (Call(0, 0, 0, 0),)),))

        with pytest.raises(Flawed):
            propose(branch, solver=Careless())
        assert not Plan.objects.exists()

    def test_who_would_be_refused_at_the_hour_of_the_visit_is_left_out_and_the_next_moves_up(self):
        branch = BranchFactory()
        team(branch)
        first, second, third = (
            case_to_visit(now=SEVEN, branch=branch, overdue=amount) for amount in ("30000", "25000", "20000")
        )
        before = propose(branch, solver=InARow()).visits.order_by("position")
        restrict(second, RestrictionKind.BEREAVEMENT, starts_at=SEVEN.replace(hour=8, minute=30))

        plan = propose(branch, solver=InARow())
        after = plan.visits.order_by("position")

        assert [visit.case_id for visit in before] == [first.pk, second.pk, third.pk]
        assert [visit.case_id for visit in after] == [first.pk, third.pk]
        assert after[1].planned_start < before[2].planned_start
        assert plan.summary["left_out"] == {"ST-BEREAVE": 1}

    @pytest.mark.parametrize("number", [2, 12])
    def test_it_asks_the_database_as_often_for_two_cases_as_for_twelve(
        self, branch, number, django_assert_num_queries
    ):
        cases(branch, number)
        by = supervisor(branch)

        with django_assert_num_queries(41):
            propose_plan(branch=branch, date=TODAY, by=by, now=SEVEN, seed=1, iterations=50)


class InARow:
    """Sends the first team to everybody, the most valuable first."""

    name = "in a row"

    def solve(self, problem, *, seed, budget):
        return Routing((Route(0, timetable(problem, problem.crews[0], range(len(problem.stops)))),))


def restrict(case, kind, *, starts_at=SEVEN):
    enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=starts_at,
        ends_at=None,
        evidence="letter",
        by=supervisor(case.branch),
        now=SEVEN,
    )


class TestTeams:
    def test_teams_are_made_once(self, branch):
        cases(branch, 1)

        propose(branch)
        propose(branch)

        assert Team.objects.count() == 2
        assert TeamMember.objects.count() == 5

    def test_a_team_the_supervisor_made_stays(self, branch):
        cases(branch, 1)
        own = Team.objects.create(
            branch=branch, date=TODAY, name="own", starts_at=SEVEN, ends_at=TEN.replace(hour=20)
        )
        chosen = list(UserFactory._meta.model.objects.filter(branch=branch, role=Role.FIELD_AGENT)[:2])
        TeamMember.objects.bulk_create(TeamMember(team=own, user=user, date=TODAY) for user in chosen)

        propose(branch)

        assert set(own.members.all()) == set(chosen)
        assert Team.objects.exclude(pk=own.pk).count() == 1

    def test_whoever_was_dismissed_leaves_no_team_of_one(self, branch):
        cases(branch, 1)
        propose(branch)
        for crew in Team.objects.all():
            keep = crew.members.order_by("pk").first()
            crew.members.exclude(pk=keep.pk).update(is_active=False)

        with pytest.raises(NotAllowed, match="shifts"):
            propose(branch)


class TestAccept:
    def test_every_visit_is_cleared_and_every_case_told(self, branch):
        wanted = cases(branch, 4)
        plan = propose(branch)

        accept(plan)

        assert Plan.objects.get(pk=plan.pk).status == PlanStatus.ACCEPTED
        for visit in plan.visits.select_related("plan_clearance", "case"):
            assert visit.status == Status.PLANNED
            assert visit.plan_clearance.customer_id == visit.customer_id
            assert visit.plan_clearance.at == visit.planned_start
            assert (visit.case.stage, visit.case.next_action) == (Stage.VISIT, NextAction.VISIT)
            assert visit.case.next_action_on == TODAY
        assert VisitEvent.objects.filter(new=Status.PLANNED).count() == len(wanted)

    def test_who_is_refused_meanwhile_is_cancelled_with_a_kept_refusal(self, branch):
        unverified, well = cases(branch, 2)
        plan = propose(branch)
        unverified.customer.verifications.filter(kind="ADDRESS").delete()

        accept(plan)

        status = Counter(plan.visits.values_list("customer", "status", "cancel_reason"))
        assert status == {
            (unverified.customer_id, Status.CANCELLED, CancelReason.REFUSED_BY_GATE): 1,
            (well.customer_id, Status.PLANNED, ""): 1,
        }
        assert Refusal.objects.get().customer_id == unverified.customer_id
        assert plan.summary["refused"] == {"VIS-VERIFIED": 1}
        assert Case.objects.get(pk=unverified.pk).next_action == NextAction.SUPERVISOR

    def test_whose_contact_was_stopped_meanwhile_is_off_the_plan_already(self, branch):
        ill, well = cases(branch, 2)
        plan = propose(branch)
        restrict(ill, RestrictionKind.HOSPITAL)

        accept(plan)

        status = Counter(plan.visits.values_list("customer", "status", "cancel_reason"))
        assert status == {
            (ill.customer_id, Status.CANCELLED, CancelReason.HOLD): 1,
            (well.customer_id, Status.PLANNED, ""): 1,
        }
        assert Case.objects.get(pk=ill.pk).next_action == NextAction.VISIT

    def test_who_may_be_visited_later_is_a_candidate_again_then(self, branch):
        (case,) = cases(branch, 1)
        plan = propose(branch)
        # written by hand, so that the visit is still on the plan when the gate is asked
        Restriction.objects.create(
            customer=case.customer,
            kind=RestrictionKind.HOSPITAL,
            starts_at=SEVEN,
            ends_at=SEVEN + timedelta(days=5),
            evidence="letter",
            entered_by=plan.proposed_by,
            entered_at=SEVEN,
        )

        accept(plan)

        waiting = Case.objects.get(pk=case.pk)
        assert (waiting.stage, waiting.next_action) == (Stage.PLANNING, NextAction.VISIT)
        assert waiting.next_action_on == TODAY + timedelta(days=5)

    @pytest.mark.parametrize(
        ("reason", "vanish"),
        [
            (CancelReason.PAID, lambda case: Case.objects.filter(pk=case.pk).update(overdue_amount=0)),
            (
                CancelReason.DUPLICATE,
                lambda case: planned_visit(case=case, now=SEVEN, start=TEN + timedelta(days=1)),
            ),
        ],
    )
    def test_whose_reason_is_gone_is_cancelled_without_asking_the_gate(self, branch, reason, vanish):
        gone, _other = cases(branch, 2)
        plan = propose(branch)
        vanish(gone)

        accept(plan)

        assert plan.visits.get(customer=gone.customer).cancel_reason == reason
        assert plan.visits.filter(status=Status.PLANNED).count() == 1
        assert not Refusal.objects.exists()

    def test_there_is_one_accepted_plan_a_day(self, branch):
        cases(branch, 2)
        first, second = propose(branch), propose(branch)
        accept(first)

        with pytest.raises(NotAllowed, match="accepted at this branch already"):
            accept(second)
        with pytest.raises(NotAllowed, match="accepted at this branch already"):
            propose(branch)

        assert Plan.objects.get(pk=second.pk).status == PlanStatus.PROPOSED
        assert set(second.visits.values_list("status", flat=True)) == {Status.PROPOSED}

    @pytest.mark.parametrize("decide", [accept_plan, reject_plan])
    def test_a_plan_is_decided_once(self, branch, decide):
        cases(branch, 1)
        plan = propose(branch)
        accept(plan)
        decided = Plan.objects.get(pk=plan.pk)

        with pytest.raises(NotAllowed):
            decide(decided, by=supervisor(branch), now=SEVEN)

        assert plan.visits.get().status == Status.PLANNED

    def test_a_plan_whose_visits_should_have_begun_is_too_late(self, branch):
        cases(branch, 2)
        plan = propose(branch)

        with pytest.raises(NotAllowed, match="should have begun"):
            accept(plan, now=TEN.replace(hour=15))

        assert Plan.objects.get(pk=plan.pk).status == PlanStatus.PROPOSED

    def test_nobody_left_in_a_team_is_counted(self, branch):
        cases(branch, 1)
        plan = propose(branch)
        crew = plan.visits.get().team
        keep = crew.members.order_by("pk").first()
        crew.members.exclude(pk=keep.pk).update(is_active=False)

        accept(plan)

        assert plan.visits.get().cancel_reason == CancelReason.REFUSED_BY_GATE
        assert "VIS-TEAM" in Refusal.objects.get().rule_ids

    @pytest.mark.parametrize("number", [2, 12])
    def test_it_asks_the_database_as_often_for_two_visits_as_for_twelve(
        self, branch, number, django_assert_num_queries
    ):
        cases(branch, number)
        plan, by = propose(branch), supervisor(branch)
        assert plan.visits.count() == number

        with django_assert_num_queries(40):
            accept_plan(plan, by=by, now=SEVEN)


def test_rejecting_puts_the_plan_away_and_leaves_the_cases(branch):
    (case,) = cases(branch, 1)
    plan = propose(branch)

    reject_plan(plan, by=supervisor(branch), now=SEVEN)

    visit = Visit.objects.get()
    assert (visit.status, visit.cancel_reason) == (Status.CANCELLED, CancelReason.PLAN_REJECTED)
    assert Plan.objects.get().status == PlanStatus.REJECTED
    assert Case.objects.get(pk=case.pk).stage == Stage.PLANNING
    assert propose(branch).visits.count() == 1
