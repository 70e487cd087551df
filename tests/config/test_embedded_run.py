"""`make run`, with everything it starts."""

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from config.embedded import programs
from config.embedded.environment import Wanted
from config.embedded.layout import PROJECT, Layout, read_json
from config.embedded.logins import table_of_log_ins
from config.embedded.oneshot import OneShot
from config.embedded.processes import Register, runs, wait_until
from config.embedded.runner import Branch

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
NOTHING_GIVEN = {name: value for name, value in os.environ.items() if name not in SERVERS}


def free_port():
    with socket.socket() as probe:
        probe.bind((programs.HOST, 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def layout(tmp_path):
    """A place where the demonstration was loaded and its day played before."""
    layout = Layout(tmp_path / ".run")
    layout.make()
    branch = Branch(layout, Wanted(production=False, postgres=True, valkey=True), port=0)
    for command in ("demo", "play_day"):
        branch.set_mark(command)
    logins = [{"role": "主管", "branch": "包头", "username": "zhang", "password": "pass"}]
    (layout.root / "logins.json").write_text(json.dumps(logins))
    return layout


@pytest.fixture
def start(layout):
    """Start `python -m config.embedded ACTION`."""
    started = []

    def start(action, **environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "config.embedded", action, str(layout.root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=PROJECT,
            env=NOTHING_GIVEN | environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def say(process):
    """All it says until it ends, and its exit code."""
    output, _ = process.communicate(timeout=60)
    return output, process.returncode


def read_until(process, pattern):
    said = ""
    for line in process.stdout:
        said += line
        if re.search(pattern, line):
            return said
    raise AssertionError(f"ended without {pattern!r}:\n{said}")


def test_a_branch_opens_survives_deaths_and_closes(layout, start):
    port = free_port()
    branch = start("run", PORT=port)
    said = read_until(branch, "Ctrl-C")
    assert f"http://127.0.0.1:{port}/" in said
    assert re.search(r"主管 +包头 +zhang +pass", said)

    second, code = say(start("run", PORT=free_port()))
    assert (code, f"http://127.0.0.1:{port}/" in second) == (0, True)

    before = read_json(layout.processes)
    assert sorted(before) == ["beat", "postgres", "valkey", "web", "worker"]
    for name in ("worker", "web"):
        os.kill(before[name][0], signal.SIGKILL)
        read_until(branch, f"{name} runs again")
    read_until(branch, "the first beat tick arrived")
    assert programs.readiness(int(port))["ready"]
    assert say(start("status"))[1] == 0

    after = read_json(layout.processes)
    assert say(start("stop"))[1] == 0
    said, code = say(branch)
    assert (code, said.splitlines()[-1].endswith("Stopped.")) == (0, True)
    assert not any(runs(*process) for process in after.values())
    assert "Not running" in say(start("status"))[0]

    say(start("reset"))
    assert not layout.root.exists()


def test_a_port_in_use_is_said_before_anything_is_started(layout, start):
    with socket.socket() as other:
        other.bind((programs.HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        said, code = say(start("run", PORT=str(port)))

    assert code == 1
    assert f"Port {port} cannot be used" in said
    assert f"PORT={port + 1} make run" in said
    assert not layout.postgres.exists()


@pytest.mark.parametrize(
    ("environment", "reason"),
    [({"PORT": "http"}, "PORT is 'http'"), ({"MODE": "production"}, "MODE is production")],
)
def test_settings_it_cannot_run_with_are_named(start, environment, reason):
    said, code = say(start("run", **environment))

    assert code == 1
    assert reason in said


def test_log_ins_are_a_table_with_chinese_names_in_line(layout):
    logins = [
        {"role": "agent", "branch": "昆都仑", "username": "li", "password": "x"},
        {"role": "supervisor", "branch": "NY", "username": "wang", "password": "y"},
    ]
    (layout.root / "logins.json").write_text(json.dumps(logins))

    assert table_of_log_ins(layout) == [
        "role        branch  user name  password",
        "agent       昆都仑  li         x",
        "supervisor  NY      wang       y",
    ]


@pytest.mark.parametrize(
    ("code", "verdict", "marked"),
    [(0, "The day is played.", True), (3, "play_day ended with exit code 3; all else goes on.", False)],
)
def test_the_day_in_the_background_is_shown_and_only_a_good_one_is_not_repeated(
    tmp_path, capsys, code, verdict, marked
):
    layout = Layout(tmp_path / "run")
    layout.make()
    branch = Branch(layout, Wanted(production=False, postgres=False, valkey=False), port=0)
    day = OneShot(
        name="play_day",
        command=[sys.executable, "-S", "-c", f"print('checked in'); raise SystemExit({code})"],
        layout=layout,
        register=Register(layout),
        environment={},
    )
    branch.shots.append(day)
    day.start()

    assert wait_until(lambda: branch.watch_shots() or not branch.shots, seconds=10)

    said = capsys.readouterr().err
    assert "    play_day | checked in" in said
    assert verdict in said
    assert branch.mark("play_day").exists() == marked
    assert read_json(layout.processes) == {}
