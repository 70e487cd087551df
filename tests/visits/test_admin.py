from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models.staff import Role
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.models import AuditEntry
from tests.accounts.factories import BranchFactory, UserFactory
from tests.visits.factories import (
    TEN,
    TODAY,
    DeviceFactory,
    case_to_visit,
    finished_visit,
    planned_visit,
    proposed_visit,
    team,
    visit_under_way,
)
from tests.visits.factories import abort as break_off
from visits.models import Device, LoginAttempt, Plan, Shift, Team, TeamMember, Visit
from visits.models.plans import PlanStatus
from visits.models.visits import CancelReason, Status

pytestmark = pytest.mark.django_db

SEVEN = TEN.replace(hour=7)


@pytest.fixture(autouse=True)
def seven_o_clock(monkeypatch, database_clock):
    monkeypatch.setattr("django.utils.timezone.now", lambda: SEVEN)
    database_clock(TEN)


@pytest.fixture
def sign_in(client):
    make_role_groups()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def as_(role, branch=None):
        user = UserFactory(role=role, is_staff=True, **({"branch": branch} if branch else {}))
        put_into_role_groups([user])
        client.force_login(user)
        return user

    return as_


def act(client, model, action, *rows, **fields):
    body = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(reverse(f"admin:visits_{model}_changelist"), body, follow=True)


def queries_of(client, page):
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return len(asked)


class TestPlan:
    def propose(self, client, branch, **fields):
        body = {"branch": branch.pk, "date": TODAY.isoformat(), "seconds": 1, **fields}
        return client.post(reverse("admin:visits_plan_propose"), body, follow=True)

    @pytest.fixture
    def branch(self):
        branch = BranchFactory()
        team(branch)
        for _ in range(2):
            case_to_visit(now=SEVEN, branch=branch, overdue="20000")
        return branch

    def test_a_supervisor_proposes_looks_and_accepts(self, client, sign_in, branch):
        supervisor = sign_in(Role.SUPERVISOR, branch)

        page = self.propose(client, branch)
        plan = Plan.objects.get()
        accepted = act(client, "plan", "accept", plan)

        plan.refresh_from_db()
        assert "Accept this plan" in page.content.decode()
        assert accepted.status_code == 200
        assert (plan.status, plan.decided_by) == (PlanStatus.ACCEPTED, supervisor)
        assert set(plan.visits.values_list("status", flat=True)) == {Status.PLANNED}

    def test_a_plan_is_rejected(self, client, sign_in, branch):
        sign_in(Role.SUPERVISOR, branch)
        self.propose(client, branch)

        act(client, "plan", "reject", Plan.objects.get())

        assert Plan.objects.get().status == PlanStatus.REJECTED

    def test_what_cannot_be_done_is_said(self, client, sign_in, branch):
        sign_in(Role.SUPERVISOR, branch)
        self.propose(client, branch)
        act(client, "plan", "accept", Plan.objects.get())

        again = act(client, "plan", "accept", Plan.objects.get())
        another = self.propose(client, branch)

        assert "decided already" in again.content.decode()
        assert "accepted at this branch already" in another.content.decode()

    def test_nobody_plans_for_another_branch(self, client, sign_in, branch):
        sign_in(Role.SUPERVISOR)

        page = self.propose(client, branch)

        assert "Select a valid choice" in page.content.decode()
        assert not Plan.objects.exists()

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
    def test_who_only_looks_does_not_decide(self, client, sign_in, branch, role):
        plan = proposed_visit(now=SEVEN).plan
        sign_in(role)

        act(client, "plan", "accept", plan)

        assert client.get(reverse("admin:visits_plan_propose")).status_code == 403
        assert self.propose(client, branch).status_code == 403
        assert "Accept this plan" not in client.get(page_of(plan)).content.decode()
        assert Plan.objects.get(pk=plan.pk).status == PlanStatus.PROPOSED

    def test_a_plan_of_another_branch_is_not_decided(self, client, sign_in):
        plan = proposed_visit(now=SEVEN).plan
        sign_in(Role.SUPERVISOR)

        act(client, "plan", "accept", plan)

        assert Plan.objects.get(pk=plan.pk).status == PlanStatus.PROPOSED

    def test_a_rejected_plan_offers_no_buttons(self, client, sign_in, branch):
        sign_in(Role.SUPERVISOR, branch)
        self.propose(client, branch)
        act(client, "plan", "reject", Plan.objects.get())

        assert "Accept this plan" not in client.get(page_of(Plan.objects.get())).content.decode()

    def test_the_page_asks_the_database_as_often_for_one_visit_as_for_five(self, client, sign_in):
        asked = []
        for number in (1, 5):
            branch = BranchFactory()
            team(branch)
            for _ in range(number):
                case_to_visit(now=SEVEN, branch=branch, overdue="20000")
            sign_in(Role.SUPERVISOR, branch)
            self.propose(client, branch)
            plan = Plan.objects.get(branch=branch)
            asked.append((plan.visits.count(), queries_of(client, page_of(plan))))

        assert [visits for visits, _queries in asked] == [1, 5]
        assert asked[0][1] == asked[1][1]


class TestVisit:
    def test_a_supervisor_calls_a_visit_off_for_a_reason(self, client, sign_in):
        visit = planned_visit(now=SEVEN)
        sign_in(Role.SUPERVISOR, visit.plan.branch)

        act(client, "visit", "call_off", visit, reason="WEATHER")

        assert Visit.objects.get(pk=visit.pk).cancel_reason == CancelReason.WEATHER

    def test_without_a_reason_it_is_the_supervisors_decision(self, client, sign_in):
        visit = planned_visit(now=SEVEN)
        sign_in(Role.SUPERVISOR, visit.plan.branch)

        act(client, "visit", "call_off", visit)

        assert Visit.objects.get(pk=visit.pk).cancel_reason == CancelReason.SUPERVISOR

    @pytest.mark.parametrize("reason", ["REFUSED_BY_GATE", "PAID", "nonsense"])
    def test_reasons_that_are_not_a_persons_are_not_given(self, client, sign_in, reason):
        visit = planned_visit(now=SEVEN)
        sign_in(Role.SUPERVISOR, visit.plan.branch)

        act(client, "visit", "call_off", visit, reason=reason)

        assert Visit.objects.get(pk=visit.pk).status == Status.PLANNED

    def test_a_visit_under_way_is_not_called_off(self, client, sign_in):
        visit = visit_under_way()
        sign_in(Role.SUPERVISOR, visit.plan.branch)

        page = act(client, "visit", "call_off", visit)

        assert Visit.objects.get(pk=visit.pk).status == Status.UNDER_WAY
        assert "cannot become" in page.content.decode()

    def test_who_only_looks_calls_nothing_off(self, client, sign_in):
        visit = planned_visit(now=SEVEN)
        sign_in(Role.AUDITOR)

        act(client, "visit", "call_off", visit)

        assert Visit.objects.get(pk=visit.pk).status == Status.PLANNED

    def test_the_page_tells_the_whole_visit_and_no_full_name(self, client, sign_in):
        visit = finished_visit()
        sign_in(Role.SUPERVISOR, visit.plan.branch)

        page = client.get(page_of(visit)).content.decode()

        assert "promise to pay" in page
        assert "Take no cash" in page
        assert visit.customer.name not in page

    def test_nothing_of_it_can_be_written(self, client, sign_in):
        visit = planned_visit(now=SEVEN)
        sign_in(Role.ADMINISTRATOR)

        assert client.post(page_of(visit), {"status": "DONE"}).status_code == 403
        assert client.get(reverse("admin:visits_visit_add")).status_code == 403


def page_of(row):
    return reverse(f"admin:visits_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(
    "model", ["checkin", "checkout", "record", "incident", "visitevent", "plan", "visit"]
)
def test_evidence_is_looked_at_by_its_own_branch(client, sign_in, model):
    visit = finished_visit()
    break_off(visit_under_way(case=case_to_visit(branch=visit.plan.branch)))
    changelist = reverse(f"admin:visits_{model}_changelist")

    sign_in(Role.SUPERVISOR, visit.plan.branch)
    own = client.get(changelist)
    sign_in(Role.SUPERVISOR)
    others = client.get(changelist)

    assert own.context["cl"].result_count >= 1
    assert others.context["cl"].result_count == 0
    assert client.get(reverse(f"admin:visits_{model}_add")).status_code == 403


@pytest.mark.parametrize(
    "model", ["checkin", "checkout", "record", "incident", "visitevent", "visit", "device"]
)
def test_every_page_opens(client, sign_in, model):
    visit = finished_visit()
    break_off(visit_under_way(case=case_to_visit(branch=visit.plan.branch)))
    sign_in(Role.ADMINISTRATOR)

    (first, *_) = client.get(reverse(f"admin:visits_{model}_changelist")).context["cl"].result_list

    assert client.get(page_of(first)).status_code == 200


class TestTeamsAndShifts:
    def test_a_supervisor_makes_a_team_whose_members_are_of_its_date(self, client, sign_in):
        supervisor = sign_in(Role.SUPERVISOR)
        pair = [UserFactory(branch=supervisor.branch) for _ in range(2)]
        body = {
            "branch": supervisor.branch.pk,
            "date": "2026-11-20",
            "name": "own",
            "starts_at_0": "2026-11-20",
            "starts_at_1": "09:00",
            "ends_at_0": "2026-11-20",
            "ends_at_1": "17:00",
            "teammember_set-TOTAL_FORMS": 2,
            "teammember_set-INITIAL_FORMS": 0,
            "teammember_set-0-user": pair[0].pk,
            "teammember_set-1-user": pair[1].pk,
        }

        client.post(reverse("admin:visits_team_add"), body)

        made = Team.objects.get()
        assert set(made.members.all()) == set(pair)
        assert {member.date for member in TeamMember.objects.all()} == {TODAY}

    def test_only_the_own_field_staff_get_shifts(self, client, sign_in):
        supervisor = sign_in(Role.SUPERVISOR)
        own, stranger = UserFactory(branch=supervisor.branch), UserFactory()
        times = {
            "date": "2026-11-20",
            "starts_at_0": "2026-11-20",
            "starts_at_1": "09:00",
            "ends_at_0": "2026-11-20",
            "ends_at_1": "17:00",
        }

        for user in (own, stranger, supervisor):
            client.post(reverse("admin:visits_shift_add"), {"user": user.pk, **times})

        assert Shift.objects.get().user == own

    def test_the_list_of_teams_names_their_members_in_constant_queries(self, client, sign_in):
        branch = BranchFactory()
        sign_in(Role.SUPERVISOR, branch)

        page = reverse("admin:visits_team_changelist")

        team(branch)
        one = queries_of(client, page)
        for _ in range(3):
            team(branch)
        four = queries_of(client, page)

        assert client.get(page).context["cl"].result_count == 4
        assert one == four


class TestDevices:
    def test_a_supervisor_revokes_a_device_once(self, client, sign_in):
        device = DeviceFactory()
        sign_in(Role.SUPERVISOR, device.user.branch)

        act(client, "device", "revoke", device)
        again = act(client, "device", "revoke", device)

        assert Device.objects.get().revoked_at == SEVEN
        assert "revoked before" in again.content.decode()
        put_out = AuditEntry.objects.get(kind="LOG_OUT")
        assert put_out.subject == f"accounts.user:{device.user_id}"
        assert put_out.by.role == Role.SUPERVISOR

    def test_not_of_another_branch(self, client, sign_in):
        device = DeviceFactory()
        sign_in(Role.SUPERVISOR)

        act(client, "device", "revoke", device)

        assert Device.objects.get().revoked_at is None

    def test_the_token_is_nowhere_to_be_seen(self, client, sign_in):
        device = DeviceFactory()
        sign_in(Role.ADMINISTRATOR)

        assert device.token_sha256 not in client.get(page_of(device)).content.decode()

    @pytest.mark.parametrize(("role", "status"), [(Role.SUPERVISOR, 403), (Role.AUDITOR, 200)])
    def test_failed_log_ins_are_for_those_who_see_every_branch(self, client, sign_in, role, status):
        LoginAttempt.objects.create(username="x", address=None, at=TEN - timedelta(hours=1), succeeded=False)
        sign_in(role)

        assert client.get(reverse("admin:visits_loginattempt_changelist")).status_code == status
