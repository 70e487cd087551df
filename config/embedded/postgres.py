"""A PostgreSQL cluster with the two roles: the owner migrates, the application only works."""

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.embedded.binaries import postgres_binaries, postgres_major
from config.embedded.child import ChildFailed, Program, launched, tail
from config.embedded.environment import APPLICATION, DATABASE, OWNER, Passwords
from config.embedded.launch import nobody
from config.embedded.layout import Layout

# For throw-away clusters: nothing of it needs to outlive a power cut.
WITHOUT_DURABILITY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


IDENTITIES_FOR_ROOT = ("nobody", "namespace")

Command = list[str | Path]


class NotPossibleAsRoot(Exception):
    """PostgreSQL refuses to run as root and no other identity could be taken."""


@dataclass(frozen=True)
class Postgres:
    layout: Layout
    passwords: Passwords
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.layout.postgres / "data"

    @property
    def sockets(self) -> Path:
        return self.layout.sockets_of("postgres")

    def program(self) -> Program:
        """Prepare the cluster if need be and tell how to run it."""
        binaries = postgres_binaries()
        identity = self._take_possession(binaries)
        if not self.data.is_dir():
            self._create(binaries, identity)
        self._forget_a_foreign_lock()
        return Program(
            name="postgres",
            command=[binaries / "postgres", "-D", self.data, *self._options()],
            environment=_environment(),
            ready=self.ready,
            directory=self.layout.postgres,
            identity=identity,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, then writes everything down
            death_signal=signal.SIGINT,
        )

    def ready(self, pid: int) -> bool:
        """The server writes its number into the first line of its lock file, its state into the eighth."""
        lines = _lines(self.data / "postmaster.pid")
        return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _options(self) -> list[str]:
        settings = [
            "listen_addresses=",
            f'unix_socket_directories="{self.sockets}"',
            "unix_socket_permissions=0700",
            "max_connections=100",
            "max_wal_size=256MB",
            "timezone=UTC",
            "log_timezone=UTC",
            *([] if self.durable else WITHOUT_DURABILITY),
        ]
        return [word for setting in settings for word in ("-c", setting)]

    def _take_possession(self, binaries: Path) -> str:
        """Give the cluster's directories to the user it will run as. Returns the launcher's IDENTITY."""
        self.layout.postgres.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() != 0:
            return "self"
        for identity in IDENTITIES_FOR_ROOT:
            owner = nobody() if identity == "nobody" else (0, 0)
            for directory in (self.layout.postgres, self.sockets):
                _give(directory, *owner)
            if (obstacle := self._obstacle(binaries, identity)) is None:
                return identity
        raise NotPossibleAsRoot(
            "PostgreSQL refuses to run as root, and neither user nobody nor a user namespace could run it:"
            f" {obstacle}. Run as an ordinary user, or set DATABASE_URL to a server."
        )

    def _obstacle(self, binaries: Path, identity: str) -> str | None:
        """Why `identity` can not run the programs; None when it can."""
        show: Command = [binaries / "initdb", "--show", "-D", self.layout.postgres / "none"]
        try:
            answer = subprocess.run(
                launched(identity, signal.SIGKILL, *show),
                cwd=self.layout.postgres,
                capture_output=True,
                text=True,
                env=_environment(),
                check=False,
            )
        except OSError as error:
            return str(error)
        return None if answer.returncode == 0 else answer.stderr.strip()

    def _create(self, binaries: Path, identity: str) -> None:
        """Make the cluster aside and move it in place when it is complete."""
        new = self.layout.postgres / "new"
        shutil.rmtree(new, ignore_errors=True)
        password_file = self.layout.postgres / "password"
        password_file.write_text(secrets.token_urlsafe(24))  # nobody ever logs in as the superuser
        password_file.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(password_file, self.layout.postgres.stat().st_uid)
        initdb: Command = [binaries / "initdb", "-D", new, "-U", "postgres", "-A", "scram-sha-256"]
        initdb += ["--pwfile", password_file, "-E", "UTF8", *_locale(binaries)]
        initdb += [] if self.durable else ["--no-sync"]
        try:
            self._run_once(identity, initdb)
            single_user: Command = [binaries / "postgres", "--single", "-D", new, "postgres"]
            self._run_once(identity, single_user, statements=self._roles())
        finally:
            password_file.unlink()
        new.rename(self.data)

    def _roles(self) -> str:
        """One statement a line, as the single-user mode wants it."""
        return "\n".join(
            [
                f"CREATE ROLE {APPLICATION} LOGIN PASSWORD '{self.passwords.application}';",
                f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{self.passwords.owner}';",
                f"GRANT {APPLICATION} TO {OWNER};",  # so that the owner may end its sessions
                f"CREATE DATABASE {DATABASE} OWNER {OWNER};",
                "",
            ]
        )

    def _run_once(self, identity: str, command: Command, *, statements: str = "") -> None:
        log = self.layout.log_of("postgres-setup")
        with log.open("ab") as output:
            start = output.tell()
            answer = subprocess.run(
                launched(identity, signal.SIGKILL, *command),
                input=statements.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.layout.postgres,
                env=_environment(),
                check=False,
            )
        output_tail = tail(log, since=start)
        if answer.returncode != 0 or "ERROR:" in output_tail:
            raise ChildFailed(f"{Path(command[0]).name} failed. The end of {log}:\n{output_tail}")

    def _forget_a_foreign_lock(self) -> None:
        """After a crash of the machine the number in the lock file may belong to another program."""
        lock = self.data / "postmaster.pid"
        lines = _lines(lock)
        if not lines or not lines[0].strip().isdigit():
            return
        try:
            command = Path(f"/proc/{lines[0].strip()}/cmdline").read_bytes()
        except OSError:
            return  # it does not run: PostgreSQL sees that itself, and looks for stray sessions first
        if b"postgres" not in command:
            lock.unlink()


def _environment() -> dict[str, str]:
    """The servers are not shown the application's secrets."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _locale(binaries: Path) -> list[str]:
    """Letters of every script, sorted by code point, on every machine alike."""
    if postgres_major(binaries) >= 17:
        return ["--locale-provider=builtin", "--locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _give(directory: Path, user: int, group: int) -> None:
    if (owner := directory.stat()) and (owner.st_uid, owner.st_gid) == (user, group):
        return
    for path in (directory, *directory.rglob("*")):
        os.chown(path, user, group, follow_symlinks=False)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
