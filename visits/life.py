"""The life of a visit, one verb a step. The gate is asked where a customer is reached: at check-in, and nowhere else.

What is reported from the door may come late, after 21:00 or the next day: telling what happened is not a contact.
"""

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
from risk.models import IncidentKind
from visits import aftermath
from visits.models import CheckIn, CheckOut, Incident, Record, Visit
from visits.models.on_site import AbortReason, AddressState, HardshipReason, Party, Result
from visits.models.visits import CancelReason, Status
from visits.outcomes import BY_CANCELLATION
from visits.reports import (
    Fix,
    ReferenceReused,
    Sent,
    broken_constraint,
    file,
    filed_before,
    one_at_a_time,
    place_of,
)
from visits.transitions import NotAllowed, move

__all__ = [
    "DoNotProceed",
    "Fix",
    "NotAllowed",
    "ReferenceReused",
    "Sent",
    "abort",
    "cancel",
    "check_in",
    "check_out",
    "mark_notified",
    "record",
]


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
        aftermath.give_next_step(visit, BY_CANCELLATION[reason], by=by, now=now)


def check_in(
    visit: Visit, *, sent: Sent, fix: Fix | None, present: Collection[int], by: User, now: datetime
) -> CheckIn:
    """The team stands at the door and asks to begin. `present` are the ids of those who do, `by` among them.

    Sent again, it gives the same check-in. Raises NotAllowed (also as DoNotProceed and ReferenceReused) and
    `compliance.gate.Refused`.
    """
    said = {"fix": fix, "present": sorted(set(present))}
    with one_at_a_time(visit):
        if before := filed_before(CheckIn, visit, sent=sent, said=said, by=by):
            return before
        visit = _as_it_is_now(visit)
        _must_be(visit, Status.NOTIFIED)
        _must_be_today(visit, now=now)
        _must_still_be_owed(visit, by=by, now=now)
        staff = _staff_at_the_door(visit, present, by=by)
        try:
            return _begin(visit, staff, sent=sent, fix=fix, said=said, by=by, now=now)
        except IntegrityError as wall:
            raise NotAllowed(_what_the_database_says(wall)) from wall


def record(
    visit: Visit,
    *,
    sent: Sent,
    party: Party,
    address_state: AddressState,
    result: Result,
    hardship_reason: HardshipReason | str = "",
    notes: str = "",
    by: User,
    now: datetime,
) -> Record:
    """What was found at the door. Sent again, it gives the same record. Raises NotAllowed."""
    found = {
        "party": party,
        "address_state": address_state,
        "result": result,
        "hardship_reason": hardship_reason,
        "notes": notes,
    }
    with one_at_a_time(visit):
        if before := filed_before(Record, visit, sent=sent, said=found, by=by):
            return before
        visit = _as_it_is_now(visit)
        _must_be(visit, Status.UNDER_WAY)
        if Record.objects.filter(visit=visit).exists():
            raise NotAllowed(gettext("This visit has its record already."))
        return file(Record, visit, sent=sent, said=found, by=by, now=now, **found)


def check_out(visit: Visit, *, sent: Sent, fix: Fix | None, by: User, now: datetime) -> CheckOut:
    """The team has left. The record comes first: what it found sets the case's next step in the same transaction.

    Sent again, it gives the same check-out. Raises NotAllowed.
    """
    said = {"fix": fix}
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(CheckOut, visit, sent=sent, said=said, by=by):
            return before
        visit = _as_it_is_now(visit)
        _must_be(visit, Status.UNDER_WAY)
        found = Record.objects.filter(visit=visit).first()
        if found is None:
            raise NotAllowed(gettext("Record what you found before you check out."))
        place = place_of(fix, address=visit.address)
        left = file(CheckOut, visit, sent=sent, said=said, by=by, now=now, **place)
        move(visit, to=Status.DONE, by=by, now=now, detail={"result": found.result})
        aftermath.follow_record(visit, found, by=by, now=now)
        return left


def abort(
    visit: Visit,
    *,
    sent: Sent,
    kind: AbortReason,
    danger: IncidentKind | str = "",
    account: str,
    by: User,
    now: datetime,
) -> Incident:
    """The team broke off the visit. `danger` is named for reasons of safety only.

    Sent again, it gives the same incident. Raises NotAllowed.
    """
    told = {"kind": kind, "danger": danger, "account": account}
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(Incident, visit, sent=sent, said=told, by=by):
            return before
        visit = _as_it_is_now(visit)
        _must_be(visit, Status.UNDER_WAY)
        incident = file(Incident, visit, sent=sent, said=told, by=by, now=now, **told)
        move(visit, to=Status.ABORTED, by=by, now=now, detail={"kind": kind})
        aftermath.follow_incident(visit, incident, by=by, now=now)
        return incident


def _as_it_is_now(visit: Visit) -> Visit:
    rows = Visit.objects.select_related("plan__branch", "case", "customer", "address", "team")
    fresh: Visit = rows.get(pk=visit.pk)
    return fresh


def _must_be(visit: Visit, status: Status) -> None:
    if visit.status != status:
        raise NotAllowed(
            gettext("This visit is “%(now)s”; the step needs “%(needed)s”.")
            % {"now": visit.get_status_display(), "needed": status.label}
        )


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
    )
    place = place_of(fix, address=visit.address)
    with gate.clearance(ask, by=by, now=now) as clearance:
        contact = gate.make_contact(clearance, staff=len(staff), by=by, now=now)
        move(visit, to=Status.UNDER_WAY, by=by, now=now, start_contact=contact)
        arrived = file(CheckIn, visit, sent=sent, said=said, by=by, now=now, **place)
        arrived.present.set(staff)
        return arrived


def _length(visit: Visit) -> timedelta:
    length: timedelta = visit.planned_end - visit.planned_start
    return length


def _what_the_database_says(wall: IntegrityError) -> str:
    if broken_constraint(wall).startswith("contact_"):
        return gettext("By the clock of the database this is not a moment for a visit. Nothing was begun.")
    return gettext("The database did not accept this check-in. Nothing was begun.")
