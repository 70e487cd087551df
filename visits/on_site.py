"""At the door and after it: what was found, leaving, breaking off.

These reports may come late, after 21:00 or the next day: telling what happened is not a contact.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from risk.models import IncidentKind
from visits.aftermath import await_record, follow_incident, follow_record
from visits.consents import consent_to_enter
from visits.identity import ensure_confirmed_for
from visits.models import CheckOut, Incident, Record, Visit
from visits.models.on_site import AbortReason, AddressState, HardshipReason, Party, Result
from visits.models.overruns import HowEnded
from visits.models.visits import Status
from visits.overruns import note_end
from visits.reports import (
    Fix,
    Sent,
    as_it_is_now,
    ensure_still_told,
    file,
    filed_before,
    one_at_a_time,
    place_of,
)
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
    others_present: bool = False,
    entered_home: bool = False,
    by: User,
    now: datetime,
) -> Record:
    """What was found at the door, told during the visit or after its end; then it sets the case's next step.

    A result of a talk about the debt needs the confirmed identity, an entered home the consent.
    Sent again, it gives the same record. Raises NotAllowed (also as NotConfirmed and NoConsent).
    """
    found: dict[str, Any] = {
        "party": party,
        "address_state": address_state,
        "result": result,
        "hardship_reason": hardship_reason,
        "notes": notes,
        "others_present": others_present,
        "entered_home": entered_home,
    }
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(Record, visit, sent=sent, said=found, by=by):
            return before
        visit = as_it_is_now(visit)
        if Record.objects.filter(visit=visit).exists():
            raise NotAllowed(gettext("This visit has its record already."))
        ensure_still_told(visit)
        ensure_confirmed_for(visit, party=party, result=result)
        consent = consent_to_enter(visit) if entered_home else None
        made = file(Record, visit, sent=sent, said=found, by=by, now=now, **found, entry_consent=consent)
        if visit.status != Status.UNDER_WAY:
            follow_record(visit, made, by=by, now=now)
        return made


def check_out(visit: Visit, *, sent: Sent, fix: Fix | None, by: User, now: datetime) -> CheckOut:
    """The team has left. Where the record was filed before, what it found sets the case's next step in the same
    transaction; otherwise the record is due within 24 hours, and a person looks after the case until then.

    Past 21:00 it is accepted as ever, and the overrun stays. Sent again, it gives the same check-out.
    Raises NotAllowed.
    """
    said = {"fix": fix}
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(CheckOut, visit, sent=sent, said=said, by=by):
            return before
        visit = as_it_is_now(visit)
        ensure(visit, Status.UNDER_WAY)
        found = Record.objects.filter(visit=visit).first()
        place = place_of(fix, address=visit.address)
        left = file(CheckOut, visit, sent=sent, said=said, by=by, now=now, **place)
        move(visit, to=Status.DONE, by=by, now=now, detail={"result": found.result} if found else {})
        note_end(visit, left, how=HowEnded.CHECKED_OUT)
        if found:
            follow_record(visit, found, by=by, now=now)
        else:
            await_record(visit, by=by, now=now)
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
    told: dict[str, Any] = {"kind": kind, "danger": danger, "account": account}
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(Incident, visit, sent=sent, said=told, by=by):
            return before
        visit = as_it_is_now(visit)
        ensure(visit, Status.UNDER_WAY)
        incident = file(Incident, visit, sent=sent, said=told, by=by, now=now, **told)
        move(visit, to=Status.ABORTED, by=by, now=now, detail={"kind": kind})
        note_end(visit, incident, how=HowEnded.ABORTED)
        follow_incident(visit, incident, by=by, now=now)
        return incident
