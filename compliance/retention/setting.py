"""What a compliance officer may set: for how long a class is kept, and which customers nothing of is let go."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance import audit
from compliance.models import LegalHold, RetentionClass


class OutsideBounds(Exception):
    """A class is kept for a number of days between its bounds."""


class AlreadyLifted(Exception):
    """The hold was lifted before."""


class EndsBeforeItStarts(Exception):
    """A hold ends after it starts, or is open."""


@transaction.atomic
def keep_for(retention_class: RetentionClass, *, days: int, by: User, now: datetime) -> None:
    """Keep the class for `days` days from now on. Raises OutsideBounds."""
    low, high = retention_class.minimum_days, retention_class.maximum_days
    if not low <= days <= high:
        raise OutsideBounds(
            gettext("Set between %(low)s and %(high)s days: the bounds are the law's and the bank's.")
            % {"low": low, "high": high}
        )
    before = RetentionClass.objects.select_for_update().get(pk=retention_class.pk).keep_days
    RetentionClass.objects.filter(pk=retention_class.pk).update(keep_days=days, changed_at=now, changed_by=by)
    _record(retention_class, {"step": "SET", "from": before, "to": days}, by=by, now=now)


@transaction.atomic
def enter_hold(
    *,
    customer: Customer,
    reason: str,
    starts_at: datetime,
    ends_at: datetime | None,
    by: User,
    now: datetime,
) -> LegalHold:
    """Let nothing of this customer go. Waits for a batch that is being purged this moment. Raises EndsBeforeItStarts."""
    if ends_at is not None and ends_at <= starts_at:
        raise EndsBeforeItStarts(gettext("The end comes before the beginning. Swap them."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retention', 0))")
    hold = LegalHold.objects.create(
        customer=customer,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        entered_at=now,
        entered_by=by,
    )
    _record(hold, {"step": "HELD"}, by=by, now=now)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: User, now: datetime) -> None:
    """Let the retention classes count again. Raises AlreadyLifted."""
    if not LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(lifted_at=now, lifted_by=by):
        raise AlreadyLifted(gettext("This hold was lifted before."))
    _record(hold, {"step": "LIFTED"}, by=by, now=now)


def _record(row: Model, detail: dict[str, Any], *, by: User, now: datetime) -> None:
    audit.record(
        chain=audit.Chain.EVIDENCE,
        kind=audit.Kind.RETENTION,
        subject=audit.subject_of(row),
        detail=detail,
        by=by,
        now=now,
    )
