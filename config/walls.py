"""Walls look at the tables they name, not at what a session puts in front of them.

A temporary table hides the table of its name, for every function that does not say otherwise: with an
`accounts_customer` of its own a session would choose the time zone that the wall of the hours reads. So every function
of ours looks into the schema of temporary tables last (`docs/decisions/0011-walls-name-their-tables.md`).

Not in the migrations that make the functions: whoever replaces one, as django-pgtrigger does with each of its
triggers, replaces this setting too. So it comes after every `migrate`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

SEARCH_PATH = "pg_catalog, public, pg_temp"

# Functions of extensions are left as their extension made them, those of other owners cannot be altered.
OURS = """
SELECT p.oid::regprocedure::text
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('plpgsql', 'sql')
    AND pg_has_role(p.proowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend d
        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    AND NOT ('search_path=' || %s) = ANY (coalesce(p.proconfig, '{}'))
ORDER BY 1
"""


def unpinned_functions(connection: BaseDatabaseWrapper) -> list[str]:
    """The functions of this role, with their arguments, that do not say where they look for tables."""
    with connection.cursor() as cursor:
        cursor.execute(OURS, [SEARCH_PATH])
        return [name for (name,) in cursor.fetchall()]


def pin_search_paths(connection: BaseDatabaseWrapper) -> None:
    """Make every function of ours look for tables in our schema before it looks at temporary ones.

    `connection` must be the owner's. May be run any number of times.
    """
    statements = [
        f"ALTER ROUTINE {name} SET search_path = {SEARCH_PATH}" for name in unpinned_functions(connection)
    ]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(statements))
