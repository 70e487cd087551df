"""Who came in, who tried to, who left: at the desk and on the agents' phones."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.vault import blind_index
from compliance.audit.content import subject_of
from compliance.audit.writing import record
from compliance.models import Chain, Kind


class Door(StrEnum):
    DESK = "DESK"
    PHONE = "PHONE"


def note_log_in(user: User, *, door: Door, now: datetime, device: UUID | None = None) -> None:
    """Record that `user` came in. Call it last in the transaction that lets them in."""
    _record(Kind.LOG_IN, subject_of(user), door=door, device=device, by=user, now=now)


def note_failed_log_in(*, username: str, door: Door, now: datetime) -> None:
    """Record a refused try. A name nobody has is kept as a keyed hash only: people type passwords there."""
    known = User.objects.filter(username=username).first()
    subject = subject_of(known) if known else f"unknown:{_hashed(username)}"
    _record(Kind.LOG_IN_FAILED, subject, door=door, device=None, by=None, now=now)


def note_log_out(user: User, *, door: Door, by: User, now: datetime, device: UUID | None = None) -> None:
    """Record that `user` left, or was put out by somebody else. Call it last in its transaction."""
    _record(Kind.LOG_OUT, subject_of(user), door=door, device=device, by=by, now=now)


def _hashed(username: str) -> str:
    return blind_index(username.casefold(), column="audit.username").hex()


def _record(
    kind: Kind, subject: str, *, door: Door, device: UUID | None, by: User | None, now: datetime
) -> None:
    detail: dict[str, Any] = {"door": door.value}
    if device is not None:
        detail["device"] = device
    record(chain=Chain.PEOPLE, kind=kind, subject=subject, detail=detail, by=by, now=now)
