"""The agents' API over HTTP semantics: who may, when, what is said, and that a retry is no second deed."""

from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Case, User
from accounts.models.staff import Role
from compliance.models import Contact, Refusal
from tests.accounts.factories import BranchFactory, UserFactory
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    case_to_visit,
    confirmed_visit,
    members,
    notified_visit,
    proposed_visit,
    record,
    team,
    visit_under_way,
)
from visits.models import Device, Visit
from visits.models.visits import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch, database_clock):
    """`at(moment)` sets the clock of the web process and of the database."""

    def set_both(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        database_clock(moment)

    set_both(TEN)
    return set_both


def phone(user, *, enrolled_at=TEN - timedelta(hours=1), **device):
    token = uuid4().hex
    DeviceFactory(user=user, token=token, enrolled_at=enrolled_at, **device)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
    return client


def phone_of(visit, **device):
    return phone(members(visit)[0], **device)


def url(step, visit):
    return reverse(step, args=[visit.pk])


def envelope(*, at=TEN, **said):
    return {"reference": str(uuid4()), "client_at": at.isoformat(), **said}


def arriving(visit, **said):
    return envelope(**{"present": [one.pk for one in members(visit)], **said})


FOUND = {"party": "DEBTOR", "address_state": "VALID", "result": "PROMISE"}
CONFIRMED = {"party": "DEBTOR", "factors": ["FULL_NAME", "IDENTITY_LAST_FOUR"]}
CONSENT = {
    "kind": "ENTRY",
    "answer": "GIVEN",
    "party": "DEBTOR",
    "name": "李女士",
    "how": "SPOKEN",
    "given_at": TEN.isoformat(),
}


class TestADay:
    def test_from_the_door_to_the_next_step(self, at):
        visit = notified_visit()
        agent = phone_of(visit)

        arrived = agent.post(url("check-in", visit), arriving(visit), format="json")
        agent.post(url("confirm-identity", visit), envelope(**CONFIRMED), format="json")
        found = agent.post(url("record", visit), envelope(**FOUND, notes="呼叫后承诺周五"), format="json")
        left = agent.post(url("check-out", visit), envelope(), format="json")

        assert [arrived.status_code, found.status_code, left.status_code] == [201, 201, 201]
        assert agent.get(url("visit", visit)).data["status"] == "DONE"

    def test_today_shows_what_the_team_needs_and_no_telephone(self, at):
        visit = notified_visit()
        proposed_visit(case=case_to_visit(branch=visit.plan.branch), crew=visit.team)

        (shown,) = phone_of(visit).get(reverse("today")).data

        assert shown["id"] == str(visit.pk)
        assert shown["customer"]["name"] == "李*"
        assert shown["address"]["text"] == str(visit.address)
        assert [one["id"] for one in shown["team"]["members"]] == [one.pk for one in members(visit)]
        assert shown["contingency"]["hotline"] == visit.plan.branch.hotline
        assert shown["still_overdue"] is True
        assert visit.customer.phones.get().number_masked not in str(shown)

    def test_today_says_when_a_visit_may_begin_by_law(self, at):
        visit = notified_visit()

        (shown,) = phone_of(visit).get(reverse("today")).data

        (window,) = shown["may_begin"]
        assert datetime.fromisoformat(window["first"]) == TEN.replace(hour=8)
        assert datetime.fromisoformat(window["last"]) == TEN.replace(hour=20, minute=29, second=59)

    def test_today_is_the_branchs_day_in_order(self, at):
        branch = BranchFactory()
        crew = team(branch)
        starts = [TEN + timedelta(hours=2), TEN, TEN + timedelta(hours=1)]
        for start in starts:
            notified_visit(start=start, now=TEN, case=case_to_visit(branch=branch), crew=crew)
        agent = phone(crew.members.first())

        today = agent.get(reverse("today")).data
        at(TEN.replace(hour=0) + timedelta(days=1))
        tomorrow = agent.get(reverse("today")).data

        assert [one["planned_start"] for one in today] == sorted(one["planned_start"] for one in today)
        assert (len(today), tomorrow) == (3, [])

    def test_times_are_written_by_the_branchs_clock(self, at):
        branch = BranchFactory(time_zone="America/New_York")
        start = TEN.replace(hour=22)  # nine in the morning in New York
        visit = notified_visit(start=start, case=case_to_visit(branch=branch, time_zones=[branch.time_zone]))
        at(start)

        (shown,) = phone_of(visit).get(reverse("today")).data

        assert shown["planned_start"] == "2026-11-20T09:00:00-05:00"
        assert shown["may_begin"][0]["first"] == "2026-11-20T08:00:00-05:00"

    @pytest.mark.parametrize("visits", [1, 4])
    def test_today_asks_the_database_as_often_for_one_visit_as_for_four(
        self, at, visits, django_assert_num_queries
    ):
        branch = BranchFactory()
        crew = team(branch)
        for _ in range(visits):
            notified_visit(case=case_to_visit(branch=branch), crew=crew)
        agent = phone(crew.members.first(), enrolled_at=TEN)

        with django_assert_num_queries(5):  # the device, the visits, members, confirmations, consents
            assert len(agent.get(reverse("today")).data) == visits


STEPS = {
    "visit": ("get", lambda _: None),
    "check-in": ("post", arriving),
    "confirm-identity": ("post", lambda _: envelope(**CONFIRMED)),
    "consents": ("post", lambda _: envelope(**CONSENT)),
    "record": ("post", lambda _: envelope(**FOUND)),
    "check-out": ("post", lambda _: envelope()),
    "abort": ("post", lambda _: envelope(kind="NO_ACCESS", account="Gate shut.")),
}


def supervisor(visit):
    return UserFactory(role=Role.SUPERVISOR, branch=visit.plan.branch)


WHO = {
    "nobody": (lambda visit: APIClient(), 401),
    "a made-up token": (lambda visit: stranger_with("Device made-up"), 401),
    "a token of another scheme": (lambda visit: stranger_with("Bearer made-up"), 401),
    "a revoked device": (lambda visit: phone_of(visit, revoked_at=TEN), 401),
    "an expired device": (lambda visit: phone_of(visit, expires_at=TEN), 401),
    "an idle device": (lambda visit: phone_of(visit, last_seen_at=TEN - timedelta(hours=72)), 401),
    "a dismissed agent": (lambda visit: phone_of(dismissed(visit)), 401),
    "an agent of another team": (lambda visit: phone(UserFactory(branch=visit.plan.branch)), 404),
    "an agent of another branch": (lambda visit: phone(UserFactory()), 404),
    "a supervisor with a phone": (lambda visit: phone(supervisor(visit)), 403),
    "an auditor with a phone": (lambda visit: phone(UserFactory(role=Role.AUDITOR)), 403),
}


def stranger_with(header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    return client


def dismissed(visit):
    User.objects.filter(teams=visit.team).update(is_active=False)
    return visit


class TestPermissions:
    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("who", WHO)
    def test_a_visit_is_for_its_own_team(self, at, who, step):
        visit = notified_visit()
        (client, status), (method, body) = (WHO[who][0](visit), WHO[who][1]), STEPS[step]

        answer = getattr(client, method)(url(step, visit), body(visit), format="json")

        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert Visit.objects.get(pk=visit.pk).status == Status.NOTIFIED

    @pytest.mark.parametrize("who", WHO)
    def test_the_day_of_others_is_not_shown(self, at, who):
        visit = notified_visit()
        client, status = WHO[who][0](visit), WHO[who][1]

        answer = client.get(reverse("today"))

        assert (
            (answer.status_code, answer.data) == (200, []) if status == 404 else answer.status_code == status
        )

    def test_what_is_only_proposed_is_not_shown_to_agents(self, at):
        visit = proposed_visit()

        assert phone_of(visit).get(url("visit", visit)).status_code == 404

    def test_a_revoked_device_is_out_at_the_very_next_request(self, at):
        agent = phone_of(notified_visit())

        before = agent.get(reverse("today")).status_code
        Device.objects.update(revoked_at=TEN)
        after = agent.get(reverse("today")).status_code

        assert (before, after) == (200, 401)


class TestHours:
    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
    @pytest.mark.parametrize(
        ("local", "status", "rules"),
        [
            (time(7, 59, 59, 999999), 403, {"WIN-BANK", "WIN-CN"}),
            (time(8), 201, set()),
            (time(20, 29, 59, 999999), 201, set()),
            (time(20, 30), 403, {"WIN-CUTOFF"}),
            (time(20, 59, 59, 999999), 403, {"WIN-CUTOFF"}),
            (time(21), 403, {"WIN-BANK"}),
            (time(23, 59, 59), 403, {"WIN-BANK", "WIN-CN"}),
        ],
    )
    def test_at_the_edges_of_the_day(self, at, zone, local, status, rules):
        branch = BranchFactory(time_zone=zone)
        moment = datetime.combine(TEN.date(), local, ZoneInfo(zone))
        noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
        earlier = noon - timedelta(days=1)
        case = case_to_visit(now=earlier, branch=branch, time_zones=[zone])
        visit = notified_visit(start=noon, now=earlier, case=case)
        agent = phone_of(visit, enrolled_at=earlier)
        at(moment)

        answer = agent.post(url("check-in", visit), arriving(visit, at=moment), format="json")

        assert answer.status_code == status
        assert Contact.objects.count() == (status == 201)
        if rules:
            assert rules <= {reason["rule"] for reason in answer.data["reasons"]}
            assert answer.data["type"] == "refused"
            assert answer.data["next_allowed_at"].astimezone(ZoneInfo(zone)).hour == 8
            assert answer.data["refusal"] == str(Refusal.objects.get(customer=visit.customer).pk)

    def test_a_customer_who_may_be_in_two_zones_is_visited_when_both_are_awake(self, at):
        case = case_to_visit(now=TEN, time_zones=["Asia/Shanghai", "Asia/Urumqi"])
        visit = notified_visit(start=TEN.replace(hour=11), now=TEN, case=case)
        agent = phone_of(visit)

        early = TEN.replace(hour=9, minute=59)
        at(early)
        too_early = agent.post(url("check-in", visit), arriving(visit, at=early), format="json").status_code
        at(TEN)
        in_both = agent.post(url("check-in", visit), arriving(visit), format="json").status_code

        assert (too_early, in_both) == (403, 201)


REPORTS = ["check-in", "confirm-identity", "consents", "record", "check-out", "abort"]


class TestRetries:
    @pytest.mark.parametrize("step", REPORTS)
    def test_the_same_report_gets_the_same_answer(self, at, step):
        visit = notified_visit() if step == "check-in" else confirmed_visit()
        if step == "check-out":
            record(visit)
        agent, body = phone_of(visit), STEPS[step][1](visit)

        first = agent.post(url(step, visit), body, format="json")
        at(TEN + timedelta(hours=1))
        again = agent.post(url(step, visit), body, format="json")

        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()

    @pytest.mark.parametrize("step", REPORTS)
    def test_another_report_under_its_reference_is_a_conflict(self, at, step):
        visit = notified_visit() if step == "check-in" else confirmed_visit()
        if step == "check-out":
            record(visit)
        agent, body = phone_of(visit), STEPS[step][1](visit)

        agent.post(url(step, visit), body, format="json")
        other = agent.post(
            url(step, visit), {**body, "client_at": (TEN + timedelta(seconds=1)).isoformat()}, format="json"
        )

        assert other.status_code == 409


class TestInput:
    @pytest.mark.parametrize(
        ("step", "wrong", "field"),
        [
            ("check-in", {"client_at": "2026-11-20T10:00:00"}, "client_at"),
            ("check-in", {"reference": "1"}, "reference"),
            ("check-in", {"present": []}, "present"),
            ("check-in", {"place": {"latitude": 91, "longitude": 0}}, "place"),
            ("check-in", {"place": {"latitude": 40}}, "place"),
            ("record", {"party": "NOBODY"}, "result"),
            ("record", {"party": "FAMILY"}, "result"),
            ("record", {"result": "NO_CONTACT"}, "result"),
            ("record", {"address_state": "NICE"}, "address_state"),
            ("abort", {"kind": "SAFETY"}, "danger"),
            ("abort", {"danger": "THREAT"}, "danger"),
            ("abort", {"account": ""}, "account"),
        ],
    )
    def test_what_is_wrong_is_named(self, at, step, wrong, field):
        visit = notified_visit() if step == "check-in" else visit_under_way()

        answer = phone_of(visit).post(url(step, visit), {**STEPS[step][1](visit), **wrong}, format="json")

        assert answer.status_code == 400
        assert list(answer.data["errors"]) == [field]

    def test_where_nothing_is_owed_any_more_the_team_turns_back(self, at):
        visit = notified_visit()
        Case.objects.filter(pk=visit.case_id).update(overdue_amount=0)
        agent = phone_of(visit)

        before = agent.get(url("visit", visit)).data["still_overdue"]
        answer = agent.post(url("check-in", visit), arriving(visit), format="json")

        assert before is False
        assert answer.status_code == 409
        assert agent.get(url("visit", visit)).data["status"] == "CANCELLED"


def test_the_schema_names_every_step_and_its_problems(client):
    schema = client.get(reverse("schema"), HTTP_ACCEPT="application/json")
    paths = schema.json()["paths"]

    for step in REPORTS:
        operation = paths[f"/api/v1/visits/{{id}}/{step}/"]["post"]
        assert {"201", "400", "401", "403", "404", "409"} <= set(operation["responses"])
        assert "Device-Time" in {one["name"] for one in operation["parameters"]}
    assert "security" not in paths["/api/v1/devices/"]["post"]
