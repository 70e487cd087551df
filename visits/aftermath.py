"""What an ended visit changes elsewhere: the case's next step, what risk knows, how far the address is trusted."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.cases import NextStep, note_changed_facts, set_next_actions
from accounts.models import Address, User
from accounts.models.cases import NextAction
from compliance.complaints.intake import MOST_TOLD, receive_complaint
from compliance.complaints.terms import Category, Intake
from compliance.evidence import EvidenceKind
from compliance.outcomes import AlreadyNoted, note_outcome
from compliance.restrictions import enter_restriction, hold
from compliance.terms import Channel, RestrictionKind
from risk.behaviour import note_contact, note_incident
from risk.models import IncidentKind
from visits.models import Incident, Record, Visit
from visits.models.on_site import AbortReason, AddressState, Party, Result
from visits.models.visits import Status
from visits.outcomes import (
    BY_ABORT,
    CONFIDENCE,
    PARTY_REACHED,
    WITHOUT_A_RECORD,
    Outcome,
    attitude_shown,
    is_right_party,
    outcome_of,
    owes,
)


def follow_record(visit: Visit, found: Record, *, by: User, now: datetime) -> None:
    """Everything that follows from what was found; the caller's transaction holds it together."""
    hold(visit.customer_id)
    party, result, state = Party(found.party), Result(found.result), AddressState(found.address_state)
    note_contact(
        visit.customer_id,
        right_party=is_right_party(party),
        attitude=attitude_shown(party=party, result=result),
        by=by,
        now=now,
    )
    _trust_address(visit, state, now=now)
    outcome = outcome_of(result=result, address_state=state)
    if outcome.complaint:
        _file_complaint(visit, found, outcome.complaint, by=by, now=now)
    if _sets_the_next_step(visit, outcome):
        give_next_step(visit, outcome, by=by, now=now)
    note_changed_facts(customers=[visit.customer_id], now=now)
    _note_outcome(visit, party, by=by, now=now)


def _sets_the_next_step(visit: Visit, outcome: Outcome) -> bool:
    """A promise taken at the door has set the day of the payment already, and breaking off a step of its own."""
    promised = visit.case.next_action == outcome.action == NextAction.AWAIT_PAYMENT
    return not promised and visit.status != Status.ABORTED


def await_record(visit: Visit, *, by: User, now: datetime) -> None:
    """The team has left without telling what it found: a person looks after the case until the record comes.

    A promise taken at the door has set the next step already.
    """
    hold(visit.customer_id)
    if visit.case.next_action != NextAction.AWAIT_PAYMENT:
        give_next_step(visit, WITHOUT_A_RECORD, by=by, now=now)
    note_changed_facts(customers=[visit.customer_id], now=now)


def _file_complaint(visit: Visit, found: Record, category: Category, *, by: User, now: datetime) -> None:
    """What was said at the door stops contact at once; whoever handles it finds the right category."""
    receive_complaint(
        category=category,
        intake=Intake.VISIT,
        told=found.notes.strip()[:MOST_TOLD] or found.get_result_display(),
        customer=visit.customer,
        contact=visit.start_contact,
        origin=f"visit {visit.pk}",
        by=by,
        now=now,
    )


def follow_incident(visit: Visit, incident: Incident, *, by: User, now: datetime) -> None:
    """Everything that follows from breaking off. A danger weighs on the next assessment; a wish to be left alone
    is kept: no visit for 90 days.
    """
    hold(visit.customer_id)
    found = Record.objects.filter(visit=visit).first()
    if incident.kind == AbortReason.SAFETY:
        note_incident(visit.customer_id, kind=IncidentKind(incident.danger), by=by, now=now)
    if incident.kind == AbortReason.ASKED_TO_LEAVE:
        enter_restriction(
            customer=visit.customer,
            kind=RestrictionKind.VISIT_REFUSED,
            channels=[Channel.VISIT],
            starts_at=now,
            ends_at=None,
            evidence=f"visit {visit.pk}",
            evidence_kind=EvidenceKind.OWN_RECORD,
            by=by,
            now=now,
        )
    give_next_step(visit, BY_ABORT[AbortReason(incident.kind)], by=by, now=now)
    note_changed_facts(customers=[visit.customer_id], now=now)
    if found or incident.kind == AbortReason.NO_ACCESS:
        _note_outcome(visit, Party(found.party) if found else Party.NOBODY, by=by, now=now)


def _note_outcome(visit: Visit, party: Party, *, by: User, now: datetime) -> None:
    """A visit broken off before anybody was named has no outcome, and so counts as one that reached the customer.

    What a locked gate has told stands: the record that comes afterwards does not tell it again.
    """
    if visit.start_contact is not None:
        with suppress(AlreadyNoted):
            note_outcome(visit.start_contact, reached=owes(party), party=PARTY_REACHED[party], by=by, now=now)


def give_next_step(visit: Visit, outcome: Outcome, *, by: User, now: datetime) -> None:
    """Set the case's next action by the branch's calendar. A case that was closed meanwhile needs none."""
    today = now.astimezone(ZoneInfo(visit.plan.branch.time_zone)).date()
    on = today + timedelta(days=outcome.days)
    set_next_actions([NextStep(visit.case_id, outcome.action, on, outcome.stage)], by=by, now=now)


def _trust_address(visit: Visit, state: AddressState, *, now: datetime) -> None:
    if state not in CONFIDENCE:
        return
    seen_on = now.astimezone(ZoneInfo(visit.plan.branch.time_zone)).date()
    changes: dict[str, object] = {"confidence": CONFIDENCE[state]}
    if state == AddressState.VALID:
        changes["last_verified_on"] = seen_on
    Address.objects.filter(pk=visit.address_id).update(**changes)
