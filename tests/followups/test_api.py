"""Promises over the agents' API: whose visit, what form, and that a retry is no second promise."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models.staff import Role
from followups.models import Promise
from tests.accounts.factories import UserFactory
from tests.followups.factories import DAY, TEN, TODAY, close
from tests.visits.factories import DeviceFactory, confirmed_visit, finished_visit, members, notified_visit

SAID = {"amount": "1000.00", "due_on": str(TODAY + 3 * DAY)}


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    database_clock(TEN)


def phone(user):
    token = uuid4().hex
    DeviceFactory(user=user, token=token, enrolled_at=TEN - timedelta(hours=1))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
    return client


def url(visit):
    return reverse("promises", args=[visit.pk])


def post(visit, user=None, **said):
    body = {"reference": str(uuid4()), **SAID, **said}
    return phone(user or members(visit)[0]).post(url(visit), body, format="json")


def test_a_promise_is_recorded_by_the_team_at_the_door():
    visit = confirmed_visit()

    answer = post(visit)

    made = Promise.objects.get()
    assert answer.status_code == 201
    assert (made.visit, made.case, made.recorded_by) == (visit, visit.case, members(visit)[0])
    assert answer.data == {
        "id": str(made.pk),
        "reference": str(made.reference),
        "visit": str(visit.pk),
        "amount": "1000.00",
        "currency": "CNY",
        "due_on": "2026-11-23",
        "grace_days": 1,
        "status": "OPEN",
        "paid_amount": "0.00",
        "recorded_at": answer.data["recorded_at"],
    }


def test_a_retry_gets_the_same_promise():
    visit, reference = confirmed_visit(), str(uuid4())

    first, again = post(visit, reference=reference), post(visit, reference=reference)

    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert Promise.objects.count() == 1


def test_the_same_reference_for_another_promise_conflicts():
    visit, reference = confirmed_visit(), str(uuid4())
    post(visit, reference=reference)

    answer = post(visit, reference=reference, amount="2000.00")

    assert answer.status_code == 409
    assert Promise.objects.get().amount == Decimal("1000.00")


def test_what_was_promised_can_be_read():
    visit = confirmed_visit()
    made = post(visit).data

    assert phone(members(visit)[1]).get(url(visit)).data == [made]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"amount": "5000.01"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"due_on": str(TODAY - DAY)}, "due_on"),
        ({"due_on": str(TODAY + 32 * DAY)}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"reference": "1"}, "reference"),
    ],
)
def test_what_is_wrong_is_told_by_field(said, field):
    answer = post(confirmed_visit(), **said)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert list(answer.data["errors"]) == [field]
    assert not Promise.objects.exists()


def test_before_the_visit_begins_nothing_is_promised():
    assert post(notified_visit()).status_code == 409


def test_later_on_the_day_it_still_can_be():
    assert post(finished_visit()).status_code == 201


def test_on_a_closed_case_nothing_is_promised():
    visit = confirmed_visit()
    close(visit.case)

    assert post(visit).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_visit_is_not_there(method):
    visit = confirmed_visit()
    stranger = phone(UserFactory(role=Role.FIELD_AGENT, branch=visit.plan.branch))

    assert getattr(stranger, method)(url(visit), SAID, format="json").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_device_nobody_is_let_in(method):
    answer = getattr(APIClient(), method)(url(confirmed_visit()), SAID, format="json")

    assert answer.status_code == 401


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_the_office_does_not_promise_for_the_agents(role):
    visit = confirmed_visit()

    assert post(visit, UserFactory(role=role)).status_code == 403
