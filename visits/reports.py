"""What a phone sends is filed once: the same reference with the same words is the same report, however often it comes."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext

from accounts.models import Address, User
from visits import clocks
from visits.models import Device, Record, Visit
from visits.models.reports import Report
from visits.models.visits import Status
from visits.planning.travel import Place, straight_line_metres
from visits.transitions import NotAllowed, ensure

Filed = TypeVar("Filed", bound=Report)


class ReferenceReused(NotAllowed):
    """The phone used the reference of an earlier report for another one."""


@dataclass(frozen=True)
class Sent:
    """The envelope of a report. `client_at` is the time on the phone, kept and never believed.

    `device_at` is the phone's clock at the moment of sending, None when the phone did not say; it is no part of what
    is said, since it is another one at every try.
    """

    reference: UUID
    device: Device
    client_at: datetime
    device_at: datetime | None = None


@dataclass(frozen=True)
class Fix:
    """Where the phone believes to be, in degrees of `datum`."""

    latitude: Decimal
    longitude: Decimal
    datum: str
    accuracy_metres: int | None = None


@contextmanager
def one_at_a_time(visit: Visit) -> Iterator[None]:
    """Reports on one visit wait for each other, so that a replay finds what its twin has filed.

    A lock of the session, because the gate has a transaction of its own and may not be asked inside another.
    """
    key = int.from_bytes(visit.pk.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def as_it_is_now(visit: Visit) -> Visit:
    """The visit read anew, after the wait for whoever was busy with it."""
    rows = Visit.objects.select_related("plan__branch", "case", "customer", "address", "team", "check_in")
    fresh: Visit = rows.get(pk=visit.pk)
    return fresh


def filed_before(
    kind: type[Filed], visit: Visit, *, sent: Sent, said: Mapping[str, Any], by: User
) -> Filed | None:
    """The report filed under this reference, if it said the same. Raises ReferenceReused when it did not."""
    report: Filed | None = kind._default_manager.filter(reference=sent.reference).first()
    if report and report.body_sha256 != _body(visit, sent, said, by):
        raise ReferenceReused(_reused(sent))
    return report


def file(
    kind: type[Filed],
    visit: Visit,
    /,
    *,
    sent: Sent,
    said: Mapping[str, Any],
    by: User,
    now: datetime,
    reading: clocks.Reading | None = None,
    **fields: Any,
) -> Filed:
    """Write the report, with what its sending told of the phone's clock, `reading` where it was read before.

    Raises ReferenceReused when its reference was taken by another visit this very moment.
    """
    try:
        envelope = {
            "reference": sent.reference,
            "device": sent.device,
            "reported_by": by,
            "client_at": sent.client_at,
            "received_at": now,
            "body_sha256": _body(visit, sent, said, by),
            "visit": visit,
            **_clock(sent, reading, now=now),
        }
        report = kind._default_manager.create(**envelope, **fields)
    except IntegrityError as broken:
        if "reference" in broken_constraint(broken):
            raise ReferenceReused(_reused(sent)) from broken
        raise
    return cast(Filed, report)


def ensure_still_told(visit: Visit) -> None:
    """Raises NotAllowed unless the visit is under way, or has ended and waits for its record."""
    if visit.status in (Status.DONE, Status.ABORTED) and not Record.objects.filter(visit=visit).exists():
        return
    ensure(visit, Status.UNDER_WAY)


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint the database stood on, empty when it gave none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def place_of(fix: Fix | None, *, address: Address) -> dict[str, Any]:
    """The columns of a place. The distance to the address is known only within one datum."""
    if fix is None:
        return {}
    comparable = fix.datum == address.datum and None not in (address.latitude, address.longitude)
    return {
        "latitude": fix.latitude,
        "longitude": fix.longitude,
        "datum": fix.datum,
        "accuracy_metres": fix.accuracy_metres,
        "distance_metres": straight_line_metres(_point(fix), _point(address)) if comparable else None,
    }


def _point(where: Fix | Address) -> Place:
    return Place(float(where.latitude or 0), float(where.longitude or 0))


def _clock(sent: Sent, reading: clocks.Reading | None, *, now: datetime) -> dict[str, Any]:
    if reading is None and sent.device_at is not None:
        reading = clocks.read(sent.device_at, now=now, before=sent.device.clock_offset)
    if reading is None:
        return {}
    clocks.note(sent.device, reading, now=now)
    return {"clock_offset": reading.offset, "clock_doubt": reading.doubt or ""}


def _body(visit: Visit, sent: Sent, said: Mapping[str, Any], by: User) -> str:
    words = {"visit": visit.pk, "by": by.pk, "client_at": sent.client_at.astimezone(UTC), **said}
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()


def _reused(sent: Sent) -> str:
    return gettext("Reference %(reference)s belongs to another report. Send this one under a new one.") % {
        "reference": sent.reference
    }
