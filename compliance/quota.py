"""How many personal values one person may be shown: counted from the ledger, under a lock.

All a person was shown counts, also what is never refused (the number of a call the gate cleared, the customer's own
access package). Both windows roll and are half open: a value shown at 10:00 sharp is free again at 11:00 sharp.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from compliance import audit
from compliance.models import Disclosure, DisclosureAlert, DisclosureQuota
from compliance.models.quotas import EVERYBODY, MOST_PER_DAY, MOST_PER_HOUR, AlertKind, QuotaWindow

LENGTH = {QuotaWindow.HOUR: timedelta(hours=1), QuotaWindow.DAY: timedelta(hours=24)}
NEARLY = 0.8

Limits = dict[QuotaWindow, int]


class QuotaSpent(Exception):
    """The person was shown as many values as they may; `next_at` is when the next is possible."""

    def __init__(self, next_at: datetime) -> None:
        self.next_at = next_at
        super().__init__(next_at)

    def __str__(self) -> str:
        return gettext(
            "You have been shown as many personal values as you may. The next is possible at %(at)s;"
            " the compliance officer was told."
        ) % {"at": f"{timezone.localtime(self.next_at):%Y-%m-%d %H:%M}"}


@dataclass(frozen=True)
class Spent:
    """One window that is full, and when it has room again."""

    window: QuotaWindow
    shown: int
    most: int
    next_at: datetime


def limits_of(user: User) -> Limits:
    """The tightest of the product's ceilings, the bank's quota for everybody and the one for the role."""
    rows = list(DisclosureQuota.objects.filter(role__in=(EVERYBODY, user.role)))
    return {
        QuotaWindow.HOUR: min([MOST_PER_HOUR, *(row.per_hour for row in rows)]),
        QuotaWindow.DAY: min([MOST_PER_DAY, *(row.per_day for row in rows)]),
    }


@transaction.atomic
def set_quota(*, role: str, per_hour: int, per_day: int, by: User, now: datetime) -> DisclosureQuota:
    """The bank's own limit for one role, for everybody when `role` is empty. Raises ValidationError when looser."""
    quota = DisclosureQuota.objects.filter(role=role).first() or DisclosureQuota(role=role)
    quota.per_hour, quota.per_day = per_hour, per_day
    quota.changed_at, quota.changed_by = now, by
    quota.full_clean()
    quota.save()
    audit.record(
        chain=audit.Chain.POLICY,
        kind=audit.Kind.POLICY,
        subject=audit.subject_of(quota),
        detail={"role": role, "per_hour": per_hour, "per_day": per_day},
        by=by,
        now=now,
    )
    return quota


def one_look_at_a_time(user: User) -> None:
    """Looks of one person wait for each other until their transactions end, so that two tabs count as one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"disclosures to {user.pk}"])


def spent(user: User, limits: Limits, *, now: datetime) -> list[Spent]:
    """The windows in which nothing more may be shown at `now`. The lock must be held."""
    longest = max(LENGTH.values())
    newest = Disclosure.objects.filter(by=user, at__gt=now - longest).order_by("-at")
    times = list(newest.values_list("at", flat=True)[: max(limits.values())])
    found = (_spent(window, most, times, now) for window, most in limits.items())
    return [one for one in found if one is not None]


def _spent(window: QuotaWindow, most: int, times: list[datetime], now: datetime) -> Spent | None:
    inside = [at for at in times if at > now - LENGTH[window]]
    if len(inside) < most:
        return None
    return Spent(window, len(inside), most, inside[most - 1] + LENGTH[window])


def refuse(user: User, full: Iterable[Spent], *, now: datetime) -> QuotaSpent:
    """Tell the compliance officer of a look that was refused. Returns the exception to raise after the commit."""
    windows = list(full)
    DisclosureAlert.objects.bulk_create(
        DisclosureAlert(
            user=user, kind=AlertKind.SPENT, window=one.window, shown=one.shown, most=one.most, at=now
        )
        for one in windows
    )
    return QuotaSpent(max(one.next_at for one in windows))


def note_growth(user: User, limits: Limits, *, added: int, now: datetime) -> None:
    """Tell the compliance officer when the last `added` values carried the person over four fifths of a window."""
    for window, most in limits.items():
        shown = Disclosure.objects.filter(by=user, at__gt=now - LENGTH[window]).count()
        line = math.ceil(most * NEARLY)
        if shown - added < line <= shown:
            DisclosureAlert.objects.create(
                user=user, kind=AlertKind.NEARLY_SPENT, window=window, shown=shown, most=most, at=now
            )
