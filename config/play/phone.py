"""A telephone on a bad line: whatever was not acknowledged is sent again, under the same reference."""

import logging
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
from django.utils.translation import gettext

Json = Any
Tell = Callable[[str], None]

ANSWERS_WITHIN = 15.0  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 3.0
SERVER_IN_TROUBLE = 500


logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every request


class NobodyAnswers(Exception):
    """The server stayed away for longer than anybody waits."""


class NotLoggedIn(Exception):
    """The server does not know this name and password."""


@dataclass(frozen=True)
class Answer:
    """What the server said in the end."""

    status: int
    said: Json

    @property
    def taken(self) -> bool:
        return self.status == HTTPStatus.CREATED

    @property
    def refused(self) -> bool:
        return self.status == HTTPStatus.FORBIDDEN and self.said.get("type") == "refused"


@dataclass(frozen=True)
class Deed:
    """A report that the server has acknowledged: it must be there for ever, once."""

    kind: str
    visit: str
    reference: str


@dataclass
class Log:
    """What all telephones of the day have done. Teams are out at the same time."""

    deeds: list[Deed] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self._one_at_a_time:
            self.counts[what] += 1

    def note(self, deed: Deed) -> None:
        with self._one_at_a_time:
            self.deeds.append(deed)
            self.counts[deed.kind] += 1


@dataclass
class Phone:
    """The device of one agent. `patience`: for how many seconds it goes on trying."""

    base_url: str
    username: str
    password: str = field(repr=False)
    log: Log
    tell: Tell
    patience: float = 120.0
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=f"{self.base_url}/api/v1", timeout=ANSWERS_WITHIN)

    def log_in(self) -> None:
        """Raises NotLoggedIn."""
        who = {"username": self.username, "password": self.password, "device": f"demo {self.username}"}
        answer = self._ask("POST", "/devices/", who)
        if not answer.taken:
            raise NotLoggedIn(f"{self.username}: {answer.said.get('detail', answer.status)}")
        self._client.headers["Authorization"] = f"Device {answer.said['token']}"

    def today(self) -> list[Json]:
        """The visits of the agent's team, in their order."""
        visits: list[Json] = self._ask("GET", "/visits/today/").said
        return visits

    def visit(self, visit: str) -> Json:
        """One visit, as it may be shown now."""
        return self._ask("GET", f"/visits/{visit}/").said

    def report(self, visit: str, kind: str, words: dict[str, Json], *, twice: bool = False) -> Answer:
        """Tell the server what happened. With `twice`, as if the first answer had been lost on the way."""
        body = {"reference": str(uuid.uuid4()), **words}
        if kind != "promises":
            body["client_at"] = datetime.now(UTC).isoformat()
        answer = self._ask("POST", f"/visits/{visit}/{kind}/", body)
        if twice:
            again = self._ask("POST", f"/visits/{visit}/{kind}/", body)
            self.log.count("repeated" if again == answer else "repeated differently")
        if answer.taken:
            self.log.note(Deed(kind, visit, body["reference"]))
        return answer

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, body: Json = None) -> Answer:
        """Ask until there is an answer. Raises NobodyAnswers."""
        deadline, pause = time.monotonic() + self.patience, FIRST_PAUSE
        while time.monotonic() < deadline:
            answer = self._try(method, path, body)
            if answer is not None:
                return answer
            self.log.count("retried")
            if pause == FIRST_PAUSE:
                self.tell(gettext("The line is bad; %(who)s tries again.") % {"who": self.username})
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise NobodyAnswers(f"{self.base_url}: {self.patience:.0f} s")

    def _try(self, method: str, path: str, body: Json) -> Answer | None:
        """None: nobody knows whether it arrived."""
        try:
            headers = {"Device-Time": datetime.now(UTC).isoformat()}
            response = self._client.request(method, path, json=body, headers=headers)
            if response.status_code >= SERVER_IN_TROUBLE:
                return None
            return Answer(response.status_code, response.json())
        except (httpx.TransportError, ValueError):
            return None
