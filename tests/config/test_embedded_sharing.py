"""Commands that share the servers, as processes of their own."""

import os
import signal
import subprocess
import sys

import pytest

from config.embedded.layout import PROJECT, Layout, read_json
from config.embedded.processes import runs, wait_until
from config.embedded.supervisor import present_state

# Set but empty: whatever the developer's own .env says, here nobody provides servers.
NOTHING_GIVEN = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "MODE": "local"}
USE = """
import os, sys
from pathlib import Path
from config.embedded.layout import Layout
from config.embedded.sharing import NoServers, embedded_servers
try:
    with embedded_servers(Layout(Path(sys.argv[1]))):
        print("using", flush=True)
        sys.stdin.read()
except NoServers as error:
    sys.exit(str(error))
"""


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / ".run")
    yield layout
    if keeper := present_state(layout):
        os.kill(keeper["pid"], signal.SIGTERM)
        wait_until(lambda: not present_state(layout), seconds=10)


@pytest.fixture
def start(layout):
    """Start a command that uses the servers until its standard input is closed."""
    started = []

    def start(**environment):
        process = subprocess.Popen(
            [sys.executable, "-c", USE, str(layout.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=NOTHING_GIVEN | environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def wait_until_using(process):
    assert process.stdout.readline() == "using\n", process.stderr.read()


def end(process):
    process.stdin.close()
    assert process.wait(10) == 0


def servers_of(layout):
    return {name: tuple(process) for name, process in read_json(layout.processes).items()}


def all_run(servers):
    return all(runs(*process) for process in servers.values())


def none_runs(servers):
    return not any(runs(*process) for process in servers.values())


def test_commands_at_the_same_time_share_the_servers_and_the_last_one_ends_them(layout, start):
    first, second = start(), start()
    for process in (first, second):
        wait_until_using(process)
    servers = servers_of(layout)
    assert sorted(servers) == ["postgres", "valkey"]

    end(first)
    assert not wait_until(lambda: not all_run(servers), seconds=0.6)

    end(second)
    assert wait_until(lambda: none_runs(servers), seconds=10)
    assert wait_until(lambda: not present_state(layout), seconds=10)


def test_commands_one_right_after_the_other_each_find_servers(layout, start):
    for _ in range(3):
        process = start()
        wait_until_using(process)
        assert all_run(servers_of(layout))
        end(process)


def test_a_killed_command_does_not_keep_the_servers_running(layout, start):
    process = start()
    wait_until_using(process)
    servers = servers_of(layout)

    process.kill()

    assert wait_until(lambda: none_runs(servers), seconds=10)


def test_after_a_killed_keeper_the_next_command_starts_anew(layout, start):
    first = start()
    wait_until_using(first)
    servers = servers_of(layout)

    os.kill(present_state(layout)["pid"], signal.SIGKILL)
    assert wait_until(lambda: none_runs(servers), seconds=10)
    second = start()
    wait_until_using(second)

    assert all_run(servers_of(layout))
    assert servers_of(layout) != servers


def test_servers_that_do_not_start_end_the_command_with_the_reason(layout, start):
    process = start()
    wait_until_using(process)
    end(process)
    assert wait_until(lambda: not present_state(layout), seconds=10)
    with (layout.postgres / "data" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    process = start()
    _, error = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "no_such_setting" in error
    assert "Traceback" not in error


def test_servers_started_for_another_purpose_are_not_mistaken(layout, start):
    without_postgres = start(DATABASE_URL="postgres://zoufang@elsewhere/zoufang")
    wait_until_using(without_postgres)
    assert sorted(servers_of(layout)) == ["valkey"]

    _, error = start().communicate(timeout=30)

    assert "without postgres" in error


@pytest.mark.parametrize(
    "environment",
    [{"MODE": "production"}, {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://d"}],
)
def test_nothing_is_started_where_servers_are_given_and_never_in_production(layout, start, environment):
    process = start(**environment)
    wait_until_using(process)

    assert not present_state(layout)
    assert not layout.processes.exists()
    assert layout.root.exists() == (environment.get("MODE") != "production")
