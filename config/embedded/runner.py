"""`make run`: a branch at work, from nothing to the printed address."""

import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.embedded import programs
from config.embedded.child import Child
from config.embedded.environment import Wanted, for_programs
from config.embedded.layout import PROJECT, Layout
from config.embedded.logins import table_of_log_ins
from config.embedded.oneshot import OneShot
from config.embedded.processes import Register
from config.embedded.servers import start_servers, stop_all
from config.embedded.supervisor import keep_alive, say, tell_state

HEAD_OFFICE = ZoneInfo("Asia/Shanghai")
TITLES = {"postgres": "PostgreSQL", "valkey": "Valkey"}


@dataclass
class Branch:
    """One run, from its start to its end."""

    layout: Layout
    wanted: Wanted
    port: int
    children: list[Child] = field(default_factory=list)
    shots: list[OneShot] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def address(self) -> str:
        return f"http://{programs.HOST}:{self.port}/"

    def work(self) -> None:
        """Start everything, then watch over it until a signal ends it. Always stops what it started."""
        try:
            self.open()
            keep_alive(self.children, until=self.watch_shots, tell=self.tell)
        finally:
            self.close()

    def open(self) -> None:
        if left := Register(self.layout).end_leftovers():
            self.tell(f"Ended what an earlier run had left: {', '.join(left)}")
        programs.check_port(self.port)
        self.start_servers()
        self.tell("Bringing the database up to date …")
        self.run_command("migrate", "--no-input")
        self.load_demonstration()
        started = datetime.now(UTC)
        self.start_programs()
        self.greet()
        self.await_first_tick(started)
        self.begin_the_day()

    def close(self) -> None:
        self.tell("Stopping …")
        for shot in self.shots:
            shot.stop()
        stop_all(self.children)
        self.layout.remove_sockets_elsewhere()
        self.tell("Stopped.")

    def start_servers(self) -> None:
        own = " and ".join(TITLES[name] for name in self.wanted.names)
        self.tell(f"Starting {own} …" if own else "Using the servers of DATABASE_URL and REDIS_URL …")
        self.children += start_servers(self.layout, self.wanted)
        tell_state(self.layout, ready=True, servers=self.wanted.names, address=self.address)

    def load_demonstration(self) -> None:
        """Once a day: the portfolio the first time, then the day's feed and plan."""
        if self.mark("demo").exists() or not is_command("demo"):
            return
        self.tell("Loading the demonstration: the portfolio and the plan of today (once a day) …")
        self.run_command("demo", "--directory", str(self.layout.root), on_terminal=True)
        self.set_mark("demo")

    def start_programs(self) -> None:
        self.tell("Starting worker, beat and web …")
        for program in (
            programs.worker(self.layout),
            programs.beat(self.layout),
            programs.web(self.layout, self.port),
        ):
            child = Child(program, self.layout, Register(self.layout))
            self.children.append(child)
            child.start()
        self.children[-1].wait_until_ready()

    def greet(self) -> None:
        self.tell(f"Zoufang is open: {self.address}")
        for line in table_of_log_ins(self.layout):
            say(f"    {line}")
        say("    Ctrl-C stops everything. `make logs` shows what each program writes.")

    def await_first_tick(self, started: datetime) -> None:
        """Tell when a tick of the beat started then has gone all the way."""
        self.tell("Waiting for a beat tick to travel through the worker into the database …")
        keep_alive(self.children, lambda: self.ticked_since(started), self.tell, every=1)
        seconds = (datetime.now(UTC) - started).total_seconds()
        self.tell(f"Ready: the first beat tick arrived in the database after {seconds:.1f} s.")

    def ticked_since(self, moment: datetime) -> bool:
        facts = programs.readiness(self.port)
        tick = facts.get("last_tick")
        return bool(facts.get("ready") and tick and datetime.fromisoformat(tick) > moment)

    def begin_the_day(self) -> None:
        """Once a day the demonstration's agents go out, over HTTP like anybody's phones."""
        wanted = self.mark("demo").exists() and not self.mark("play_day").exists()
        if wanted and is_command("play_day"):
            self.tell("The demonstration's agents begin their day …")
            self.start_command("play_day", "--base-url", self.address.rstrip("/"))

    def watch_shots(self) -> bool:
        """Show what the commands in the background say. Never ends the run."""
        for shot in list(self.shots):
            ended = shot.result() is not None
            for line in shot.news():
                say(f"    {shot.name} | {line}")
            if ended:
                self.shots.remove(shot)
                self.conclude(shot)
        return False

    def conclude(self, shot: OneShot) -> None:
        code = shot.result()
        shot.stop()
        if code == 0:
            self.set_mark(shot.name)
            self.tell("The day is played.")
        else:
            self.tell(f"{shot.name} ended with exit code {code}; all else goes on.")

    def run_command(self, *arguments: str, on_terminal: bool = False) -> None:
        """Run a command of manage.py to its end. Raises ChildFailed."""
        shot = self.start_command(*arguments, on_terminal=on_terminal)
        keep_alive(self.children, until=lambda: shot.result() is not None, tell=self.tell)
        self.shots.remove(shot)
        shot.finish()

    def start_command(self, *arguments: str, on_terminal: bool = False) -> OneShot:
        shot = OneShot(
            name=arguments[0],
            command=[sys.executable, PROJECT / "manage.py", *arguments],
            layout=self.layout,
            register=Register(self.layout),
            environment=for_programs(self.layout),
        )
        self.shots.append(shot)
        shot.start(on_terminal=on_terminal)
        return shot

    def mark(self, command: str) -> Path:
        """Exists when `command` was done today, by the calendar of the demonstration's head office."""
        today = datetime.now(HEAD_OFFICE).date()
        return self.layout.root / "done" / f"{command}-{today}"

    def set_mark(self, command: str) -> None:
        self.mark(command).parent.mkdir(mode=0o700, exist_ok=True)
        self.mark(command).touch(mode=0o600)

    def tell(self, text: str) -> None:
        say(f"[{time.monotonic() - self.begun:6.1f} s] {text}")


def is_command(name: str) -> bool:
    return (PROJECT / "config" / "management" / "commands" / f"{name}.py").exists()
