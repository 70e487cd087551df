"""What the application's database role may do: everything to work, nothing to change what is evidence.

It owns no table, so it can neither switch a trigger off nor grant itself more.
"""

from django.apps import apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from config.ledger import Ledger
from config.walls import SEARCH_PATH

# pghistory's table of contexts is not used: a history row carries its own (config.history).
READ_ONLY = ("django_migrations", "compliance_rulelimit", "pghistory_context")

# The owner's own functions through which alone the application lets evidence go (compliance/retention/sql.py).
PURGES = r"""
SELECT oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proname LIKE 'purge\_%' ORDER BY 1
"""

# Every trigger of django-pgtrigger asks this function whether to skip itself, and the package's own answers by a
# setting that any session may make. Migrations that add a trigger put that one back, so this comes after them.
NO_TRIGGER_IS_SKIPPED = f"""
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = {SEARCH_PATH} AS 'SELECT false'
"""


def application_role() -> str:
    """The user of DATABASE_URL."""
    return str(settings.DATABASES["default"]["USER"])


def ledger_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Ledger))


def grant_application_rights(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give `role` exactly its rights on the tables there are now. May be run any number of times.

    `connection` must be the owner's. The role must exist.
    """
    quote = connection.ops.quote_name
    present = set(connection.introspection.table_names())
    who = quote(role)
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}",
        f"REVOKE CREATE ON SCHEMA public FROM {who}, PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {who}",
    ]
    statements += [
        f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {who}" for table in ledger_tables() if table in present
    ]
    statements += [
        f"REVOKE INSERT, UPDATE, DELETE ON {quote(table)} FROM {who}"
        for table in READ_ONLY
        if table in present
    ]
    with connection.cursor() as cursor:
        cursor.execute(PURGES)
        statements += [f"GRANT EXECUTE ON FUNCTION {function} TO {who}" for (function,) in cursor.fetchall()]
        cursor.execute(";\n".join([NO_TRIGGER_IS_SKIPPED, *statements]))
