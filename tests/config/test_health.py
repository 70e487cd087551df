from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import path
from kombu.exceptions import OperationalError

from config import health
from config.health import Finding
from config.models import JobRun

urlpatterns = [path("livez", health.livez), path("readyz", health.readyz)]
pytestmark = pytest.mark.urls(__name__)

FINE = Finding(True)


def tick(at, *, name="heartbeat", finished=True):
    JobRun.objects.create(
        name=name, slot=at, started_at=at, finished_at=at if finished else None, result="ok"
    )


@pytest.fixture
def all_fine(monkeypatch):
    for part in ("database", "broker", "worker"):
        monkeypatch.setattr(health, f"look_at_{part}", lambda: FINE)


def ask(address):
    return Client().get(address)


def test_livez_answers_without_touching_database_session_or_broker():
    response = ask("/livez")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_readyz_is_200_when_all_parts_are_at_work(all_fine):
    now = datetime.now(UTC)
    tick(now)

    response = ask("/readyz")

    assert response.status_code == 200
    content = response.json()
    assert datetime.fromisoformat(content.pop("last_tick")) == now.replace(
        microsecond=now.microsecond // 1000 * 1000
    )
    assert content == {"ready": True} | dict.fromkeys(("database", "broker", "worker", "beat"), "ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["database", "broker", "worker", "beat"])
def test_readyz_is_503_and_names_the_part_that_is_not_at_work(all_fine, monkeypatch, part):
    tick(datetime.now(UTC))
    broken = Finding(False, "broken")
    monkeypatch.setattr(health, f"look_at_{part}", lambda **_: broken)

    response = ask("/readyz")

    content = response.json()
    assert (response.status_code, content["ready"], content[part]) == (503, False, "broken")


NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "says"), [(45, "ok"), (45.001, "the last tick arrived 45 s ago")])
def test_a_beat_may_be_silent_for_45_seconds(age, says):
    tick(NOW - timedelta(seconds=age))
    tick(NOW - timedelta(hours=2))

    assert health.look_at_beat(now=NOW).says == says


@pytest.mark.django_db
def test_only_finished_heartbeats_prove_that_beat_works():
    tick(NOW, name="dispatch messages")
    tick(NOW, finished=False)

    assert health.look_at_beat(now=NOW) == Finding(False, "no tick has ever arrived")


def test_without_database_or_broker_what_hangs_on_them_is_not_asked(monkeypatch):
    lost = Finding(False, "no connection")
    monkeypatch.setattr(health, "look_at_database", lambda: lost)
    monkeypatch.setattr(health, "look_at_broker", lambda: lost)

    findings = health.look_at_everything(now=NOW)

    assert {part: finding.says for part, finding in findings.items()} == {
        "database": "no connection",
        "broker": "no connection",
        "worker": "not known without broker",
        "beat": "not known without database",
    }


def test_a_broker_that_answers_is_fine_and_a_silent_worker_is_not(monkeypatch):
    monkeypatch.setattr(health, "WORKER_ANSWERS_WITHIN", 0.05)

    assert health.look_at_broker() == FINE
    assert health.look_at_worker() == Finding(False, "no worker answered within 0.05 s")


def test_a_lost_broker_is_a_finding_not_an_error(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(health.app, "connection_for_read", refuse)
    monkeypatch.setattr(health.app, "connection_for_write", refuse)

    assert health.look_at_broker() == Finding(False, "no connection (OperationalError)")
    assert health.look_at_worker() == Finding(False, "cannot be asked (OperationalError)")


def test_a_lost_database_is_a_finding_not_an_error(monkeypatch):
    def refuse():
        raise DatabaseError("gone")

    monkeypatch.setattr(health.connection, "cursor", refuse)

    assert health.look_at_database() == Finding(False, "no connection (DatabaseError)")


@pytest.mark.django_db
def test_only_reading_is_answered():
    assert Client().post("/readyz").status_code == 405
