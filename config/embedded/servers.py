"""The pair of servers, started in order and stopped in reverse."""

from config.embedded.child import Child
from config.embedded.environment import Wanted, write_environment
from config.embedded.layout import Layout
from config.embedded.postgres import Postgres
from config.embedded.processes import Register
from config.embedded.valkey import Valkey


def start_servers(layout: Layout, wanted: Wanted, *, durable: bool = True) -> list[Child]:
    """Start those that are wanted and wait until they answer. Stops them again when one fails."""
    layout.make()
    register = Register(layout)
    register.end_leftovers()
    passwords = write_environment(layout)
    started: list[Child] = []
    try:
        if wanted.postgres:
            started.append(_begin(Postgres(layout, passwords, durable), layout, register))
        if wanted.valkey:
            started.append(_begin(Valkey(layout, durable), layout, register))
        for child in started:
            child.wait_until_ready()
    except BaseException:
        stop_all(started)
        raise
    return started


def _begin(server: Postgres | Valkey, layout: Layout, register: Register) -> Child:
    child = Child(server.program(), layout, register)
    child.start()
    return child


def stop_all(children: list[Child]) -> None:
    """Stop in the reverse order of starting."""
    for child in reversed(children):
        child.stop()
