import ast
import base64
import os
import stat
import sys

import environ
import pytest

from config.embedded.environment import (
    Wanted,
    for_programs,
    forget_the_embedded_owner,
    read_env_file,
    write_environment,
)
from config.embedded.layout import PROJECT, Layout


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / ".run")
    layout.make()
    yield layout
    layout.remove_sockets_elsewhere()


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_it_needs_nothing_but_the_standard_library():
    """It runs before the settings can be read, and in an environment that may be half installed."""
    imported = set()
    for file in (PROJECT / "config" / "embedded").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module)

    strangers = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert all(name.startswith("config.embedded") for name in strangers)


def test_only_the_user_can_read_the_secrets(layout):
    write_environment(layout)

    assert mode_of(layout.env) == 0o600
    assert mode_of(layout.root) == 0o700


def test_secrets_and_passwords_are_made_once(layout):
    first = write_environment(layout)
    text = layout.env.read_text()

    assert write_environment(layout) == first
    assert layout.env.read_text() == text


def test_two_checkouts_share_no_secret(tmp_path):
    texts = []
    for name in ("one", "two"):
        layout = Layout(tmp_path / name)
        layout.make()
        write_environment(layout)
        texts.append(read_env_file(layout.env))
        layout.remove_sockets_elsewhere()

    assert [name for name in texts[0] if texts[0][name] == texts[1][name]] == ["MODE"]


def test_django_environ_reads_what_was_written(tmp_path):
    layout = Layout(tmp_path / "A Bank +100% 走访" / ".run")
    layout.make()
    passwords = write_environment(layout)
    written = read_env_file(layout.env)

    database = environ.Env().db_url_config(written["DATABASE_URL"])
    keys = dict(pair.split("=", 1) for pair in written["DATA_KEYS"].split(","))

    assert database["HOST"] == str(layout.sockets_of("postgres"))
    assert (database["USER"], database["NAME"]) == ("zoufang_app", "zoufang")
    assert database["PASSWORD"] == passwords.application
    assert len(base64.urlsafe_b64decode(keys["k1"] + "=")) == 32
    assert len(base64.urlsafe_b64decode(written["INDEX_KEY"] + "=")) == 32
    layout.remove_sockets_elsewhere()


def test_a_path_too_long_for_a_socket_gets_a_private_directory_that_is_removed_again(tmp_path):
    layout = Layout(tmp_path / ("a-very-long-name-" * 6) / ".run")
    layout.make()

    sockets = layout.sockets_of("postgres")
    again = Layout(layout.root).sockets_of("postgres")

    assert sockets == again
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) < 100
    assert mode_of(sockets.parent) == 0o700
    layout.remove_sockets_elsewhere()
    assert not sockets.parent.exists()


@pytest.mark.parametrize(
    ("environment", "servers"),
    [
        ({}, ["postgres", "valkey"]),
        ({"DATABASE_URL": "postgres://a@b/c"}, ["valkey"]),
        ({"REDIS_URL": "redis://a"}, ["postgres"]),
        ({"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://a"}, []),
        ({"MODE": "production"}, []),
    ],
)
def test_only_servers_nobody_else_provides_are_wanted(environment, servers):
    assert Wanted.by(environment).names == servers


def test_a_database_of_ones_own_is_not_paired_with_the_embedded_owner(monkeypatch):
    monkeypatch.setattr(os, "environ", {})

    forget_the_embedded_owner({"DATABASE_URL": "postgres://bank@host/db"})

    assert os.environ == {"DATABASE_OWNER_URL": ""}


def test_the_environment_wins_over_the_file_of_the_person_and_that_over_ours(layout, tmp_path, monkeypatch):
    write_environment(layout)
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\nSECRET_KEY='theirs'\nMODE=local\n# A=1\n")
    monkeypatch.setattr(os, "environ", {"LOG_LEVEL": "ERROR"})

    merged = for_programs(layout, project=tmp_path)

    assert merged["LOG_LEVEL"] == "ERROR"
    assert merged["SECRET_KEY"] == "theirs"
    assert merged["INDEX_KEY"] == read_env_file(layout.env)["INDEX_KEY"]
    assert "A" not in merged
