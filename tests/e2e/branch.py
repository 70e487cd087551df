"""A branch at work for the tests: its processes, their deaths, its database, its web address."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from django.db import connections

from config.embedded import programs
from config.embedded.child import tail
from config.embedded.environment import read_env_file
from config.embedded.layout import PROJECT, read_json, write_private
from config.embedded.processes import runs, wait_until
from config.settings import env

TICK_SECONDS = "2"
STARTS_WITHIN = 120
RECOVERS_WITHIN = 60
OURS = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "AUDIT_KEY", "AUDIT_SIGNING_KEY", "AUDIT_CHECKPOINTS")
SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


class NotInTime(Exception):
    """Something that should have happened by itself did not."""


def free_port():
    with socket.socket() as probe:
        probe.bind((programs.HOST, 0))
        return probe.getsockname()[1]


class BranchAtWork:
    """PostgreSQL, Valkey, web, worker, beat and their supervisor, each a process of its own, on the real clock."""

    def __init__(self, layout):
        self.layout = layout
        self.port = free_port()
        self.process = None

    @property
    def address(self):
        return f"http://{programs.HOST}:{self.port}"

    # Its life

    def start(self):
        self._prepare()
        with self.layout.log_of("supervisor").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.at_work", str(self.layout.root), str(self.port)],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                env=self._environment(),
            )
        self.await_ready(seconds=STARTS_WITHIN)

    def _prepare(self):
        """The keys of this test run, so that its own code reads what is sealed."""
        self.layout.make()
        write_private(self.layout.env, "".join(f"{name}={os.environ[name]}\n" for name in OURS))

    def _environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in SERVERS}
        return kept | {"TICK_SECONDS": TICK_SECONDS}

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(90)

    def await_ready(self, *, seconds=RECOVERS_WITHIN):
        """Database, broker, worker and beat all at work, seen from outside."""
        self.await_(lambda: programs.readiness(self.port).get("ready"), "ready", seconds=seconds)

    def await_(self, happened, what, *, seconds=30):
        """Wait until `happened()`. Raises NotInTime with the ends of all logs."""
        if not wait_until(lambda: self.process.poll() is not None or happened(), seconds=seconds, every=0.2):
            raise NotInTime(f"Not within {seconds} s: {what}.\n{self.logs()}")
        if self.process.poll() is not None:
            raise NotInTime(f"The supervisor ended before: {what}.\n{self.logs()}")

    def logs(self):
        files = sorted(self.layout.logs.glob("*.log"))
        return "\n".join(f"=== {file.name}\n{tail(file, lines=15)}" for file in files)

    # Its deaths

    def kill(self, name):
        """SIGKILL a program with all its children. Returns after how many seconds everything was ready again."""
        pid, started = read_json(self.layout.processes)[name]
        begun = time.monotonic()
        os.killpg(pid, signal.SIGKILL)
        self.await_(lambda: not runs(pid, started), f"{name} dead")
        self.await_(lambda: self._runs_anew(name, pid), f"{name} started again")
        self.await_ready()
        connections["default"].close()  # it may have led to a server that is dead
        return time.monotonic() - begun

    def _runs_anew(self, name, dead):
        pid, started = read_json(self.layout.processes).get(name, (dead, ""))
        return pid != dead and runs(pid, started)

    # Its database

    @contextmanager
    def database(self):
        """For the time of the block the ORM of this process works in the branch's database, as the application."""
        connection = connections["default"]
        before = dict(connection.settings_dict)
        theirs = env.db_url_config(read_env_file(self.layout.env)["DATABASE_URL"])
        connection.close()
        connection.settings_dict.update(
            {key: theirs[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        )
        try:
            yield connection
        finally:
            connection.close()
            connection.settings_dict.update(before)
