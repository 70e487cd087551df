"""Who may do what over the API: one table, and nothing beside it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.models.staff import Role
from tests.accounts.factories import UserFactory
from tests.surfaces import api_operations
from tests.visits.factories import TEN, DeviceFactory, members, notified_visit, team

# Each row: method, route, then the status for each kind of caller. The visit is one that its team may begin now,
# so that whoever belongs to the team gets 409 for steps that come later. Another team's visit does not exist (404).
TABLE = """
                    nobody unknown revoked expired idle left promoted elsewhere colleague officer agent
GET    schema       200    200     200     200     200  200  200      200       200       200     200
POST   devices      400    400     400     400     400  400  400      400       400       400     400
DELETE device       401    401     401     401     401  401  403      204       204       204     204
GET    today        401    401     401     401     401  401  403      200       200       200     200
GET    unreported   401    401     401     401     401  401  403      200       200       200     200
GET    visit        401    401     401     401     401  401  403      404       404       200     200
POST   check-in     401    401     401     401     401  401  403      404       404       201     201
POST   confirm-identity 401 401    401     401     401  401  403      404       404       409     409
POST   consents     401    401     401     401     401  401  403      404       404       409     409
POST   record       401    401     401     401     401  401  403      404       404       409     409
POST   check-out    401    401     401     401     401  401  403      404       404       409     409
POST   abort        401    401     401     401     401  401  403      404       404       409     409
GET    promises     401    401     401     401     401  401  403      404       404       200     200
POST   promises     401    401     401     401     401  401  403      404       404       409     409
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
POLICY = [
    (method, route, who, int(status))
    for method, route, *statuses in LINES
    for who, status in zip(HEAD, statuses, strict=True)
]

WITHOUT_VISIT = ("schema", "devices", "device", "today", "unreported")
FOUND = {"party": "DEBTOR", "address_state": "VALID", "result": "PROMISE"}

CONSENT = {
    "kind": "ENTRY",
    "answer": "GIVEN",
    "party": "DEBTOR",
    "name": "the customer",
    "how": "SPOKEN",
    "given_at": TEN.isoformat(),
}


def words(route, visit):
    """A report that is right in its form."""
    report = {"reference": str(uuid4()), "client_at": TEN.isoformat()}
    return {
        "check-in": {**report, "present": [one.pk for one in members(visit)]},
        "confirm-identity": {**report, "party": "DEBTOR", "factors": ["FULL_NAME", "BIRTH_DATE"]},
        "consents": {**report, **CONSENT},
        "record": {**report, **FOUND},
        "check-out": report,
        "abort": {**report, "kind": "NO_ACCESS", "account": "The gate is locked."},
        "promises": {"reference": str(uuid4()), "amount": "100.00", "due_on": TEN.date().isoformat()},
    }.get(route, {})


def client_of(user, **device):
    token = uuid4().hex
    DeviceFactory(user=user, token=token, **device)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
    return client


def unknown_client():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Device of-nobody")
    return client


def client_for(who, visit):
    agent, officer = members(visit)
    if who in ("left", "promoted"):
        changes = {"left": {"is_active": False}, "promoted": {"role": Role.SUPERVISOR}}
        client = client_of(agent)
        User.objects.filter(pk=agent.pk).update(**changes[who])
        return client
    return {
        "nobody": APIClient,
        "unknown": unknown_client,
        "revoked": lambda: client_of(agent, revoked_at=TEN),
        "expired": lambda: client_of(agent, expires_at=TEN),
        "idle": lambda: client_of(agent, enrolled_at=TEN - timedelta(hours=72)),
        "elsewhere": lambda: client_of(UserFactory(role=Role.FIELD_AGENT)),
        "colleague": lambda: client_of(team(visit.plan.branch).members.first()),
        "officer": lambda: client_of(officer),
        "agent": lambda: client_of(agent),
    }[who]()


@pytest.fixture
def visit(db, monkeypatch, database_clock):
    """A visit that may begin this minute, of a team of an agent and a security officer."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    database_clock(TEN)
    visit = notified_visit()
    User.objects.filter(pk=members(visit)[1].pk).update(role=Role.SECURITY_OFFICER)
    return visit


@pytest.mark.parametrize(("method", "route", "who", "status"), POLICY)
def test_the_api_serves_whom_it_should(visit, method, route, who, status):
    url = reverse(route, args=[] if route in WITHOUT_VISIT else [visit.pk])

    send = getattr(client_for(who, visit), method.lower())
    answer = send(url) if method == "GET" else send(url, words(route, visit), format="json")

    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Device"


def test_the_table_covers_every_operation():
    assert sorted((method, route) for method, route, *_ in LINES) == api_operations()


@pytest.mark.parametrize("role", Role.values)
def test_only_field_staff_log_in_with_a_phone(db, role):
    user = UserFactory(role=role)
    user.set_password("right-and-long")
    user.save()
    who = {"username": user.username, "password": "right-and-long", "device": "phone"}

    answer = APIClient().post(reverse("devices"), who, format="json")

    goes_out = role in (Role.FIELD_AGENT, Role.SECURITY_OFFICER)
    assert answer.status_code == (201 if goes_out else 401)
