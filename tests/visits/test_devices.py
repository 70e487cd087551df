import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models.staff import Role
from compliance.models import AuditEntry
from tests.accounts.factories import UserFactory
from tests.visits.factories import TEN
from visits.devices import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_NAME,
    LIVES,
    LOCK_LOOKS_BACK,
    MAY_IDLE,
    AlreadyRevoked,
    TooManyAttempts,
    WrongCredentials,
    device_of,
    enrol,
    revoke,
)
from visits.models import Device, LoginAttempt

PASSWORD = "a long walk in the rain"
MICROSECOND = timedelta(microseconds=1)


def agent(**fields):
    return UserFactory(password=make_password(PASSWORD), **fields)


def log_in(user, *, password=PASSWORD, now=TEN, address="10.0.0.1"):
    return enrol(username=user.username, password=password, name="phone", address=address, now=now)


def fail(user, *, times=1, now=TEN, address="10.0.0.1"):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            log_in(user, password="wrong", now=now, address=address)


@pytest.mark.django_db
class TestToken:
    def test_it_opens_its_device_and_is_kept_only_as_a_hash(self):
        device, token = log_in(agent())

        assert device_of(token, now=TEN) == device
        assert len(token) >= 43
        assert token not in str(Device.objects.values().get())

    @pytest.mark.parametrize("token", ["", "made up", "x" * 10_000])
    def test_what_nobody_was_given_opens_nothing(self, token):
        log_in(agent())

        assert device_of(token, now=TEN) is None

    def test_it_ends_after_thirty_days_however_busy(self):
        device, token = log_in(agent())
        last = TEN + LIVES - MICROSECOND
        Device.objects.update(last_seen_at=last)

        assert device_of(token, now=last) == device
        assert device_of(token, now=TEN + LIVES) is None

    def test_it_ends_after_72_idle_hours(self):
        device, token = log_in(agent())

        assert device_of(token, now=TEN + MAY_IDLE) is None
        assert device_of(token, now=TEN + MAY_IDLE - MICROSECOND) == device

    def test_use_keeps_it_alive(self):
        device, token = log_in(agent())

        for days in (2, 4, 6):
            assert device_of(token, now=TEN + timedelta(days=days)) == device

    def test_being_seen_is_written_once_a_minute_at_most(self, django_assert_num_queries):
        _device, token = log_in(agent())

        with django_assert_num_queries(1):
            device_of(token, now=TEN + timedelta(seconds=60))
        with django_assert_num_queries(2):
            device_of(token, now=TEN + timedelta(seconds=61))

    def test_it_ends_when_revoked_and_with_its_owner(self):
        owner = agent()
        device, token = log_in(owner)
        other, other_token = log_in(owner)

        revoke(device, by=owner, now=TEN)
        assert device_of(token, now=TEN) is None
        assert device_of(other_token, now=TEN) == other
        with pytest.raises(AlreadyRevoked):
            revoke(device, by=owner, now=TEN)

        owner.is_active = False
        owner.save()
        assert device_of(other_token, now=TEN) is None


@pytest.mark.django_db
class TestLogIn:
    @pytest.mark.parametrize(
        "who",
        [{"role": Role.SUPERVISOR}, {"role": Role.AUDITOR}, {"is_active": False}],
        ids=["supervisor", "auditor", "dismissed"],
    )
    def test_only_field_staff_log_in(self, who):
        with pytest.raises(WrongCredentials):
            log_in(agent(**who))

        assert not Device.objects.exists()

    def test_security_officers_go_out_too(self):
        assert log_in(agent(role=Role.SECURITY_OFFICER))

    def test_every_try_is_kept(self):
        user = agent()
        fail(user)
        log_in(user)

        tries = LoginAttempt.objects.order_by("pk").values_list("username", "succeeded", "address")
        assert list(tries) == [(user.username, False, "10.0.0.1"), (user.username, True, "10.0.0.1")]

    def test_every_try_is_in_the_audit_ledger(self):
        user = agent()
        fail(user)
        with pytest.raises(WrongCredentials):
            enrol(username="nobody", password="x", name="phone", address=None, now=TEN)
        device, _token = log_in(user)
        revoke(device, by=user, now=TEN)

        rows = AuditEntry.objects.order_by("seq")
        assert [(row.kind, row.by) for row in rows] == [
            ("LOG_IN_FAILED", None), ("LOG_IN_FAILED", None), ("LOG_IN", user), ("LOG_OUT", user),
        ]  # fmt: skip
        mine = f"accounts.user:{user.pk}"
        assert [row.subject == mine for row in rows] == [True, False, True, True]
        assert json.loads(rows[2].body)["detail"] == {"door": "PHONE", "device": str(device.pk)}
        assert not any("nobody" in row.body for row in rows)

    def test_after_five_failures_the_right_password_waits_too(self):
        user = agent()
        fail(user, times=FAILURES_PER_NAME)

        with pytest.raises(TooManyAttempts) as locked:
            log_in(user, now=TEN + timedelta(minutes=5))

        assert locked.value.wait == timedelta(minutes=10)
        assert log_in(user, now=TEN + LOCK_LOOKS_BACK)

    def test_four_failures_lock_nothing(self):
        user = agent()
        fail(user, times=FAILURES_PER_NAME - 1)

        assert log_in(user)

    def test_the_case_of_the_name_does_not_help(self):
        user = agent(username="Wang")
        fail(user, times=3)
        for _ in range(2):
            with pytest.raises(WrongCredentials):
                enrol(username="WANG", password="x", name="phone", address=None, now=TEN)

        with pytest.raises(TooManyAttempts):
            log_in(user)

    def test_one_name_does_not_lock_another(self):
        fail(agent(), times=FAILURES_PER_NAME)

        assert log_in(agent())

    def test_an_address_that_tries_many_names_is_locked(self):
        LoginAttempt.objects.bulk_create(
            LoginAttempt(username=f"n{number}", address="10.0.0.9", at=TEN, succeeded=False)
            for number in range(FAILURES_PER_ADDRESS)
        )
        user = agent()

        with pytest.raises(TooManyAttempts):
            log_in(user, address="10.0.0.9")
        assert log_in(user, address="10.0.0.10")


def test_parallel_guesses_are_counted_one_by_one(committed_db):
    user = agent()
    start, answers = Barrier(8), []

    def guess():
        start.wait()
        try:
            log_in(user, password="wrong")
        except (WrongCredentials, TooManyAttempts) as answer:
            answers.append(type(answer))
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(WrongCredentials) == FAILURES_PER_NAME
    assert LoginAttempt.objects.count() == FAILURES_PER_NAME


@pytest.mark.django_db
class TestOverHttp:
    def post(self, user, password=PASSWORD):
        body = {"username": user.username, "password": password, "device": "phone"}
        return APIClient().post(reverse("devices"), body, format="json")

    def test_log_in_use_log_out(self):
        answer = self.post(agent())
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Device {answer.data['token']}")

        assert answer.status_code == 201
        assert client.get(reverse("today")).status_code == 200
        assert client.delete(reverse("device")).status_code == 204
        assert client.get(reverse("today")).status_code == 401
        assert list(AuditEntry.objects.order_by("seq").values_list("kind", flat=True)) == [
            "LOG_IN",
            "LOG_OUT",
        ]

    def test_a_wrong_password_is_401_and_a_locked_name_429(self):
        user = agent()

        answers = [self.post(user, "wrong") for _ in range(FAILURES_PER_NAME + 1)]

        assert [answer.status_code for answer in answers] == [401] * FAILURES_PER_NAME + [429]
        assert answers[0].headers["WWW-Authenticate"] == "Device"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= LOCK_LOOKS_BACK.total_seconds()

    def test_the_password_is_taken_as_typed(self):
        user = UserFactory(password=make_password(" spaces around "))

        assert self.post(user, " spaces around ").status_code == 201

    def test_a_stale_token_does_not_keep_a_phone_from_logging_in(self):
        user = agent()
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device stale")
        body = {"username": user.username, "password": PASSWORD, "device": "phone"}

        assert client.post(reverse("devices"), body, format="json").status_code == 201
