"""At the door and after it: what was found, leaving, breaking off.

These reports may come late, after 21:00 or the next day: telling what happened is not a contact.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from risk.models import IncidentKind
from visits.aftermath import follow_incident, follow_record
from visits.models import CheckOut, Incident, Record, Visit
from visits.models.on_site import AbortReason, AddressState, HardshipReason, Party, Result
from visits.models.visits import Status
from visits.reports import Fix, Sent, as_it_is_now, file, filed_before, one_at_a_time, place_of
from visits.transitions import NotAllowed, ensure, move


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
        visit = as_it_is_now(visit)
        ensure(visit, Status.UNDER_WAY)
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
        visit = as_it_is_now(visit)
        ensure(visit, Status.UNDER_WAY)
        found = Record.objects.filter(visit=visit).first()
        if found is None:
            raise NotAllowed(gettext("Record what you found before you check out."))
        place = place_of(fix, address=visit.address)
        left = file(CheckOut, visit, sent=sent, said=said, by=by, now=now, **place)
        move(visit, to=Status.DONE, by=by, now=now, detail={"result": found.result})
        follow_record(visit, found, by=by, now=now)
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
        visit = as_it_is_now(visit)
        ensure(visit, Status.UNDER_WAY)
        incident = file(Incident, visit, sent=sent, said=told, by=by, now=now, **told)
        move(visit, to=Status.ABORTED, by=by, now=now, detail={"kind": kind})
        follow_incident(visit, incident, by=by, now=now)
        return incident
