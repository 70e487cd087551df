"""The secrets and addresses of this checkout: made once, kept in `.run/env`, read by the settings."""

import base64
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from config.embedded.layout import PROJECT, Layout, write_private

DATABASE = "zoufang"
OWNER = "zoufang_owner"
APPLICATION = "zoufang_app"

_LINE = re.compile(r"(?:export )?([A-Za-z_0-9]+)=(.*)")


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file, without surrounding quotes. A missing file has none."""
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := _LINE.fullmatch(line.strip()):
            name, value = match.groups()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name] = value[1:-1] if quoted else value
    return found


def given(project: Path = PROJECT) -> dict[str, str]:
    """What the person has set: the environment over `.env`. Empty values count as not set."""
    merged = {**read_env_file(project / ".env"), **os.environ}
    return {name: value for name, value in merged.items() if value}


@dataclass(frozen=True)
class Wanted:
    """Which servers nobody else provides."""

    production: bool
    postgres: bool
    valkey: bool

    @classmethod
    def by(cls, environment: Mapping[str, str]) -> "Wanted":
        production = environment.get("MODE") == "production"
        return cls(
            production=production,
            postgres=not production and not environment.get("DATABASE_URL"),
            valkey=not production and not environment.get("REDIS_URL"),
        )

    @property
    def anything(self) -> bool:
        return self.postgres or self.valkey

    @property
    def names(self) -> list[str]:
        pairs = [("postgres", self.postgres), ("valkey", self.valkey)]
        return [name for name, wanted in pairs if wanted]


@dataclass(frozen=True)
class Passwords:
    owner: str
    application: str


def write_environment(layout: Layout) -> Passwords:
    """Write `.run/env`, keeping every secret that is already there. Returns the database passwords.

    Base64 is URL-safe and without padding: "=" would end a name in a `name=key,name=key` list.
    """
    kept = read_env_file(layout.env)
    passwords = Passwords(
        owner=_password_in(kept.get("DATABASE_OWNER_URL")),
        application=_password_in(kept.get("DATABASE_URL")),
    )
    postgres, valkey = layout.sockets_of("postgres"), layout.sockets_of("valkey")
    values = {
        "MODE": "local",
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "DATA_KEYS": kept.get("DATA_KEYS") or f"k1={_random_key()}",
        "INDEX_KEY": kept.get("INDEX_KEY") or _random_key(),
        "AUDIT_KEY": kept.get("AUDIT_KEY") or _random_key(),
        "AUDIT_SIGNING_KEY": kept.get("AUDIT_SIGNING_KEY") or _random_key(),
        "AUDIT_CHECKPOINTS": str(layout.checkpoints),
        "DATABASE_URL": database_url(APPLICATION, passwords.application, postgres),
        "DATABASE_OWNER_URL": database_url(OWNER, passwords.owner, postgres),
        "REDIS_URL": f"unix://{quote(str(valkey / 'valkey.sock'))}",
    }
    lines = ["# Written by `make run`. The secrets live as long as this directory."]
    lines += [f"{name}={value}" for name, value in values.items()]
    text = "\n".join(lines) + "\n"
    if not layout.env.is_file() or layout.env.read_text(encoding="utf-8") != text:
        write_private(layout.env, text)
    return passwords


def for_programs(layout: Layout, project: Path = PROJECT) -> dict[str, str]:
    """The environment of web, worker, beat and commands: the person's settings over our own."""
    ours, theirs = read_env_file(layout.env), read_env_file(project / ".env")
    return {**ours, **theirs, **os.environ, "PYTHONUNBUFFERED": "1"}


def database_url(role: str, password: str, sockets: Path, database: str = DATABASE) -> str:
    """An address on a Unix socket, in the form django-environ reads: an absolute path and the name."""
    return f"postgres://{role}:{password}@/{quote(str(sockets))}/{database}"


def forget_the_embedded_owner(environment: Mapping[str, str]) -> None:
    """A person's own DATABASE_URL must not be paired with the embedded server's owner."""
    if environment.get("DATABASE_URL"):
        os.environ.setdefault("DATABASE_OWNER_URL", environment.get("DATABASE_OWNER_URL", ""))


def _password_in(url: str | None) -> str:
    return (urlsplit(url).password if url else None) or secrets.token_urlsafe(24)


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
