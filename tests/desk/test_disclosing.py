"""Personal data in clear: for a reason, remembered first, or not at all."""

import uuid

import pytest
from django.db import DatabaseError

from accounts.models import Customer
from accounts.models.staff import Role
from compliance import audit
from compliance.models import AuditEntry, Disclosure
from compliance.quota import set_quota
from tests.accounts.factories import PhoneFactory
from tests.desk import scenes
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

IDENTITY = "150203198801012343"
NUMBER = "+8613911112222"


@pytest.fixture
def case(baotou):
    case = visits.case_to_visit(now=scenes.NOW, branch=baotou, identity_number=IDENTITY)
    PhoneFactory(customer=case.customer, number=NUMBER)
    return case


def identity(case):
    return f"/admin/cases/{case.pk}/identity/"


def phone(case):
    chosen = case.customer.phones.get(number_masked__endswith="2222")
    return f"/admin/cases/{case.pk}/phones/{chosen.pk}/"


@pytest.mark.parametrize(("address", "value"), [(identity, IDENTITY), (phone, NUMBER)])
def test_the_value_is_shown_once_and_the_reason_kept(supervisor, case, address, value):
    asked = {"code": "IDENTITY", "reason": "the customer asks which number we hold"}
    answer = supervisor.post(address(case), asked)

    assert value in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    (row,) = Disclosure.objects.all()
    assert (row.customer, row.by, row.at) == (case.customer, supervisor.user, scenes.NOW)
    assert (row.reason_code, row.reason) == ("IDENTITY", "the customer asks which number we hold")
    assert value not in supervisor.get(f"/admin/cases/{case.pk}/").content.decode()
    entry = AuditEntry.objects.get(kind="DISCLOSURE")
    assert (entry.subject, entry.by) == (f"compliance.disclosure:{row.pk}", supervisor.user)
    assert entry.subject_digest == audit.digest_of(row)
    assert value not in entry.body


@pytest.mark.parametrize("code", ["", "UNCODED", "CURIOUS"])
@pytest.mark.parametrize("address", [identity, phone])
def test_without_a_reason_of_the_list_nothing_is_shown(supervisor, case, address, code):
    answer = supervisor.post(address(case), {"code": code, "reason": "I like to know"}, follow=True)

    assert "Nothing was shown" in answer.content.decode()
    assert IDENTITY not in answer.content.decode()
    assert NUMBER not in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_what_cannot_be_remembered_is_not_shown(supervisor, case, monkeypatch):
    opened = []
    monkeypatch.setattr(Customer, "unseal_identity_number", lambda self: opened.append(self))

    def full_disk(**row):
        raise DatabaseError("could not extend file")

    monkeypatch.setattr(Disclosure.objects, "create", full_disk)

    with pytest.raises(DatabaseError):
        supervisor.post(identity(case), {"code": "LEGAL"})

    assert opened == []


@pytest.mark.parametrize("address", [identity, phone])
def test_looking_is_a_post(supervisor, case, address):
    assert supervisor.get(address(case)).status_code == 405
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("address", [identity, phone])
def test_an_auditor_is_shown_nothing(auditor, case, address):
    assert auditor.post(address(case), {"code": "AUDIT"}).status_code == 403
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("address", [identity, phone])
def test_neither_is_the_supervisor_of_another_branch(browser_of, new_york, case, address):
    stranger = browser_of(Role.SUPERVISOR, branch=new_york)

    assert stranger.post(address(case), {"code": "CALL"}).status_code == 404
    assert not Disclosure.objects.exists()


def test_a_number_the_bank_withdrew_is_not_shown(supervisor, case):
    case.customer.phones.update(withdrawn_at=scenes.NOW)

    assert supervisor.post(phone(case), {"code": "CALL"}).status_code == 404
    assert not Disclosure.objects.exists()


def test_the_phone_of_somebody_else_is_not_reached_through_this_case(supervisor, case, baotou):
    other = visits.case_to_visit(now=scenes.NOW, branch=baotou)
    address = f"/admin/cases/{case.pk}/phones/{other.customer.phones.get().pk}/"

    assert supervisor.post(address, {"code": "CALL"}).status_code == 404
    assert (
        supervisor.post(f"/admin/cases/{case.pk}/phones/{uuid.uuid4()}/", {"code": "CALL"}).status_code == 404
    )


def test_a_number_that_was_never_told_is_said_to_be_unknown(supervisor, case):
    Customer.objects.filter(pk=case.customer_id).update(
        identity_number_sealed=None, identity_number_index=None, identity_number_masked=""
    )

    answer = supervisor.post(identity(case), {"code": "LEGAL"}, follow=True)

    assert "The bank never told a valid value." in answer.content.decode()


def test_whoever_was_shown_enough_is_told_when_the_next_is_possible(supervisor, case):
    set_quota(role="", per_hour=1, per_day=1, by=supervisor.user, now=scenes.NOW)
    supervisor.post(identity(case), {"code": "IDENTITY"})

    answer = supervisor.post(phone(case), {"code": "CALL"}, follow=True)

    said = answer.content.decode()
    assert "The next is possible at 2026-11-21 10:30" in said
    assert NUMBER not in said
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("role", [Role.COMPLIANCE_OFFICER, Role.AUDITOR])
def test_who_saw_what_is_read_by_those_who_watch(browser_of, supervisor, case, role):
    supervisor.post(identity(case), {"code": "IDENTITY", "reason": "at the counter"})
    reader = browser_of(role)

    said = reader.get(f"/admin/cases/{case.pk}/seen/").content.decode()

    assert str(supervisor.user) in said
    assert "to verify who somebody is" in said
    assert "at the counter" in said
    assert IDENTITY not in said
    assert f"/admin/cases/{case.pk}/seen/" in reader.get(f"/admin/cases/{case.pk}/").content.decode()


def test_the_branch_sees_it_too_and_another_branch_does_not(browser_of, supervisor, new_york, case):
    stranger = browser_of(Role.SUPERVISOR, branch=new_york)

    assert supervisor.get(f"/admin/cases/{case.pk}/seen/").status_code == 200
    assert stranger.get(f"/admin/cases/{case.pk}/seen/").status_code == 404


def test_who_saw_what_is_a_constant_number_of_queries(
    supervisor, browser_of, baotou, case, django_assert_max_num_queries
):
    reader = browser_of(Role.AUDITOR)
    for _ in range(12):
        person = browser_of(Role.SUPERVISOR, branch=baotou)
        person.post(identity(case), {"code": "IDENTITY"})

    with django_assert_max_num_queries(10):
        assert reader.get(f"/admin/cases/{case.pk}/seen/").status_code == 200
