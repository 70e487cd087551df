"""`python -m config.embedded run|stop|reset|status|serve`: what the Makefile calls."""

import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import programs
from config.embedded.binaries import NoServer
from config.embedded.child import ChildFailed
from config.embedded.environment import Wanted, forget_the_embedded_owner, given
from config.embedded.layout import Layout, read_json
from config.embedded.postgres import NotPossibleAsRoot
from config.embedded.processes import Register, runs, signal_process, wait_until
from config.embedded.runner import Branch
from config.embedded.sharing import ANOTHER_USERS, default_layout, serve_while_used
from config.embedded.supervisor import (
    AlreadyRunning,
    Stopped,
    present_state,
    say,
    sole_supervisor,
    stop_on_signals,
)

STOPS_WITHIN = 90.0


def run(layout: Layout) -> None:
    """Everything, until Ctrl-C. Says where it is when it runs already."""
    environment = given()
    wanted = Wanted.by(environment)
    if wanted.production:
        sys.exit("MODE is production: `make run` is for a developer's machine. See docker-compose.yml.")
    forget_the_embedded_owner(environment)
    port = environment.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is {port!r}. Set it to a number from 1 to 65535.")
    try:
        with stop_on_signals(), sole_supervisor_after_commands(layout):
            Branch(layout, wanted, int(port)).work()
    except AlreadyRunning as running:
        address = running.state.get("address", "still starting")
        say(f"Zoufang runs already (process {running.state.get('pid', '?')}): {address}")
    except Stopped:
        return


@contextmanager
def sole_supervisor_after_commands(layout: Layout) -> Iterator[None]:
    """Wait while only commands use the servers; they end by themselves."""
    told = False
    while True:
        try:
            supervisor = sole_supervisor(layout, "run")
            supervisor.__enter__()
            break
        except AlreadyRunning as running:
            if running.state.get("kind") == "run":
                raise
            if not told:
                say("Waiting for a running manage.py command to end …")
            told = True
            time.sleep(0.2)
    try:
        yield
    finally:
        supervisor.__exit__(None, None, None)


def stop(layout: Layout) -> None:
    """Stop whatever runs for this checkout, and wait until it has."""
    state = present_state(layout)
    if state:
        signal_process(state["pid"], signal.SIGTERM)
        ended = wait_until(lambda: not runs(state["pid"], state["started"]), seconds=STOPS_WITHIN)
        if not ended:
            signal_process(state["pid"], signal.SIGKILL)
    if not layout.root.is_dir():
        say("Nothing was running.")
        return
    with sole_supervisor(layout, "stop"):
        left = Register(layout).end_leftovers()
    say("Stopped." if state or left else "Nothing was running.")


def reset(layout: Layout) -> None:
    """Stop, then delete the servers' data, the secrets and the log-ins."""
    stop(layout)
    if not layout.root.is_dir():
        return
    with sole_supervisor(layout, "reset"):
        layout.remove_sockets_elsewhere()
        shutil.rmtree(layout.root)
    say(f"Deleted {layout.root}.")


def status(layout: Layout) -> None:
    """What runs, and whether it is ready. Exit code 1 when it is not."""
    state = present_state(layout)
    if not state:
        sys.exit("Not running. `make run` starts it.")
    say(f"{state['kind']}: process {state['pid']}, {state.get('address', 'no web server')}")
    for name, (pid, started) in sorted(read_json(layout.processes).items()):
        say(f"  {name}: {'process ' + str(pid) if runs(pid, started) else 'not running'}")
    if "address" not in state:
        return
    facts = programs.readiness(int(state["address"].rstrip("/").rpartition(":")[2]))
    for name, says in facts.items():
        say(f"  {name}: {says}")
    sys.exit(0 if facts.get("ready") else 1)


ACTIONS: dict[str, Callable[[Layout], None]] = {
    "run": run,
    "stop": stop,
    "reset": reset,
    "status": status,
    "serve": serve_while_used,
}


def main(action: str = "", root: str = "") -> None:
    if action not in ACTIONS:
        sys.exit(f"Usage: python -m config.embedded {'|'.join(ACTIONS)} [DIRECTORY]")
    try:
        ACTIONS[action](Layout(Path(root)) if root else default_layout())
    except (ChildFailed, NoServer, NotPossibleAsRoot, programs.PortTaken) as error:
        sys.exit(str(error))
    except AlreadyRunning as running:
        sys.exit(f"Something has just started again (process {running.state.get('pid', '?')}). Try again.")
    except PermissionError as error:
        sys.exit(f"{error}. {ANOTHER_USERS}")


if __name__ == "__main__":
    main(*sys.argv[1:])
