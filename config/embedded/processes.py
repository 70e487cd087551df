"""Processes of the operating system: told apart by number and start, ended with all they started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from config.embedded.layout import Layout, read_json, write_json


def start_of(pid: int) -> str:
    """When a process started, in whatever unit the system counts. Empty when it does not run."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _start_without_proc(pid)
    return "" if fields[0] in "ZX" else fields[19]


def _start_without_proc(pid: int) -> str:
    if Path("/proc/self/stat").exists():
        return ""
    answer = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def runs(pid: int, started: str) -> bool:
    """Whether the very process that was recorded still runs, not another with its number."""
    return bool(started) and start_of(pid) == started


def wait_until(done: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Whether `done` became true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def signal_process(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def signal_group(pid: int, number: int) -> None:
    """Signal a process we started and everything in its session's process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _any_runs(processes: Iterable[tuple[int, str]]) -> bool:
    return any(runs(pid, started) for pid, started in processes)


def end(process: "subprocess.Popen[bytes]", number: int, *, patience: float) -> None:
    """Ask, wait, insist. Ends the whole process group, so nothing it started stays behind."""
    if process.poll() is None:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


class Register:
    """The processes started from one directory, on disk, so that the next start can end what was left."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.processes

    def add(self, name: str, pid: int) -> None:
        self._change(lambda known: known | {name: [pid, start_of(pid)]})

    def remove(self, name: str) -> None:
        self._change(lambda known: {key: value for key, value in known.items() if key != name})

    def _change(self, change: "Callable[[dict[str, object]], dict[str, object]]") -> None:
        write_json(self._path, change(read_json(self._path)))

    def end_leftovers(self, *, patience: float = 5) -> list[str]:
        """End whatever an earlier supervisor left running, and name it. Asks first, then insists."""
        left = {
            name: (pid, started)
            for name, (pid, started) in read_json(self._path).items()
            if runs(pid, started)
        }
        for pid, _ in left.values():
            signal_group(pid, signal.SIGINT)
        if not wait_until(lambda: not _any_runs(left.values()), seconds=patience):
            for pid, started in left.values():
                if runs(pid, started):
                    signal_group(pid, signal.SIGKILL)
            wait_until(lambda: not _any_runs(left.values()), seconds=patience)
        write_json(self._path, {})
        return sorted(left)
