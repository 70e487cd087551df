"""A command that runs once beside the servers and ends with them."""

import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded.child import ChildFailed, launched, tail
from config.embedded.layout import PROJECT, Layout
from config.embedded.processes import Register, end


@dataclass
class OneShot:
    """One run of a command; its output goes to a log, from which `news` tells the new lines."""

    name: str
    command: list[str | Path]
    layout: Layout
    register: Register
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _told: int = 0

    @property
    def log(self) -> Path:
        return self.layout.log_of(self.name)

    def start(self, *, on_terminal: bool = False) -> None:
        """With `on_terminal` the person watches it directly, progress bars included."""
        self.layout.begin_log(self.name)
        with self.log.open("ab") as log:
            self._told = log.tell()
            self._process = subprocess.Popen(
                launched("self", signal.SIGTERM, *self.command),
                stdin=subprocess.DEVNULL,
                stdout=None if on_terminal else log,
                stderr=None if on_terminal else subprocess.STDOUT,
                cwd=PROJECT,
                env=dict(self.environment),
                start_new_session=True,
            )
        self.register.add(self.name, self._process.pid)

    def result(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll() if self._process else None

    def finish(self) -> None:
        """Take note of its end. Raises ChildFailed when it is not a good one."""
        code = self.result()
        self.stop()
        if code != 0:
            last = tail(self.log, since=self._told)
            raise ChildFailed(f"{self.name} failed with exit code {code}.\n{last}".rstrip())

    def news(self) -> list[str]:
        """The complete lines it has written since the last call."""
        with self.log.open("rb") as file:
            file.seek(self._told)
            fresh = file.read()
        complete = fresh[: fresh.rfind(b"\n") + 1]
        self._told += len(complete)
        return complete.decode("utf-8", "replace").splitlines()

    def stop(self) -> None:
        if self._process is None:
            return
        end(self._process, signal.SIGTERM, patience=5)
        self.register.remove(self.name)
