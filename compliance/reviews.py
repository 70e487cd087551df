"""Restrictions are looked at again: by their review dates, and none stays open for ever without one."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from compliance.models import Restriction
from compliance.models.restrictions import RestrictionQuerySet
from compliance.special_care import kinds_decided_by


def restrictions_to_review(user: User) -> RestrictionQuerySet:
    """Restrictions the user may see and has to decide on; whose date has come is for the caller to narrow."""
    rows: RestrictionQuerySet = Restriction.objects.visible_to(user)
    return rows.filter(kind__in=kinds_decided_by(user.role), review_on__isnull=False)


@transaction.atomic
def call_for_reviews(*, today: date, now: datetime) -> str:
    """Give every open-ended restriction without a review date one, today. Says how many wait for a review.

    Set-wise. What ends by itself needs no tick: it binds by the clock alone.
    """
    in_force = Restriction.objects.not_over(at=now)
    without = in_force.filter(review_on__isnull=True, ends_at__isnull=True).update(review_on=today)
    due = in_force.to_review(by=today).count()
    return f"{due} to review, {without} of them had no date"
