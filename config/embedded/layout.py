"""Where everything lies. Paths only; nothing is started here."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent

# The kernel allows 107 bytes for a socket's path; ".s.PGSQL.5432" and the directory's name need some.
LONGEST_SOCKET_PATH = 99
LONGEST_LOG = 10_000_000  # bytes


@dataclass(frozen=True)
class Layout:
    """The files of one pair of servers below `root`."""

    root: Path

    @property
    def env(self) -> Path:
        return self.root / "env"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def users(self) -> Path:
        return self.root / "users"

    @property
    def state(self) -> Path:
        return self.root / "state.json"

    @property
    def processes(self) -> Path:
        return self.root / "processes.json"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def checkpoints(self) -> Path:
        """Where signed checkpoints of the audit ledger go."""
        return self.root / "checkpoints"

    @property
    def sockets_elsewhere(self) -> Path:
        """Names the directory of the sockets when `root` is too long a path for them."""
        return self.root / "sockets"

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def begin_log(self, name: str) -> None:
        """Create the log of `name` for the user's eyes only, and put one that has grown long aside."""
        log = self.log_of(name)
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_name(f"{log.name}.old"))
        log.touch(mode=0o600)

    def make(self) -> None:
        """Create the directories, for nobody's eyes but the user's own."""
        for directory in (self.root, self.logs, self.valkey, self.checkpoints):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)

    def sockets_of(self, server: str) -> Path:
        """The directory for the socket of `server`, made when it is missing."""
        directory = self._socket_root() / server
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory

    def _socket_root(self) -> Path:
        inside = self.root / "s"
        if len(os.fsencode(inside / "postgres" / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
            return inside
        if self.sockets_elsewhere.is_file():
            recorded = Path(self.sockets_elsewhere.read_text().strip())
            if recorded.is_dir() and recorded.stat().st_uid == os.geteuid():
                return recorded
        directory = Path(tempfile.mkdtemp(prefix="zoufang-", dir=_short_temporary_directory()))
        write_private(self.sockets_elsewhere, f"{directory}\n")
        return directory

    def remove_sockets_elsewhere(self) -> None:
        if self.sockets_elsewhere.is_file():
            shutil.rmtree(self.sockets_elsewhere.read_text().strip(), ignore_errors=True)
            self.sockets_elsewhere.unlink(missing_ok=True)


def _short_temporary_directory() -> str:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) < 50 else "/tmp"  # noqa: S108


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only the user may read it."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    write_private(path, json.dumps(content, indent=1, sort_keys=True) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The content of a JSON file, or nothing when it is missing or torn."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
