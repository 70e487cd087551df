from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models.staff import Role
from tests.accounts.factories import BranchFactory, UserFactory
from tests.visits.factories import TEN, case_to_visit
from visits.models import Plan, Shift, Visit
from visits.models.plans import PlanStatus

pytestmark = pytest.mark.django_db

SEVEN = TEN.replace(hour=7)


@pytest.fixture(autouse=True)
def seven_o_clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: SEVEN)


@pytest.fixture
def branch():
    branch = BranchFactory(code="BT")
    for _ in range(4):
        UserFactory(branch=branch)
    for _ in range(3):
        case_to_visit(now=SEVEN, branch=branch, overdue="20000")
    return branch


def plan_day(**options):
    said = StringIO()
    call_command(
        "plan_day", **{"branch": "BT", "date": "2026-11-20", "iterations": 50, **options}, stdout=said
    )
    return said.getvalue()


def test_it_proposes_and_says_what_it_does(branch):
    said = plan_day()

    plan = Plan.objects.get()
    assert plan.status == PlanStatus.PROPOSED
    assert plan.proposed_by.username == "system"
    assert "2 teams are on duty." in said
    assert "3 visits" in said


def test_where_nobody_has_a_shift_the_standard_rota_applies(branch):
    plan_day()

    assert Shift.objects.count() == 4


def test_it_accepts_in_somebodys_name(branch):
    supervisor = UserFactory(branch=branch, role=Role.SUPERVISOR)

    plan_day(accept=True, by=supervisor.username)

    plan = Plan.objects.get()
    assert (plan.status, plan.decided_by) == (PlanStatus.ACCEPTED, supervisor)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"branch": "XX"}, "Known: BT"),
        ({"by": "nobody"}, "no member of staff 'nobody'"),
        ({"date": "2026-11-19"}, "is over"),
        ({"date": "yesterday"}, "date"),
    ],
)
def test_what_is_wrong_is_said(branch, wrong, sentence):
    with pytest.raises(CommandError, match=sentence):
        plan_day(**wrong)


def test_a_second_plan_for_a_decided_day_is_refused(branch):
    by = UserFactory(role=Role.SUPERVISOR, branch=branch).username
    plan_day(accept=True, by=by)

    with pytest.raises(CommandError, match="already"):
        plan_day(by=by)


def test_no_job_accepts_a_plan(branch):
    """A person looks at it and answers for it (PIPL art. 24)."""
    with pytest.raises(CommandError, match="person|人员"):
        plan_day(accept=True)

    assert not Visit.objects.exclude(status="PROPOSED").exists()
