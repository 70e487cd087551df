"""The database refuses on its own, whatever code asks it: through the ORM and through raw SQL."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models.staff import Role
from compliance.models import Clearance, Contact, Disclosure, Refusal, Restriction
from compliance.restrictions import AlreadyLifted, EndsBeforeItStarts, enter_restriction, lift_restriction
from compliance.terms import Channel, RestrictionKind
from config.ledger import LedgerChanged
from tests.accounts.factories import CustomerFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
ZONES = {
    "Asia/Shanghai": ["Asia/Shanghai"],
    "America/New_York": ["America/New_York"],
    "Asia/Kathmandu": ["Asia/Kathmandu"],
    "Asia/Urumqi": ["Asia/Shanghai", "Asia/Urumqi"],
}


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def permit(customer, officer, *, at, lives=timedelta(seconds=60), channel="SMS", purpose="PAYMENT_REMINDER"):
    """A clearance written behind the gate's back, as a determined programmer would."""
    return Clearance.objects.create(
        customer=customer,
        channel=channel,
        purpose=purpose,
        asked_by=officer,
        decided_at=at,
        at=at,
        facts={},
        rulebook="x",
        rules=[],
        expires_at=at + lives,
    )


def write_by_orm(clearance, officer, at):
    Contact.objects.create(
        clearance=clearance,
        customer_id=clearance.customer_id,
        channel=clearance.channel,
        purpose=clearance.purpose,
        staff_present=2,
        made_at=at,
        made_by=officer,
    )


def write_by_sql(clearance, officer, at):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO compliance_contact (id, clearance_id, customer_id, channel, purpose, party, staff_present,"
            " made_at, made_by_id) VALUES (%s, %s, %s, %s, %s, 'DEBTOR', 2, %s, %s)",
            [
                uuid4(),
                clearance.pk,
                clearance.customer_id,
                clearance.channel,
                clearance.purpose,
                at,
                officer.pk,
            ],
        )


@pytest.mark.parametrize("write", [write_by_orm, write_by_sql])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ((7, 59, 59, 999_999), False),
        ((8, 0, 0, 0), True),
        ((20, 59, 59, 999_999), True),
        ((21, 0, 0, 0), False),
        ((0, 0, 0, 0), False),
    ],
)
def test_the_database_keeps_the_hours(officer, database_clock, write, zone, moment, allowed):
    at = datetime(2026, 11, 23, *moment, tzinfo=ZoneInfo(zone))
    customer = CustomerFactory(time_zones=ZONES[zone])
    database_clock(at)
    clearance = permit(customer, officer, at=at)

    if allowed:
        write(clearance, officer, at)
        assert Contact.objects.count() == 1
        return
    with pytest.raises(IntegrityError, match="contact refused"), transaction.atomic():
        write(clearance, officer, at)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("hour", "allowed"), [(9, False), (10, True), (20, True), (21, False), (22, False)])
def test_the_database_wants_every_zone_open(officer, database_clock, hour, allowed):
    at = datetime(2026, 11, 23, hour, tzinfo=SHANGHAI)
    database_clock(at)
    clearance = permit(CustomerFactory(time_zones=ZONES["Asia/Urumqi"]), officer, at=at)

    if allowed:
        write_by_orm(clearance, officer, at)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            write_by_orm(clearance, officer, at)


@pytest.mark.parametrize("zones", [[], ["Mars/Olympus"]])
def test_the_database_is_closed_where_the_zone_is_unknown(officer, database_clock, zones):
    database_clock(NOON)
    clearance = permit(CustomerFactory(time_zones=zones), officer, at=NOON)

    with pytest.raises(DatabaseError), transaction.atomic():
        write_by_orm(clearance, officer, NOON)


def test_it_is_the_databases_clock_that_counts_not_what_the_row_says(officer, database_clock):
    database_clock(datetime(2026, 11, 23, 23, tzinfo=SHANGHAI))
    clearance = permit(CustomerFactory(), officer, at=NOON, lives=timedelta(days=2))

    with pytest.raises(IntegrityError, match="contact refused"), transaction.atomic():
        write_by_orm(clearance, officer, NOON)


def test_without_a_test_clock_the_wall_follows_the_real_one(officer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT abs(extract(epoch from compliance_now() - clock_timestamp())) < 5")
        assert cursor.fetchone()[0]


@pytest.mark.parametrize(("seconds", "allowed"), [(59.999, True), (60, False)])
def test_a_clearance_expires_in_the_database_too(officer, database_clock, seconds, allowed):
    clearance = permit(CustomerFactory(), officer, at=NOON)
    later = NOON + timedelta(seconds=seconds)
    database_clock(later)

    if allowed:
        write_by_orm(clearance, officer, later)
    else:
        with pytest.raises(IntegrityError, match="expired"), transaction.atomic():
            write_by_orm(clearance, officer, later)


def test_a_visit_by_one_person_is_no_row(officer, database_clock):
    database_clock(NOON)
    clearance = permit(CustomerFactory(), officer, at=NOON, channel="VISIT", purpose="VISIT_START")

    with pytest.raises(IntegrityError, match="nobody_visits_alone"), transaction.atomic():
        Contact.objects.create(
            clearance=clearance,
            customer_id=clearance.customer_id,
            channel="VISIT",
            purpose="VISIT_START",
            staff_present=1,
            made_at=NOON,
            made_by=officer,
        )


def test_a_plan_is_not_a_contact(officer, database_clock):
    database_clock(NOON)
    clearance = permit(CustomerFactory(), officer, at=NOON, channel="VISIT", purpose="VISIT_PLAN")

    with pytest.raises(IntegrityError), transaction.atomic():
        write_by_orm(clearance, officer, NOON)


LEDGERS = ["compliance_clearance", "compliance_refusal", "compliance_contact", "compliance_disclosure"]


@pytest.mark.parametrize("table", LEDGERS)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET customer_id = customer_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_application_may_not_change_a_ledger(db, table, statement):
    with (
        pytest.raises(DatabaseError, match="permission denied|never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("table", LEDGERS)
def test_the_application_may_not_switch_the_walls_off(db, table):
    with (
        pytest.raises(DatabaseError, match="must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def test_the_application_may_not_move_the_databases_clock(db):
    with (
        pytest.raises(DatabaseError, match="must be owner|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "CREATE OR REPLACE FUNCTION compliance_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'"
        )


@pytest.mark.parametrize("model", [Clearance, Refusal, Contact, Disclosure])
def test_ledgers_refuse_in_the_orm(db, model):
    with pytest.raises(LedgerChanged):
        model.objects.update(customer=None)
    with pytest.raises(LedgerChanged):
        model.objects.all().delete()


def restriction(officer, **changes):
    given = {
        "customer": CustomerFactory(),
        "kind": RestrictionKind.HOSPITAL,
        "channels": [Channel.VISIT],
        "starts_at": NOON,
        "ends_at": NOON + timedelta(days=90),
        "evidence": "letter of the hospital",
        "by": officer,
        "now": NOON,
    }
    return enter_restriction(**{**given, **changes})


def test_a_restriction_ends_after_it_starts(officer):
    with pytest.raises(EndsBeforeItStarts):
        restriction(officer, ends_at=NOON)


def test_a_restriction_is_lifted_once(officer):
    entered = restriction(officer)

    lift_restriction(entered, by=officer, now=NOON)

    with pytest.raises(AlreadyLifted):
        lift_restriction(entered, by=officer, now=NOON)
    assert not Restriction.objects.in_force(at=NOON).exists()


def test_a_restriction_is_never_rewritten_or_deleted(officer):
    entered = restriction(officer)

    for change in (
        lambda: Restriction.objects.filter(pk=entered.pk).update(ends_at=NOON + timedelta(days=1)),
        lambda: Restriction.objects.filter(pk=entered.pk).update(evidence_kind="MEDICAL"),
        lambda: Restriction.objects.filter(pk=entered.pk).update(review_on=None),
        lambda: Restriction.objects.filter(pk=entered.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="lifted|put later|permission denied"), transaction.atomic():
            change()


def test_entering_a_restriction_asks_for_a_fresh_assessment(officer):
    from tests.accounts.factories import overdue_case

    case = overdue_case(now=NOON)

    restriction(officer, customer=case.customer, now=NOON + timedelta(hours=1))

    case.refresh_from_db()
    assert case.facts_changed_at == NOON + timedelta(hours=1)
