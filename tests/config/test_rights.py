"""The application's role against the database itself, as in production."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from config import rights
from config.ledger import Ledger

EVERYTHING = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
APPEND_ONLY = {"SELECT", "INSERT"}
WORK = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def rights_on(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege FROM unnest(%s) AS privilege"
            " WHERE has_table_privilege(current_user, %s, privilege)",
            [sorted(EVERYTHING), f'"{table}"'],
        )
        return {privilege for (privilege,) in cursor.fetchall()}


def tables():
    return connection.introspection.table_names()


@pytest.mark.django_db
def test_every_table_grants_exactly_what_its_kind_allows():
    expected = dict.fromkeys(tables(), WORK)
    expected |= dict.fromkeys(rights.ledger_tables(), APPEND_ONLY)
    expected |= {table: {"SELECT"} for table in rights.READ_ONLY}

    assert {table: rights_on(table) for table in tables()} == expected


@pytest.mark.django_db
def test_every_ledger_is_among_the_append_only_tables():
    ledgers = {model._meta.db_table for model in apps.get_models() if issubclass(model, Ledger)}

    assert ledgers == set(rights.ledger_tables())
    assert ledgers <= set(tables())


@pytest.mark.django_db
def test_every_ledger_also_has_the_trigger_that_refuses_whoever_asks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgfoid = 'refuse_ledger_change'::regproc AND NOT tgisinternal"
            " AND tgtype & 56 = 56"  # UPDATE, DELETE and TRUNCATE
        )
        guarded = {table.strip('"') for (table,) in cursor.fetchall()}

    assert set(rights.ledger_tables()) <= guarded


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE config_jobrun DISABLE TRIGGER ALL",
        "CREATE TABLE mine (n int)",
        "SET session_replication_role = replica",
        "SET ROLE zoufang_owner",
        "DROP FUNCTION refuse_ledger_change()",
        "CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END'",
    ],
)
def test_the_application_cannot_take_more(statement):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(statement)


def test_granting_again_changes_nothing(committed_db):
    before = {table: rights_on(table) for table in tables()}

    for _ in range(2):
        rights.grant_application_rights(connections["owner"], rights.application_role())

    assert {table: rights_on(table) for table in tables()} == before


def test_rights_given_by_hand_are_taken_away_again(committed_db):
    with connections["owner"].cursor() as owner:
        owner.execute(f"GRANT ALL ON config_jobrun TO {rights.application_role()}")

    rights.grant_application_rights(connections["owner"], rights.application_role())

    assert rights_on("config_jobrun") == WORK


def test_one_role_for_both_is_warned_about_in_one_line(monkeypatch):
    owner = connections["owner"]
    monkeypatch.setitem(owner.settings_dict, "USER", rights.application_role())
    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", lambda *_, **__: None)
    monkeypatch.setattr(rights, "grant_application_rights", lambda *_: pytest.fail("granted to itself"))
    monkeypatch.setattr("config.management.commands.migrate.make_role_groups", lambda **_: None)
    monkeypatch.setattr("config.management.commands.migrate.bring_rule_book", lambda **_: None)
    monkeypatch.setattr("config.management.commands.migrate.install_packaged_wordings", lambda **_: None)
    monkeypatch.setattr("config.walls.pin_search_paths", lambda *_: None)
    said = StringIO()

    call_command("migrate", stderr=said)

    assert said.getvalue().count("\n") == 1
    assert "same role" in said.getvalue()
