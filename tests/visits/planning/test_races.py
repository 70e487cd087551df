from accounts.models import User
from accounts.models.staff import Role
from tests.accounts.factories import BranchFactory, UserFactory
from tests.visits.factories import TEN, TODAY, case_to_visit
from tests.visits.racing import at_once
from visits.models import Plan, Shift, Team, TeamMember, Visit
from visits.models.plans import PlanStatus
from visits.models.visits import Status
from visits.planning import accept_plan, propose_plan
from visits.transitions import NotAllowed

SEVEN = TEN.replace(hour=7)


def busy_branch():
    branch = BranchFactory()
    for _ in range(4):
        UserFactory(branch=branch)
    for _ in range(3):
        case_to_visit(now=SEVEN, branch=branch, overdue="20000")
    UserFactory(branch=branch, role=Role.SUPERVISOR)
    return branch


def propose(branch):
    by = User.objects.get(branch=branch, role=Role.SUPERVISOR)
    return propose_plan(branch=branch, date=TODAY, by=by, now=SEVEN, seed=1, iterations=50)


def test_of_two_plans_accepted_at_once_one_is(committed_db):
    branch = busy_branch()
    plans = [propose(branch), propose(branch)]

    answers = at_once(plans, lambda plan: accept_plan(plan, by=plan.proposed_by, now=SEVEN))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "NotAllowed"]
    assert Plan.objects.filter(status=PlanStatus.ACCEPTED).count() == 1
    assert Visit.objects.filter(status=Status.PLANNED).count() == 3


def test_one_plan_accepted_twice_at_once_is_accepted_once(committed_db):
    plan = propose(busy_branch())

    answers = at_once(
        [Plan.objects.get(), Plan.objects.get()], lambda row: accept_plan(row, by=plan.proposed_by, now=SEVEN)
    )

    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 1
    assert Visit.objects.filter(status=Status.PLANNED).count() == 3


def test_teams_are_made_once_however_many_propose(committed_db):
    branch = busy_branch()

    answers = at_once([branch] * 3, propose)

    assert [type(answer) for answer in answers] == [Plan] * 3
    assert (Shift.objects.count(), Team.objects.count(), TeamMember.objects.count()) == (4, 2, 4)
