"""Supervised programs: real processes, no servers."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from config.embedded import child as children
from config.embedded.child import Child, ChildFailed, Program
from config.embedded.layout import Layout, read_json
from config.embedded.oneshot import OneShot
from config.embedded.processes import Register, runs, start_of, wait_until


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / "run")
    layout.make()
    return layout


@pytest.fixture
def make(layout):
    made = []

    def make(code, *, ready=lambda _pid: True, **more):
        program = Program(
            name="program",
            command=[sys.executable, "-u", "-S", "-c", code],
            environment={},
            ready=ready,
            **more,
        )
        made.append(Child(program, layout, Register(layout)))
        return made[-1]

    yield make
    for child in made:
        child.stop()


def wait_for_log(child, text):
    assert wait_until(lambda: text in child.log.read_text(), seconds=10)


SLEEP = "print('awake'); import time; time.sleep(60)"


def test_failing_to_start_shows_the_end_of_this_starts_log_only(make):
    child = make("import sys; print('first try'); sys.exit(3)", ready=lambda _pid: False)
    child.start()
    with pytest.raises(ChildFailed):
        child.wait_until_ready()

    child.start()
    with pytest.raises(ChildFailed) as failure:
        child.wait_until_ready()

    message = str(failure.value)
    assert "exit code 3" in message
    assert message.count("first try") == 1
    assert str(child.log) in message


def test_a_long_log_is_put_aside_and_only_the_user_reads_it(make, monkeypatch):
    monkeypatch.setattr("config.embedded.layout.LONGEST_LOG", 10)
    child = make(SLEEP)
    child.log.write_text("of an earlier run")

    child.start()

    wait_for_log(child, "awake")
    assert "earlier" not in child.log.read_text()
    assert child.log.with_name("program.log.old").read_text() == "of an earlier run"
    assert child.log.stat().st_mode & 0o077 == 0


def test_taking_too_long_to_start_is_said(make):
    child = make(SLEEP, ready=lambda _pid: False, start_seconds=0.1)
    child.start()

    with pytest.raises(ChildFailed, match=r"was not ready within"):
        child.wait_until_ready()


def test_a_dead_program_is_started_again_after_a_pause(make):
    child = make(SLEEP)
    child.start()
    first = child.pid
    os.kill(first, signal.SIGKILL)

    said = []
    assert wait_until(lambda: said.append(child.keep_alive()) or child.pid not in {None, first}, seconds=5)

    told = [text for text in said if text]
    assert "killed by SIGKILL" in told[0]
    assert "starts again in 0.25 s" in told[0]
    assert told[1] == "program runs again"


def test_a_program_that_dies_again_and_again_is_given_up(make, monkeypatch):
    monkeypatch.setattr(children, "DEATHS_A_MINUTE", 2)
    child = make("print('cannot work'); raise SystemExit(1)")
    child.start()

    def keep_alive():
        child.keep_alive()
        return False

    with pytest.raises(ChildFailed, match=r"died 3 times within a minute") as failure:
        wait_until(keep_alive, seconds=10)
    assert "cannot work" in str(failure.value)


def test_stopping_ends_all_that_the_program_started(make):
    child = make(
        "import subprocess, sys, time\n"
        "other = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'])\n"
        "print('grandchild', other.pid, flush=True); time.sleep(60)"
    )
    child.start()
    wait_for_log(child, "grandchild")
    grandchild = int(child.log.read_text().split()[1])

    child.stop()

    assert wait_until(lambda: not start_of(grandchild), seconds=5)


def test_a_program_that_does_not_listen_is_killed(make):
    child = make(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}", stop_seconds=0.2)
    child.start()
    wait_for_log(child, "awake")
    pid, begun = child.pid, start_of(child.pid)

    child.stop()

    assert not runs(pid, begun)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's parent-death signal")
def test_programs_do_not_outlive_a_killed_supervisor(layout):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from config.embedded.child import Child, Program; from config.embedded.layout import Layout\n"
        "from config.embedded.processes import Register\n"
        f"layout = Layout(Path({str(layout.root)!r}))\n"
        f"command = [sys.executable, '-u', '-S', '-c', {SLEEP!r}]\n"
        "program = Program('orphan', command, {}, lambda pid: True)\n"
        "Child(program, layout, Register(layout)).start()\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as supervisor:
        try:
            # The launcher asks for the signal before it becomes the program.
            log = layout.log_of("orphan")
            assert wait_until(lambda: log.exists() and "awake" in log.read_text(), seconds=10)
            orphan, begun = read_json(layout.processes)["orphan"]
            assert runs(orphan, begun)
        finally:
            supervisor.kill()

    assert wait_until(lambda: not runs(orphan, begun), seconds=5)


def test_leftovers_of_an_earlier_run_are_ended_but_not_strangers_with_their_number(layout):
    stranger, leftover = (
        subprocess.Popen(
            [sys.executable, "-S", "-c", SLEEP], start_new_session=True, stdout=subprocess.DEVNULL
        )
        for _ in range(2)
    )
    register = Register(layout)
    register.add("leftover", leftover.pid)
    content = read_json(layout.processes)
    layout.processes.write_text(json.dumps(content | {"stranger": [stranger.pid, "1"]}))

    try:
        assert register.end_leftovers() == ["leftover"]
        assert leftover.wait(5) != 0
        assert stranger.poll() is None
        assert read_json(layout.processes) == {}
    finally:
        stranger.kill()
        stranger.wait()


def test_a_command_in_the_background_tells_whole_lines_and_how_it_ended(layout):
    shot = OneShot(
        name="command",
        command=[sys.executable, "-S", "-c", "print('one'); print('two', end=''); raise SystemExit(4)"],
        layout=layout,
        register=Register(layout),
        environment={},
    )
    shot.start()
    deadline = time.monotonic() + 10
    while shot.result() is None and time.monotonic() < deadline:
        time.sleep(0.02)

    assert shot.news() == ["one"]
    with pytest.raises(ChildFailed, match=r"command failed with exit code 4"):
        shot.finish()
