"""The tests' own ground: whom they are logged in as, what commits, what is refused."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from config.models import JobRun

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_tests_work_as_the_application_not_as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        )
        me, owner = cursor.fetchone()
    assert me != owner


@pytest.mark.django_db
def test_the_application_cannot_empty_a_table():
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute("TRUNCATE config_jobrun")


@pytest.mark.parametrize("name", ["first", "second"])
def test_committed_rows_are_seen_by_other_connections_and_gone_afterwards(committed_db, name):
    seen = []

    def look():
        seen.append(list(JobRun.objects.values_list("name", flat=True)))
        connection.close()

    JobRun.objects.create(name=name, slot=NOW, started_at=NOW)
    other = threading.Thread(target=look)
    other.start()
    other.join()

    assert seen == [[name]]


@pytest.mark.django_db
def test_the_database_clock_can_be_set(database_clock):
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('compliance_now')")
        if cursor.fetchone()[0] is None:
            pytest.skip("compliance has no clock yet")
        database_clock(night)
        cursor.execute("SELECT compliance_now()")
        assert cursor.fetchone()[0] == night
        database_clock(night + timedelta(hours=1))
        cursor.execute("SELECT compliance_now()")
        assert cursor.fetchone()[0] == night + timedelta(hours=1)
