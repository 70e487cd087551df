"""What the gate decides is in the chain as it is in its ledgers: nothing is left out, nothing reads back differently."""

from datetime import timedelta

import pytest

from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Ask, Refused
from compliance.models import AuditEntry, Clearance, Contact, Refusal
from compliance.terms import Channel, Purpose
from tests.accounts.factories import UserFactory, overdue_case
from tests.compliance.audit_scenes import NOON, verified

NIGHT = NOON.replace(hour=23)


@pytest.fixture
def supervisor(db):
    return UserFactory(role=Role.SUPERVISOR)


def sms(at, *, until=None):
    case = overdue_case(now=NOON)
    phone = case.customer.phones.first()
    return Ask(
        case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, at, until or at, phone_id=phone and phone.pk
    )


def plan(at):
    case = overdue_case(now=NOON)
    return Ask(case.customer_id, Channel.VISIT, Purpose.VISIT_PLAN, at, at + timedelta(minutes=30), staff=2)


def test_all_that_the_gate_writes_verifies(supervisor, database_clock, tmp_path):
    database_clock(NOON)
    with gate.clearance(sms(NOON), by=supervisor, now=NOON) as clearance:
        gate.make_contact(clearance, by=supervisor, now=NOON)
    with gate.clearances(
        [plan(NOON + timedelta(days=1)), plan(NIGHT + timedelta(days=1))], by=supervisor, now=NOON
    ):
        pass
    database_clock(NIGHT)
    with pytest.raises(Refused), gate.clearance(sms(NIGHT), by=supervisor, now=NIGHT):
        pass

    report = verified(tmp_path)

    written = Clearance.objects.count() + Contact.objects.count() + Refusal.objects.count()
    assert [it.bad.says for it in report.chains.values() if it.bad] == []
    assert report.chains["DECISIONS"].entries == written == 5


def test_a_body_that_fails_leaves_neither_row_nor_entry(supervisor, database_clock):
    database_clock(NOON)

    with pytest.raises(RuntimeError), gate.clearance(sms(NOON), by=supervisor, now=NOON) as clearance:
        gate.make_contact(clearance, by=supervisor, now=NOON)
        raise RuntimeError

    assert not AuditEntry.objects.exists()
    assert not Clearance.objects.exists()
