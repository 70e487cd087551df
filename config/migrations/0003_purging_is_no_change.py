"""Ledgers stay closed to everybody, but for the one function that purges what is past its time.

`purging()` is true only while the table's owner acts (inside a SECURITY DEFINER function: the application's role is never
the owner) and the transaction says it is purging this very table. `compliance/retention/sql.py` writes those
functions; other triggers that keep rows as they were ask the same question. TRUNCATE is never purging.
"""

from django.db import migrations

PURGING = """
CREATE FUNCTION purging(relation regclass) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('zoufang.purging', true) = relname AND current_user = pg_get_userbyid(relowner)
    FROM pg_class WHERE oid = relation
$$;
"""
OPENED = """
CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' AND purging(TG_RELID) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% on %: ledger rows are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
END
$$;
"""
CLOSED = """
CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: ledger rows are never changed or deleted', TG_OP, TG_TABLE_NAME
        USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("config", "0002_history")]

    operations = [
        migrations.RunSQL(PURGING, "DROP FUNCTION purging(regclass);"),
        migrations.RunSQL(OPENED, CLOSED),
    ]
