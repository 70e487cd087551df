"""A Valkey (the BSD-licensed fork of Redis) that keeps what it was told over a crash."""

import os
import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from config.embedded.binaries import valkey_binary
from config.embedded.child import Program
from config.embedded.layout import Layout


@dataclass(frozen=True)
class Valkey:
    layout: Layout
    durable: bool = True

    @property
    def socket(self) -> Path:
        return self.layout.sockets_of("valkey") / "valkey.sock"

    def program(self) -> Program:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.layout.valkey),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Program(
            name="valkey",
            command=[valkey_binary(self.layout.valkey), *options],
            environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            ready=self.ready,
            directory=self.layout.valkey,
        )

    def ready(self, _pid: int) -> bool:
        """It answers PING; while it still loads its file it answers with an error."""
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
