"""Who may start servers for this checkout, and the loop that keeps them alive."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, Any, NoReturn

from config.embedded.child import Child
from config.embedded.layout import Layout, read_json, write_json
from config.embedded.processes import runs, start_of

Say = Callable[[str], None]


class AlreadyRunning(Exception):
    """Another supervisor holds this directory; `state` is what it says of itself."""

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__(f"already running as process {state.get('pid', '?')}")
        self.state = state


class Stopped(Exception):
    """Ctrl-C or a signal asks to stop."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def sole_supervisor(layout: Layout, kind: str) -> Iterator[None]:
    """Hold the directory. The lock ends with the process, however that ends.

    Raises AlreadyRunning.
    """
    layout.make()
    with layout.lock.open("a") as lock:
        if not try_lock(lock, fcntl.LOCK_EX):
            raise AlreadyRunning(read_json(layout.state))
        tell_state(layout, kind=kind, ready=False)
        try:
            yield
        finally:
            layout.state.unlink(missing_ok=True)


def try_lock(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def tell_state(layout: Layout, **facts: Any) -> None:
    """Publish what this supervisor does, beside what it published before."""
    me = {"pid": os.getpid(), "started": start_of(os.getpid())}
    before = read_json(layout.state)
    kept = before if before.get("pid") == me["pid"] else {}
    write_json(layout.state, kept | me | facts)


def present_state(layout: Layout) -> dict[str, Any]:
    """What a living supervisor says of itself; empty when there is none."""
    state = read_json(layout.state)
    return state if runs(state.get("pid", 0), state.get("started", "")) else {}


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn the first signal into Stopped; further ones do not disturb the stopping."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for each in watched:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in watched}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def keep_alive(
    children: list[Child], until: Callable[[], bool], tell: Say = say, *, every: float = 0.2
) -> None:
    """Restart what dies, and ask every so many seconds whether to end.

    Raises ChildFailed when something dies again and again.
    """
    while not until():
        for child in children:
            if message := child.keep_alive():
                tell(message)
        time.sleep(every)
