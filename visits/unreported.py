"""Records that are still missing. A day after a visit ended, whoever was there begins no other before it is filed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from accounts.models import User
from visits.models import Visit
from visits.transitions import NotAllowed

FILE_WITHIN = timedelta(hours=24)


class RecordMissing(NotAllowed):
    """Somebody of the team has not recorded an earlier visit within 24 hours after its end."""


def record_due_by(visit: Visit) -> datetime | None:
    """Until when the record of an ended visit is to be filed; None when it is there, or the visit goes on."""
    if getattr(visit, "record", None) is not None:
        return None
    ended = visit.ended
    return ended + FILE_WITHIN if ended else None


def ensure_all_recorded(staff: Collection[User], *, now: datetime) -> None:
    """Raises RecordMissing, naming the oldest visit at which one of `staff` was present and whose time is up."""
    rows = Visit.objects.unreported().filter(check_in__present__in=staff, ended_at__lte=now - FILE_WITHIN)
    oldest = rows.select_related("customer", "plan__branch").order_by("ended_at", "pk").first()
    if oldest is not None:
        raise RecordMissing(_sentence(oldest))


def _sentence(visit: Visit) -> str:
    start = visit.planned_start.astimezone(ZoneInfo(visit.plan.branch.time_zone))
    return gettext(
        "The record of the visit to %(customer)s on %(day)s at %(time)s is missing for more than 24 hours. File it"
        " first; then this visit can begin."
    ) % {
        "customer": visit.customer.masked_name,
        "day": start.date().isoformat(),
        "time": f"{start:%H:%M}",
    }
