"""One supervised program: started, asked whether it is ready, restarted when it dies, stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.layout import PROJECT, Layout
from config.embedded.processes import Register, end, signal_group

LAUNCHER = Path(__file__).with_name("launch.py")
TAIL_LINES = 25
DEATHS_A_MINUTE = 5


class ChildFailed(Exception):
    """A program could not be started or kept running; the message ends with the tail of its log."""


def launched(identity: str, death_signal: int, *command: str | Path) -> list[str]:
    """The command line that runs `command` until it or this process ends."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(death_signal))]
    return [*launcher, identity, *map(str, command)]


def tail(path: Path, *, since: int = 0, lines: int = TAIL_LINES) -> str:
    """The last lines of a log from the byte `since` on."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(since, file.tell() - 20_000))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


@dataclass(frozen=True)
class Program:
    """What to run and how it likes to be ended."""

    name: str
    command: list[str | Path]
    environment: Mapping[str, str]
    ready: Callable[[int], bool]  # asked with the number of its process
    directory: Path = PROJECT
    identity: str = "self"
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 30
    stop_seconds: float = 15


@dataclass
class Child:
    """A program and its present process."""

    program: Program
    layout: Layout
    register: Register
    deaths: list[float] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _log_start: int = 0
    _start_again_at: float = 0

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def log(self) -> Path:
        return self.layout.log_of(self.name)

    def start(self) -> None:
        self.layout.begin_log(self.name)
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                launched(self.program.identity, self.program.death_signal, *self.program.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.program.directory,
                env=dict(self.program.environment),
                start_new_session=True,
            )
        self.register.add(self.name, self._process.pid)

    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def ready(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None and self.program.ready(process.pid)

    def wait_until_ready(self) -> None:
        """Raises ChildFailed when it dies first or takes too long."""
        deadline = time.monotonic() + self.program.start_seconds
        while not self.ready():
            if self.ended():
                raise ChildFailed(self.explain("ended before it was ready"))
            if time.monotonic() > deadline:
                raise ChildFailed(self.explain(f"was not ready within {self.program.start_seconds:.0f} s"))
            time.sleep(0.03)

    def keep_alive(self) -> str:
        """Start it again when it died, later each time. Returns what is to be told, mostly nothing.

        Raises ChildFailed when it died too often within a minute.
        """
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            return self._bury(self._process, now)
        if self._process is None and now >= self._start_again_at:
            self.start()
            return f"{self.name} runs again"
        return ""

    def _bury(self, dead: "subprocess.Popen[bytes]", now: float) -> str:
        signal_group(dead.pid, signal.SIGKILL)
        self.deaths = [at for at in self.deaths if now - at < 60] + [now]
        if len(self.deaths) > DEATHS_A_MINUTE:
            raise ChildFailed(self.explain(f"died {len(self.deaths)} times within a minute"))
        pause = 0.25 * 2 ** (len(self.deaths) - 1)
        self._start_again_at = now + pause
        message = self.explain(f"died and starts again in {pause:g} s")
        self._process = None
        return message

    def explain(self, what: str) -> str:
        code = self._process.poll() if self._process else None
        how = "" if code is None else f" ({_ending(code)})"
        last = tail(self.log, since=self._log_start) or "(its log is empty)"
        return f"{self.name} {what}{how}. The end of {self.log}:\n{last}"

    def stop(self) -> None:
        if self._process is None:
            return
        end(self._process, self.program.stop_signal, patience=self.program.stop_seconds)
        self._process = None
        self.register.remove(self.name)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
