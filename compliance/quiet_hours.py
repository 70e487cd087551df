"""Entering and lifting the hours in which a customer asked to be left in peace. All of them are honoured, at once."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance.models import QuietHours
from compliance.models.quiet_hours import Weekday


class EndBeforeTheyStart(ValueError):
    """Quiet hours end after they start; those over midnight are two."""


class AlreadyLifted(Exception):
    """These quiet hours were lifted before."""


@transaction.atomic
def enter_quiet_hours(
    *, customer: Customer, weekday: Weekday, starts: time, ends: time | None, by: User, now: datetime
) -> QuietHours:
    """No contact from `starts` until before `ends` (None: midnight) of this weekday, by the customer's clock.

    Waits for a contact that is being cleared this moment. Raises EndBeforeTheyStart.
    """
    if ends is not None and ends <= starts:
        raise EndBeforeTheyStart(
            gettext(
                "They end after they start. Enter hours over midnight as two: until midnight, and from 00:00."
            )
        )
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    entered: QuietHours = QuietHours.objects.create(
        customer=customer, weekday=weekday, starts=starts, ends=ends, entered_at=now, entered_by=by
    )
    return entered


def lift_quiet_hours(quiet_hours: QuietHours, *, by: User, now: datetime) -> None:
    """The customer is content with these hours again. Raises AlreadyLifted."""
    in_force = QuietHours.objects.in_force().filter(pk=quiet_hours.pk)
    if not in_force.update(lifted_at=now, lifted_by=by):
        raise AlreadyLifted(str(quiet_hours))
