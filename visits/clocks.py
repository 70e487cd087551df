"""How far a phone's clock may be trusted: compared with the server's at the moment of sending, and with itself before.

The server's clock is the authority. A phone's time is kept as it was told, with the doubt beside it, never corrected.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from visits.models import Device
from visits.models.reports import MOST_SKEW, ClockDoubt
from visits.transitions import NotAllowed

MOST_SET_BACK = timedelta(seconds=5)


class ClockNotTrusted(NotAllowed):
    """The phone's clock is wrong, or was set back: no visit begins by it."""

    def __init__(self, doubt: str) -> None:
        self.doubt = doubt
        super().__init__(_sentence(doubt))


@dataclass(frozen=True, slots=True)
class Reading:
    """`offset` is the phone's clock less the server's; what the line takes makes it less by as much."""

    offset: timedelta
    doubt: ClockDoubt | None


def read(device_at: datetime, *, now: datetime, before: timedelta | None) -> Reading:
    """What a phone that showed `device_at` when it sent tells of its clock; `before` is the offset of its last report.

    More than 30 seconds off is wrong; more than 5 seconds behind its own earlier reading was set back.
    """
    offset = device_at - now
    if abs(offset) > MOST_SKEW:
        return Reading(offset, ClockDoubt.SKEW)
    if before is not None and offset < before - MOST_SET_BACK:
        return Reading(offset, ClockDoubt.SET_BACK)
    return Reading(offset, None)


def note(device: Device, reading: Reading, *, now: datetime) -> None:
    """Remember the reading for the next one to be compared with; so a clock that was put right passes the next time."""
    Device.objects.filter(pk=device.pk).update(clock_offset=reading.offset, clock_read_at=now)
    device.clock_offset, device.clock_read_at = reading.offset, now


def ensure_trusted(reading: Reading) -> None:
    """Raises ClockNotTrusted."""
    if reading.doubt:
        raise ClockNotTrusted(reading.doubt)


def _sentence(doubt: str) -> str:
    if doubt == ClockDoubt.SKEW:
        return gettext(
            "The phone’s clock is more than 30 seconds off, so no visit begins by it. Set date and time of the phone to"
            " automatic, then check in again."
        )
    return gettext(
        "The phone’s clock was set back since its last report, so no visit begins by it. Set date and time of the phone"
        " to automatic, then check in again."
    )
