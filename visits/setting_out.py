"""Until the door: telling the customer, calling off, and asking the gate to begin."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.cases import CaseStatus
from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Ask, Channel, Purpose
from visits import clocks
from visits.aftermath import give_next_step
from visits.models import CheckIn, Visit
from visits.models.visits import CancelReason, Status
from visits.outcomes import BY_CANCELLATION
from visits.reports import (
    Fix,
    Sent,
    as_it_is_now,
    broken_constraint,
    file,
    filed_before,
    one_at_a_time,
    place_of,
)
from visits.transitions import NotAllowed, ensure, move
from visits.unreported import ensure_all_recorded


class DoNotProceed(NotAllowed):
    """The reason for the visit is gone: turn back before the door."""


def mark_notified(visit: Visit, *, by: User, now: datetime) -> None:
    """The customer was told of the visit. Raises NotAllowed unless it is planned."""
    move(visit, to=Status.NOTIFIED, by=by, now=now)


@transaction.atomic
def cancel(visit: Visit, *, reason: CancelReason, by: User, now: datetime) -> None:
    """Call off a visit that has not begun and give its case the next step. Raises NotAllowed."""
    was_on_the_calendar = visit.status != Status.PROPOSED
    move(visit, to=Status.CANCELLED, by=by, now=now, detail={"reason": reason}, cancel_reason=reason)
    visit.cancel_reason = reason
    if was_on_the_calendar:
        give_next_step(visit, BY_CANCELLATION[reason], by=by, now=now)


def check_in(
    visit: Visit, *, sent: Sent, fix: Fix | None, present: Collection[int], by: User, now: datetime
) -> CheckIn:
    """The team stands at the door and asks to begin. `present` are the ids of those who do, `by` among them.

    A check-in is sent when it happens: where the phone does not tell its clock, `client_at` is taken for it.
    Sent again, it gives the same check-in. Raises NotAllowed (also as ClockNotTrusted, DoNotProceed, RecordMissing and
    ReferenceReused) and `compliance.gate.Refused`.
    """
    said = {"fix": fix, "present": sorted(set(present))}
    with one_at_a_time(visit):
        if before := filed_before(CheckIn, visit, sent=sent, said=said, by=by):
            return before
        visit = as_it_is_now(visit)
        if visit.status != Status.PLANNED:  # then the gate speaks first: an attempt at night stays on record
            ensure(visit, Status.NOTIFIED)
        _must_be_today(visit, now=now)
        _must_still_be_owed(visit, by=by, now=now)
        staff = _staff_at_the_door(visit, present, by=by)
        ensure_all_recorded(staff, now=now)
        device_at = sent.device_at or sent.client_at
        reading = clocks.read(device_at, now=now, before=sent.device.clock_offset)
        try:
            return _begin(visit, staff, sent=sent, reading=reading, fix=fix, said=said, by=by, now=now)
        except (gate.Refused, clocks.ClockNotTrusted):
            clocks.note(sent.device, reading, now=now)
            raise
        except IntegrityError as wall:
            raise NotAllowed(_what_the_database_says(wall)) from wall


def _must_be_today(visit: Visit, *, now: datetime) -> None:
    if now.astimezone(ZoneInfo(visit.plan.branch.time_zone)).date() != visit.plan.date:
        raise NotAllowed(
            gettext("This visit is planned for %(date)s at its branch, not for today.")
            % {"date": visit.plan.date.isoformat()}
        )


def _must_still_be_owed(visit: Visit, *, by: User, now: datetime) -> None:
    if visit.case.status == CaseStatus.OPEN and visit.case.overdue_amount > 0:
        return
    cancel(visit, reason=CancelReason.PAID, by=by, now=now)
    raise DoNotProceed(gettext("Nothing is overdue any more. Do not go to the door; the visit is cancelled."))


def _staff_at_the_door(visit: Visit, present: Collection[int], *, by: User) -> list[User]:
    staff = list(visit.team.members.filter(pk__in=set(present), is_active=True).order_by("pk"))
    if by not in staff:
        raise NotAllowed(gettext("Whoever checks in is present: name yourself among those at the door."))
    if len(staff) != len(set(present)):
        raise NotAllowed(gettext("Somebody named as present does not belong to this team."))
    if visit.needs_security_officer and not any(one.role == Role.SECURITY_OFFICER for one in staff):
        raise NotAllowed(gettext("This visit needs a security officer at the door."))
    return staff


def _begin(
    visit: Visit,
    staff: list[User],
    *,
    sent: Sent,
    reading: clocks.Reading,
    fix: Fix | None,
    said: dict[str, Any],
    by: User,
    now: datetime,
) -> CheckIn:
    ask = Ask(
        visit.customer_id,
        Channel.VISIT,
        Purpose.VISIT_START,
        at=now,
        until=now + _length(visit),
        staff=len(staff),
        device_at=sent.device_at or sent.client_at,
        address=visit.address.kind,
    )
    place = place_of(fix, address=visit.address)
    with gate.clearance(ask, by=by, now=now) as clearance:
        ensure(visit, Status.NOTIFIED)
        clocks.ensure_trusted(reading)
        contact = gate.make_contact(clearance, staff=len(staff), by=by, now=now)
        move(visit, to=Status.UNDER_WAY, by=by, now=now, start_contact=contact)
        arrived = file(CheckIn, visit, sent=sent, said=said, by=by, now=now, reading=reading, **place)
        arrived.present.set(staff)
        return arrived


def _length(visit: Visit) -> timedelta:
    length: timedelta = visit.planned_end - visit.planned_start
    return length


def _what_the_database_says(wall: IntegrityError) -> str:
    if broken_constraint(wall).startswith("contact_"):
        return gettext("By the clock of the database this is not a moment for a visit. Nothing was begun.")
    return gettext("The database did not accept this check-in. Nothing was begun.")
