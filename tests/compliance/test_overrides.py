"""Overrides: only where the rule allows, by two persons of the right role, once, for a day at most."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Channel, Purpose
from compliance.loading.history import serves
from compliance.models import AuditEntry, Clearance, Override, OverrideUse, Refusal
from compliance.overrides import (
    AlreadyDecided,
    NoOverride,
    NotForYou,
    approve_override,
    reject_override,
    request_override,
    roles_that_approve,
)
from compliance.restrictions import enter_restriction
from compliance.terms import OverrideReason, RestrictionKind
from tests.accounts.factories import UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, refused, sms

DAY = timedelta(hours=24)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def case(db):
    return overdue_case(now=NOON)


@pytest.fixture
def supervisor(case):
    return UserFactory(role=Role.SUPERVISOR, branch=case.branch)


@pytest.fixture
def second(case):
    return UserFactory(role=Role.SUPERVISOR, branch=case.branch)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


@pytest.fixture
def agent(case):
    return UserFactory(role=Role.FIELD_AGENT, branch=case.branch)


def seven_contacts(case, by):
    """So that an eighth needs an override (FRQ-7D), and nothing else does."""
    for day in range(17, 24):
        make(sms(case, at(9, day=day), Purpose.VISIT_NOTICE), by=by, now=at(9, day=day))


@pytest.fixture
def refusal(case, agent):
    seven_contacts(case, agent)
    return refused(eighth(case), by=agent, now=NOON)


def eighth(case, moment=NOON):
    return sms(case, moment, Purpose.VISIT_NOTICE)


def request(refusal, by, now=NOON):
    return request_override(
        refusal=refusal, reason_code=OverrideReason.CUSTOMER_ASKED, reason="asked to be told", by=by, now=now
    )


def granted(refusal, supervisor, second, now=NOON):
    asked = request(refusal, supervisor, now)
    approve_override(asked, by=second, now=now)
    return asked


def test_what_two_people_approved_passes_once(case, refusal, agent, supervisor, second):
    override = granted(refusal, supervisor, second)

    contact = make(eighth(case), by=agent, now=NOON + MICROSECOND * 0)

    assert contact.clearance.override_use.override == override
    assert [(one["rule"], one["override"]) for one in contact.clearance.hits] == [
        ("FRQ-7D", str(override.pk))
    ]
    assert refused(eighth(case, at(13)), by=agent, now=at(13)).rule_ids == ["FRQ-7D"]


def test_the_last_moment_of_the_day(case, refusal, agent, supervisor, second):
    override = granted(refusal, supervisor, second)

    assert override.valid_until == NOON + DAY
    assert Override.objects.valid(at=NOON + DAY - MICROSECOND).exists()
    assert not Override.objects.valid(at=NOON + DAY).exists()


def test_a_visit_needs_it_for_its_plan_and_for_its_start():
    assert serves("VISIT", "VISIT_START", ["VISIT_PLAN"])
    assert not serves("SMS", "PAYMENT_REMINDER", ["VISIT_NOTICE"])
    assert not serves("VISIT", "VISIT_NOTICE", [])


def test_nobody_decides_alone(refusal, supervisor):
    asked = request(refusal, supervisor)

    with pytest.raises(NotForYou):
        approve_override(asked, by=supervisor, now=NOON)
    with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
        Override.objects.update(
            status="APPROVED", decided_at=NOON, decided_by=supervisor, valid_until=NOON + DAY
        )


def test_nobody_decides_on_a_contact_they_wanted_themselves(case, supervisor, second):
    seven_contacts(case, second)
    own = refused(eighth(case), by=second, now=NOON)

    with pytest.raises(NotForYou, match=r"own|本人|自己"):
        approve_override(request(own, supervisor), by=second, now=NOON)


@pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_neither_ask_nor_approve(refusal, supervisor, role):
    somebody = UserFactory(role=role, branch=refusal.customer.branch)

    with pytest.raises(NotForYou):
        request(refusal, somebody)
    asked = request(refusal, supervisor)
    with pytest.raises(NotForYou):
        approve_override(asked, by=somebody, now=NOON)


def test_a_supervisor_of_another_branch_does_not_decide(refusal, supervisor):
    elsewhere = UserFactory(role=Role.SUPERVISOR)

    with pytest.raises(NotForYou):
        approve_override(request(refusal, supervisor), by=elsewhere, now=NOON)


def test_a_block_takes_a_compliance_officer(case, agent, supervisor, second, officer):
    hold(case, RestrictionKind.BEREAVEMENT, officer)
    blocked = refused(sms(case), by=agent, now=NOON)
    assert roles_that_approve(blocked) == {"COMPLIANCE_OFFICER"}
    asked = request(blocked, supervisor)

    with pytest.raises(NotForYou):
        approve_override(asked, by=second, now=NOON)
    approve_override(asked, by=officer, now=NOON)

    assert make(sms(case), by=agent, now=NOON)


def hold(case, kind, officer):
    enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="told",
        by=officer,
        now=NOON,
    )


@pytest.mark.parametrize("moment", [at(7), at(21), at(23)])
def test_the_hours_have_no_override_by_anybody(case, agent, supervisor, moment):
    at_night = refused(sms(case, moment), by=agent, now=moment)

    with pytest.raises(NoOverride):
        request(at_night, supervisor, moment)
    with pytest.raises(IntegrityError, match="has no override"), transaction.atomic():
        Override.objects.create(
            customer=case.customer,
            refusal=at_night,
            channel="SMS",
            rules=["WIN-BANK"],
            reason_code="OTHER",
            reason="x",
            requested_at=moment,
            requested_by=supervisor,
        )


def test_a_rule_that_did_not_refuse_is_not_overridden_in_advance(refusal, supervisor):
    with pytest.raises(IntegrityError, match="has no override here"), transaction.atomic():
        Override.objects.create(
            customer=refusal.customer,
            refusal=refusal,
            channel="SMS",
            rules=["FRQ-7D", "FRQ-SMS"],
            reason_code="OTHER",
            reason="x",
            requested_at=NOON,
            requested_by=supervisor,
        )


def test_it_serves_no_other_channel_and_no_other_customer(case, refusal, agent, supervisor, second):
    other = overdue_case(now=NOON)
    override = granted(refusal, supervisor, second)
    clearance = make(sms(other), by=agent, now=NOON).clearance

    with pytest.raises(IntegrityError, match="does not serve"), transaction.atomic():
        OverrideUse.objects.create(
            override=override, purpose=clearance.purpose, clearance=clearance, used_at=NOON
        )
    verdict = gate.preview([case.customer_id], channel=Channel.LETTER, purpose=Purpose.VISIT_NOTICE, at=NOON)
    assert not verdict[case.customer_id].allowed


def test_another_rule_that_comes_up_meanwhile_still_stops(case, refusal, agent, supervisor, second, officer):
    granted(refusal, supervisor, second)
    hold(case, RestrictionKind.DISPUTE, officer)

    assert refused(eighth(case), by=agent, now=NOON).rule_ids == ["ST-DISPUTE"]


def test_it_is_asked_and_decided_once(refusal, supervisor, second):
    asked = request(refusal, supervisor)
    with pytest.raises(AlreadyDecided):
        request(refusal, supervisor)
    reject_override(asked, note="no reason", by=second, now=NOON)

    with pytest.raises(AlreadyDecided):
        approve_override(asked, by=second, now=NOON)
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        Override.objects.update(status="APPROVED", valid_until=NOON + DAY)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Override.objects.all().delete()


def test_longer_than_a_day_is_refused_by_the_database(refusal, supervisor, second):
    request(refusal, supervisor)

    with pytest.raises(IntegrityError, match="a_day_at_most"), transaction.atomic():
        Override.objects.update(
            status="APPROVED", decided_at=NOON, decided_by=second, valid_until=NOON + DAY + MICROSECOND
        )


def test_a_refusal_is_never_overridden_by_writing_the_use_alone(refusal, supervisor, agent, case):
    asked = request(refusal, supervisor)
    clearance = make(sms(overdue_case(now=NOON)), by=agent, now=NOON).clearance

    with pytest.raises(IntegrityError, match="does not serve"), transaction.atomic():
        OverrideUse.objects.create(
            override=asked, purpose=clearance.purpose, clearance=clearance, used_at=NOON
        )


def test_everything_is_in_the_audit_chain(refusal, supervisor, second):
    granted(refusal, supervisor, second)

    told = [
        json.loads(entry.body)["detail"]["what"]
        for entry in AuditEntry.objects.filter(kind="OVERRIDE").order_by("seq")
    ]
    assert told == ["requested", "approved"]


def test_the_reason_is_said(refusal, supervisor):
    with pytest.raises(NoOverride):
        request_override(
            refusal=refusal, reason_code=OverrideReason.OTHER, reason=" ", by=supervisor, now=NOON
        )
    assert not Override.objects.exists()
    assert Refusal.objects.count() == 1
    assert Clearance.objects.count() == 7
    assert connection.in_atomic_block
