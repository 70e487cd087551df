"""Ledgers stay closed to everybody, but for the one function that purges what is past its time.

The trigger lets a row go only when the table's owner acts (inside a SECURITY DEFINER function: the application's role is
never the owner) and the transaction says it is purging this very table. `compliance/retention/sql.py` writes those
functions. TRUNCATE is never purging.
"""

from django.db import migrations

OPENED = """
CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' AND current_setting('zoufang.purging', true) = TG_TABLE_NAME
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
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
    dependencies = [("config", "0001_initial")]

    operations = [migrations.RunSQL(OPENED, CLOSED)]
