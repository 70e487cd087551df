"""The servers of one test run: a throw-away cluster, one database per xdist worker.

Importing this module sets the environment the settings read, so it comes before any other import. The process that controls the run starts the servers; the first worker to need a database
migrates a template as the owner; every worker works in a copy of it, logged in as the application's role,
so that a test which changes a ledger fails as it would in production.

With DATABASE_URL in the environment that server is used: DATABASE_OWNER_URL must then name a role with
CREATEDB that is a member of the application's role. With REDIS_URL, that broker. `.env` is not looked at.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from config.embedded.environment import (
    Wanted,
    forget_the_embedded_owner,
    read_env_file,
    write_environment,
)
from config.embedded.layout import Layout
from config.embedded.servers import start_servers, stop_all
from config.embedded.supervisor import sole_supervisor, try_lock

PREFIX = "zoufang-tests-"
ALIVE = "alive"
ROOT = "ZOUFANG_TESTS_ROOT"
RUN = "ZOUFANG_TESTS_RUN"
SERVERS_WANTED = "ZOUFANG_TESTS_SERVERS"

TEST_CLOCK = """
CREATE OR REPLACE FUNCTION compliance_now() RETURNS timestamptz LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(nullif(current_setting('zoufang.now', true), '')::timestamptz, clock_timestamp())
$$
"""


def _controls_the_run():
    return "PYTEST_XDIST_WORKER" not in os.environ


def _remove_what_killed_runs_left():
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError), (root / ALIVE).open("r+") as alive:
            if try_lock(alive, fcntl.LOCK_EX):
                Layout(root).remove_sockets_elsewhere()
                shutil.rmtree(root, ignore_errors=True)


def _make_root():
    """A directory that is locked as long as this process lives, under a name others clean up only then."""
    made = Path(tempfile.mkdtemp(prefix="zoufang-new-"))
    alive = (made / ALIVE).open("a")
    fcntl.flock(alive, fcntl.LOCK_EX)
    root = made.rename(made.with_name(made.name.replace("zoufang-new-", PREFIX)))
    atexit.register(alive.close)
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


def _prepare_environment():
    """Everything the settings need, for this process and the workers it will start."""
    _remove_what_killed_runs_left()
    root = _make_root()
    wanted = Wanted.by({**os.environ, "MODE": "local"})
    layout = Layout(root)
    layout.make()
    write_environment(layout)
    forget_the_embedded_owner(os.environ)
    for name, value in read_env_file(layout.env).items():
        os.environ.setdefault(name, value)
    os.environ["MODE"] = "local"
    os.environ["DEBUG"] = "false"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ[ROOT] = str(root)
    os.environ[RUN] = f"{os.getpid()}"
    os.environ[SERVERS_WANTED] = " ".join(wanted.names)


if _controls_the_run():
    _prepare_environment()

LAYOUT = Layout(Path(os.environ[ROOT]))
DATABASE_PREFIX = f"zoufang_test_{os.environ[RUN]}"
TEMPLATE = f"{DATABASE_PREFIX}_template"


@contextmanager
def running():
    """For the time of the block, the servers of this run. Leaves nothing behind."""
    names = os.environ[SERVERS_WANTED].split()
    wanted = Wanted(production=False, postgres="postgres" in names, valkey="valkey" in names)
    with sole_supervisor(LAYOUT, "tests"):
        children = start_servers(LAYOUT, wanted, durable=False)
        try:
            yield
        finally:
            if not wanted.postgres:
                _drop_databases()
            stop_all(children)
            LAYOUT.remove_sockets_elsewhere()


def pytest_configure(config):
    if _controls_the_run() and not config.option.collectonly:
        servers = running()
        servers.__enter__()
        config.add_cleanup(lambda: servers.__exit__(None, None, None))


# Databases


@contextmanager
def _owner_cursor(database=None):
    """A cursor of the owner that commits at once, on the database of its own address by default."""
    from config.settings import _owner

    connection = psycopg2.connect(
        dbname=database or _owner["NAME"],
        user=_owner["USER"],
        password=_owner["PASSWORD"],
        host=_owner["HOST"],
        port=_owner["PORT"] or None,
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _drop_databases():
    with _owner_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [DATABASE_PREFIX])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _make_template():
    """Migrate once for all workers: the first makes it, the others wait."""
    with (LAYOUT.root / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _owner_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            if cursor.fetchone():
                return
            unfinished = f"{TEMPLATE}_unfinished"
            cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
            _migrate(unfinished)
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{TEMPLATE}"')


ORDINARY_YEARS = """
INSERT INTO compliance_holidayyear (country, year, status, loaded_at, loaded_by_id, package_version, confirmed_at,
    confirmed_by_id)
SELECT country, year, 'OFFICIAL', now(), someone.id, 'tests', now(), someone.id
FROM (SELECT id FROM accounts_user WHERE username = 'system') AS someone, unnest(ARRAY['CN', 'US', 'GB', 'AU', 'IN', 'TH', 'KR', 'JP']) AS country, generate_series(2024, 2040) AS year
ON CONFLICT DO NOTHING
"""


def _migrate(database):
    from django.core.management import call_command
    from django.db import connections

    owner = connections["owner"]
    owner.settings_dict["NAME"] = database
    call_command("migrate", verbosity=0)
    with owner.cursor() as cursor:
        cursor.execute("SELECT to_regproc('compliance_now')")
        if cursor.fetchone()[0]:
            cursor.execute(TEST_CLOCK)
        cursor.execute(
            ORDINARY_YEARS
        )  # years without a holiday: what a test is about does not hang on today's date
    owner.close()


def _drop(cursor, name):
    """FORCE may not end an autovacuum worker, which is the server's own; it is gone in a moment."""
    for _ in range(50):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg2.errors.InsufficientPrivilege:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The database {name} could not be dropped.")


def _copy_template(name):
    with _owner_cursor() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')


def _worker_database():
    return f"{DATABASE_PREFIX}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """This worker's database, in place of pytest-django's."""
    from django.db import connections

    with django_db_blocker.unblock():
        _make_template()
        _copy_template(_worker_database())
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = _worker_database()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def committed_db(request, django_db_setup, django_db_blocker):
    """The database without a transaction around the test, for races and several connections.

    Afterwards the worker gets a fresh copy, because ledgers cannot be emptied.
    """
    from django.db import connections

    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("committed_db and db exclude each other: one commits, the other rolls back.")
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections.close_all()
            _copy_template(_worker_database())


@pytest.fixture
def database_clock():
    """`database_clock(at)` makes the database's rules believe it is `at`, on this thread's connection."""
    from django.db import connection

    def believe(at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.now', %s, false)", [at.isoformat() if at else ""])

    yield believe
    if connection.connection is not None and not connection.needs_rollback:
        believe(None)


def pytest_runtest_setup(item):
    marker = item.get_closest_marker("django_db")
    transactional = marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    if transactional or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
        pytest.fail(
            "transaction=True, transactional_db and live_server empty the tables after the test, which"
            " ledgers refuse. Use the fixture committed_db.",
            pytrace=False,
        )
