"""The certificate counts what must never be, however it came into the ledger."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from compliance.certificate import (
    NoSuchCertificate,
    issue_certificate,
    issued_certificate,
    issued_certificates,
)
from compliance.gate import Purpose
from compliance.models import AuditEntry, Contact
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, sms

PERIOD = {"since": at(0), "until": at(0, day=24)}
NOW = at(9, day=24)
TABLE = "compliance_contact"
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'compliance_contact'::regclass AND (contype IN ('c', 'f') OR contype = 'u' AND NOT EXISTS (
    SELECT FROM pg_constraint needs WHERE needs.confrelid = 'compliance_contact'::regclass
    AND needs.conindid = pg_constraint.conindid
))
"""


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def told(case, officer):
    """A visit announced at noon, of which several may be."""
    return make(sms(case, purpose=Purpose.VISIT_NOTICE), by=officer, now=NOON)


def issued(officer, **period):
    return issue_certificate(**{**PERIOD, **period}, by=officer, now=NOW)


def found(certificate):
    return {
        name: getattr(certificate, name)
        for name in ("outside", "without_clearance", "after_expiry", "alone", "used_twice")
        if getattr(certificate, name)
    }


def test_contacts_by_way_of_the_gate_hold(officer):
    told(overdue_case(now=NOON), officer)

    certificate = issued(officer)

    assert (certificate.contacts, found(certificate), certificate.holds) == (1, {}, True)
    assert (certificate.scope, certificate.examples) == ("", ())


def test_the_period_is_half_open(officer):
    told(overdue_case(now=NOON), officer)

    counts = [
        issued(officer, since=since, until=until).contacts
        for since, until in ((NOON, at(13)), (at(11), NOON), (NOON + timedelta(microseconds=1), at(13)))
    ]

    assert counts == [1, 0, 0]


@pytest.mark.parametrize(
    ("since", "until"), [(NOON, NOON), (at(13), NOON), (NOON, NOW + timedelta(seconds=1))]
)
def test_a_period_has_begun_and_is_over(officer, since, until):
    with pytest.raises(ValueError, match="From"):
        issued(officer, since=since, until=until)


def test_a_customer_whose_zone_became_unknown_or_another_counts_as_outside(officer):
    for zones in ([], ["America/New_York"]):
        case = overdue_case(now=NOON)
        told(case, officer)
        case.customer.time_zones = zones
        case.customer.save()

    assert found(issued(officer)) == {"outside": 1}  # the decision itself saw a zone, in which it was noon


def test_it_is_its_entry_in_the_audit_chain(officer):
    told(overdue_case(now=NOON), officer)

    certificate = issued(officer)

    entry = AuditEntry.objects.get(subject="compliance.certificate")
    assert (certificate.number, certificate.hash) == (entry.seq, entry.hash)
    assert (entry.kind, entry.by) == ("EXPORT", officer)
    assert issued_certificate(entry.seq, user=officer) == certificate
    assert issued_certificates(user=officer) == [certificate]


def test_who_does_not_read_the_audit_chain_reads_no_certificate(officer):
    number = issued(officer).number

    supervisor = UserFactory(role=Role.SUPERVISOR, branch=BranchFactory())

    assert issued_certificates(user=supervisor) == []
    for user, asked in ((supervisor, number), (officer, number + 1)):
        with pytest.raises(NoSuchCertificate):
            issued_certificate(asked, user=user)


def test_it_covers_what_its_issuer_may_see(officer):
    here, there = (
        overdue_case(now=NOON, branch=BranchFactory(code=code, name=code)) for code in ("HERE", "THERE")
    )
    for case in (here, there):
        told(case, officer)
    supervisor = UserFactory(role=Role.SUPERVISOR, branch=here.branch)
    nobody = UserFactory(role=Role.FIELD_AGENT, branch=here.branch)

    covered = [(one.contacts, one.scope) for one in map(issued, (officer, supervisor, nobody))]

    assert covered == [(2, ""), (1, str(here.branch)), (0, str(here.branch))]


def test_one_query_over_the_contacts(officer):
    counts = []
    for _one in range(2):
        told(overdue_case(now=NOON), officer)
        with CaptureQueriesContext(connection) as queries:
            issued(officer)
        counts.append(sum(TABLE in query["sql"] for query in queries))

    assert counts == [1, 1]


# What the gate and the walls would never let in


@pytest.fixture
def forger(committed_db):
    """`forger(contact, made_at=…)`: a copy of the contact with such columns, written by the database's owner."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(CONSTRAINTS)
        walls = cursor.fetchall()
        for name, _definition in walls:
            cursor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')
    forged = []

    def forge(contact, **changes):
        names = [field.column for field in Contact._meta.concrete_fields]
        values = {name: getattr(contact, name) for name in names} | {"id": uuid4()} | changes
        _as_owner(
            f"INSERT INTO {TABLE} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})",
            [values[name] for name in names],
        )
        forged.append(values["id"])
        return values["id"]

    try:
        yield forge
    finally:
        _as_owner(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [forged])
        with owner.cursor() as cursor:
            for name, definition in walls:
                cursor.execute(f'ALTER TABLE {TABLE} ADD CONSTRAINT "{name}" {definition}')


def _as_owner(statement, values):
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


@pytest.fixture
def scene(forger):
    """A contact of noon, and another customer's."""
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    mine, other = (told(overdue_case(now=NOON), officer) for _one in range(2))
    return officer, mine, other


FORGED = {
    "on another one's clearance": (
        lambda mine, other: {"customer_id": other.customer_id},
        {"without_clearance", "used_twice"},
    ),
    "by another channel": (lambda mine, other: {"channel": "CALL"}, {"without_clearance", "used_twice"}),
    "on no clearance": (lambda mine, other: {"clearance_id": uuid4()}, {"without_clearance"}),
    "a second time": (lambda mine, other: {}, {"used_twice"}),
    "too late": (lambda mine, other: {"made_at": at(12, 1)}, {"after_expiry", "used_twice"}),
    "too early": (lambda mine, other: {"made_at": at(11, 59)}, {"after_expiry", "used_twice"}),
    "at nine in the evening": (
        lambda mine, other: {"made_at": at(21)},
        {"outside", "after_expiry", "used_twice"},
    ),
    "before eight": (
        lambda mine, other: {"made_at": at(7, 59, 59)},
        {"outside", "after_expiry", "used_twice"},
    ),
    "alone": (
        lambda mine, other: {"channel": "VISIT", "staff_present": 1, "clearance_id": uuid4()},
        {"alone", "without_clearance"},
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_contact_is_found(scene, forger, what):
    officer, mine, other = scene
    changes, expected = FORGED[what]
    number = forger(mine, **changes(mine, other))

    certificate = issued(officer)

    assert not certificate.holds
    assert certificate.contacts == 3
    assert set(found(certificate)) == expected
    assert str(number) in certificate.examples
    assert str(other.pk) not in certificate.examples
