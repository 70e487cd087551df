"""The database as production has it: its clock as the migrations leave it, without the one that tests can set.

And its walls as they were before they looked past temporary tables, to see that these attacks are real ones.
"""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from accounts.models.staff import Role
from compliance.models import Clearance, Contact
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from config import walls
from tests.accounts.factories import CustomerFactory, UserFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def as_in_production(committed_db):
    """The clock that the migration made, in this worker's own copy of the database."""
    made = import_module("compliance.migrations.0002_walls").CLOCK
    with connections["owner"].cursor() as owner:
        owner.execute(made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    walls.pin_search_paths(connections["owner"])


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def zone_where_it_is(hour):
    """A zone whose wall clock shows about this hour at this moment. `Etc/GMT-3` is three hours east of Greenwich."""
    east = (hour - datetime.now(UTC).hour) % 24
    return f"Etc/GMT-{east}" if east <= 12 else f"Etc/GMT+{24 - east}"


def permit(zone):
    now = datetime.now(UTC)
    by = UserFactory(role=Role.SUPERVISOR)
    return Clearance.objects.create(
        customer=CustomerFactory(time_zones=[zone]),
        channel="SMS",
        purpose="PAYMENT_REMINDER",
        asked_by=by,
        decided_at=now,
        at=now,
        facts={},
        rulebook="x",
        rules=[],
        expires_at=now + HOUR,
    )


def write(clearance):
    sql(
        "INSERT INTO public.compliance_contact (id, clearance_id, customer_id, channel, purpose, party, staff_present,"
        " made_at, made_by_id) VALUES (gen_random_uuid(), %s, %s, 'SMS', 'PAYMENT_REMINDER', 'DEBTOR', 0, %s, %s)",
        clearance.pk,
        clearance.customer_id,
        clearance.at,
        clearance.asked_by_id,
    )


def test_no_migration_and_no_code_knows_the_clock_of_the_tests():
    root = Path(apps.get_app_config("config").path).parent
    packages = [Path(it.path) for it in apps.get_app_configs() if Path(it.path).parent == root]

    knowing = [
        path for package in packages for path in package.rglob("*.py") if "zoufang.now" in path.read_text()
    ]

    assert len(packages) >= 6
    assert knowing == []


def test_what_a_session_says_about_the_time_is_not_listened_to(as_in_production):
    sql("SELECT set_config('zoufang.now', '2026-11-23T12:00:00+08:00', false)")

    (difference,) = sql("SELECT abs(extract(epoch FROM compliance_now() - clock_timestamp()))")
    assert difference < 60
    night = permit(zone_where_it_is(3))
    with pytest.raises(IntegrityError, match="contact refused: it is 0"), transaction.atomic():
        write(night)
    write(permit(zone_where_it_is(12)))
    assert Contact.objects.count() == 1


def test_the_clock_goes_on_inside_a_transaction(as_in_production):
    """`now()` is when the transaction began: at 20:59 it would still let contacts out at 21:10."""
    with transaction.atomic():
        sql("SELECT now()")
        first, begun = sql("SELECT compliance_now(), now()")
        sql("SELECT pg_sleep(0.05)")
        second, still = sql("SELECT compliance_now(), now()")

    assert still == begun
    assert begun < first < second


@pytest.mark.parametrize("pinned", [True, False])
def test_without_the_pin_a_temporary_table_would_open_the_night(as_in_production, pinned):
    if not pinned:
        with connections["owner"].cursor() as owner:
            owner.execute("ALTER FUNCTION compliance_contact_wall() RESET search_path")
        assert walls.unpinned_functions(connections["owner"]) == ["compliance_contact_wall()"]
    clearance = permit(zone_where_it_is(3))
    sql("CREATE TEMPORARY TABLE accounts_customer AS SELECT * FROM public.accounts_customer")
    sql("UPDATE pg_temp.accounts_customer SET time_zones = ARRAY[%s]", zone_where_it_is(12))

    if pinned:
        with pytest.raises(IntegrityError, match="contact refused"), transaction.atomic():
            write(clearance)
    else:
        write(clearance)
    assert Contact.objects.count() == (not pinned)


@pytest.mark.parametrize("pinned", [True, False])
def test_without_the_pin_a_catalogue_of_ones_own_would_rewrite_restrictions(as_in_production, pinned):
    if not pinned:
        with connections["owner"].cursor() as owner:
            owner.execute("ALTER FUNCTION purging(regclass) RESET search_path")
    now = datetime.now(UTC)
    enter_restriction(
        customer=CustomerFactory(),
        kind=RestrictionKind.BEREAVEMENT,
        channels=[],
        starts_at=now,
        ends_at=None,
        evidence="told",
        by=UserFactory(role=Role.COMPLIANCE_OFFICER),
        now=now,
    )
    sql(
        "CREATE TEMPORARY TABLE pg_class AS SELECT oid, relname, (SELECT oid FROM pg_roles"
        " WHERE rolname = current_user) AS relowner FROM pg_catalog.pg_class"
    )
    sql("SELECT set_config('zoufang.purging', 'compliance_restriction', false)")
    rewrite = "UPDATE public.compliance_restriction SET ends_at = starts_at + interval '1 second'"

    if pinned:
        with pytest.raises(ProgrammingError, match="lifted"), transaction.atomic():
            sql(rewrite)
    else:
        sql(rewrite)


@pytest.mark.parametrize("statement", ["RESET search_path", "SET search_path = pg_temp, public"])
def test_the_next_migration_pins_what_lost_its_pin(as_in_production, statement):
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(f"ALTER FUNCTION compliance_audit_head(text) {statement}")
        cursor.execute("CREATE FUNCTION newcomer() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert walls.unpinned_functions(owner) == ["compliance_audit_head(text)", "newcomer()"]

    walls.pin_search_paths(owner)

    assert walls.unpinned_functions(owner) == []
    with owner.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'compliance_audit_head'")
        (settings,) = cursor.fetchone()
    assert sorted(settings) == ["enable_sort=off", "search_path=pg_catalog, public, pg_temp"]
