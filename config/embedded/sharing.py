"""How commands share the servers: the first starts a keeper, the keeper ends after the last.

Every user of the servers holds a shared lock on `.run/users`. The keeper stops when it gets that lock for
itself, and holds it until all is down, so a newcomer either finds the servers or waits and starts its own.
"""

import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from config.embedded.child import tail
from config.embedded.environment import (
    Wanted,
    forget_the_embedded_owner,
    given,
    write_environment,
)
from config.embedded.layout import PROJECT, Layout
from config.embedded.servers import start_servers, stop_all
from config.embedded.supervisor import (
    AlreadyRunning,
    Stopped,
    keep_alive,
    present_state,
    sole_supervisor,
    stop_on_signals,
    tell_state,
    try_lock,
)

PATIENCE = 90.0
ANOTHER_USERS = "Was `.run/` made by another user? Work as that user, or delete it as that user."


class NoServers(Exception):
    """The embedded servers could not be had; the message says why and what to do."""


def default_layout() -> Layout:
    return Layout(PROJECT / ".run")


@contextmanager
def embedded_servers(layout: Layout | None = None) -> Iterator[None]:
    """For the time of the block, the servers that nobody else provides are running.

    In production mode, and where DATABASE_URL and REDIS_URL are given, nothing is started.
    Raises NoServers.
    """
    layout = layout or default_layout()
    environment = given()
    wanted = Wanted.by(environment)
    forget_the_embedded_owner(environment)
    if wanted.production:
        yield
    elif not wanted.anything:
        layout.make()
        write_environment(layout)
        yield
    else:
        with _users_lock(layout) as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            _find_or_start(layout, wanted)
            yield


def _users_lock(layout: Layout) -> IO[str]:
    try:
        layout.make()
        return layout.users.open("a")
    except PermissionError as error:
        raise NoServers(f"{error}. {ANOTHER_USERS}") from error


def _find_or_start(layout: Layout, wanted: Wanted) -> None:
    deadline = time.monotonic() + PATIENCE
    keeper: subprocess.Popen[bytes] | None = None
    log = layout.log_of("keeper")
    while time.monotonic() < deadline:
        state = present_state(layout)
        if state.get("ready"):
            return _check_it_serves(state.get("servers", []), wanted)
        if keeper is not None and keeper.poll() is not None and keeper.returncode != 0:
            raise NoServers(f"The embedded servers did not start.\n{tail(log)}")
        if not state and (keeper is None or keeper.poll() is not None):
            keeper = _start_keeper(layout)
        time.sleep(0.03)
    raise NoServers(f"The embedded servers were not ready within {PATIENCE:.0f} s. See {layout.logs}.")


def _check_it_serves(servers: list[str], wanted: Wanted) -> None:
    if missing := sorted(set(wanted.names) - set(servers)):
        raise NoServers(
            f"The running embedded servers were started without {' and '.join(missing)}, because an"
            " address was given for it then. Run `make stop`, then start again."
        )


def _start_keeper(layout: Layout) -> "subprocess.Popen[bytes]":
    log = layout.log_of("keeper")
    with log.open("wb") as output:
        log.chmod(0o600)
        return subprocess.Popen(
            [sys.executable, "-m", "config.embedded", "serve", str(layout.root)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            start_new_session=True,
        )


def serve_while_used(layout: Layout) -> None:
    """The keeper: serves until nobody holds the users' lock any more. Another keeper is no error."""
    wanted = Wanted.by(given())
    try:
        with stop_on_signals(), sole_supervisor(layout, "serve"):
            _serve(layout, wanted)
    except (AlreadyRunning, Stopped):
        return


def _serve(layout: Layout, wanted: Wanted) -> None:
    children = start_servers(layout, wanted)
    try:
        tell_state(layout, ready=True, servers=wanted.names)
        with layout.users.open("a") as users:
            keep_alive(children, until=lambda: try_lock(users, fcntl.LOCK_EX))
            stop_all(children)
            layout.remove_sockets_elsewhere()
            layout.state.unlink(missing_ok=True)
    finally:
        stop_all(children)
