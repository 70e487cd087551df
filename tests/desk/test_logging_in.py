"""Every log-in, failed log-in and log-out at the desk is an entry of the audit ledger, or does not happen."""

import json

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.models.staff import Role
from compliance.audit import log_ins
from compliance.models import AuditEntry
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
LOG_IN = "/admin/login/"


@pytest.fixture
def officer(baotou):
    return UserFactory(role=Role.SUPERVISOR, branch=baotou, username="wang", password=make_password(PASSWORD))


def log_in(client, username="wang", password=PASSWORD, **more):
    return client.post(LOG_IN, {"username": username, "password": password, **more})


def entries():
    rows = AuditEntry.objects.order_by("seq")
    return [(row.chain, row.kind, row.subject, row.by, json.loads(row.body)["detail"]) for row in rows]


def test_the_desk_has_the_door_of_the_admin():
    assert (reverse("admin:login"), reverse("login")) == (LOG_IN, LOG_IN)
    assert reverse("admin:logout") == reverse("logout") == "/admin/logout/"


def test_a_log_in_is_recorded(client, officer):
    answer = log_in(client, next="/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert entries() == [("PEOPLE", "LOG_IN", f"accounts.user:{officer.pk}", officer, {"door": "DESK"})]


def test_one_comes_to_where_one_wanted_to_go(client, officer):
    page = client.get("/admin/map/", follow=True)
    assert 'name="next" value="/admin/map/"' in page.content.decode()

    assert log_in(client, next="/admin/map/")["Location"] == "/admin/map/"
    assert log_in(Client(), next="//elsewhere.example/")["Location"] != "//elsewhere.example/"


def test_who_is_in_already_is_led_to_the_desk(client, officer):
    log_in(client)

    assert client.get(LOG_IN)["Location"] == "/admin/"
    assert AuditEntry.objects.count() == 1


def test_a_wrong_password_is_recorded_without_it(client, officer):
    answer = log_in(client, password="the wrong one")

    assert answer.status_code == 200
    assert entries() == [("PEOPLE", "LOG_IN_FAILED", f"accounts.user:{officer.pk}", None, {"door": "DESK"})]
    assert "the wrong one" not in AuditEntry.objects.get().body


def test_a_name_nobody_has_is_kept_as_a_keyed_hash_only(client, db):
    for typed in ("MyPassw0rd!", "mypassw0rd!", "another"):
        log_in(client, username=typed)

    first, again, other = AuditEntry.objects.order_by("seq")
    assert first.subject == again.subject != other.subject
    assert first.subject.startswith("unknown:")
    assert "passw0rd" not in " ".join(row.body for row in (first, again, other)).lower()


def test_field_staff_at_the_desk_are_a_failed_log_in(client, baotou):
    agent = UserFactory(role=Role.FIELD_AGENT, branch=baotou, username="li", password=make_password(PASSWORD))

    assert log_in(client, username="li").status_code == 200
    assert [(kind, subject) for _, kind, subject, _, _ in entries()] == [
        ("LOG_IN_FAILED", f"accounts.user:{agent.pk}")
    ]


@pytest.mark.parametrize("said", [{}, {"username": "wang"}, {"username": "\x00", "password": "x"}])
def test_half_a_form_is_no_try(client, officer, said):
    assert client.post(LOG_IN, said).status_code == 200
    assert entries() == []


def test_a_log_out_is_recorded_and_needs_a_post(client, officer):
    log_in(client)

    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 200
    assert client.get("/admin/").status_code == 302
    assert [kind for _, kind, _, _, _ in entries()] == ["LOG_IN", "LOG_OUT"]
    assert client.post("/admin/logout/").status_code == 302  # nobody is there to log out
    assert AuditEntry.objects.count() == 2


def test_who_cannot_be_recorded_does_not_come_in(officer, monkeypatch):
    def fail(**entry):
        raise DatabaseError("the chain is not there")

    monkeypatch.setattr(log_ins, "record", fail)
    client = Client(raise_request_exception=False)

    assert log_in(client).status_code == 500
    assert client.get("/admin/").status_code == 302


def test_a_form_of_somebody_elses_page_does_not_log_in(officer):
    client = Client(enforce_csrf_checks=True)

    assert log_in(client).status_code == 403
    assert entries() == []
