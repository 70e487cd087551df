"""What a branch consists of beside its servers: web, worker, beat."""

import http.client
import json
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from config.embedded.child import Program
from config.embedded.environment import for_programs
from config.embedded.layout import Layout

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens where the web server should."""


def check_port(port: int) -> None:
    """Raises PortTaken."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} cannot be used ({error.strerror}). End the program that uses it, or choose"
                f" another: PORT={port + 1} make run"
            ) from error


def answer(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a GET to our own web server; status 0 when it does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def readiness(port: int) -> dict[str, Any]:
    """What /readyz says; empty when it cannot be asked."""
    try:
        content = json.loads(answer(port, "/readyz")[1])
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _module(name: str, *arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", name, *arguments]


def worker(layout: Layout) -> Program:
    options = ["--without-gossip", "--without-mingle", "--concurrency", "2", "--loglevel", "INFO"]
    return Program(
        name="worker",
        command=_module("celery", "-A", "config", "worker", *options),
        environment=for_programs(layout),
        ready=lambda _pid: True,
        death_signal=signal.SIGKILL,  # its tasks are acknowledged late: killed ones run again
        stop_seconds=20,
    )


def beat(layout: Layout) -> Program:
    schedule = layout.root / "beat"
    schedule.mkdir(mode=0o700, exist_ok=True)
    options: list[str | Path] = ["--schedule", schedule / "schedule", "--pidfile", "", "--loglevel", "INFO"]
    return Program(
        name="beat",
        command=_module("celery", "-A", "config", "beat", *options),
        environment=for_programs(layout),
        ready=lambda _pid: True,
    )


def web(layout: Layout, port: int) -> Program:
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    options += ["--bind", f"{HOST}:{port}", "--graceful-timeout", "10", "--no-control-socket"]
    return Program(
        name="web",
        command=_module("gunicorn", "config.wsgi:application", *options),
        environment=for_programs(layout),
        ready=lambda _pid: answer(port, "/livez")[0] == 200,
        start_seconds=60,
        death_signal=signal.SIGINT,  # quick: nobody is left to wait for
    )
