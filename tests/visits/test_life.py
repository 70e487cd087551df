from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Address, Case
from accounts.models.cases import CaseStatus, NextAction, Stage
from compliance.complaints.reading import told_in
from compliance.gate import Refused
from compliance.models import Complaint, Contact, Refusal, Restriction
from compliance.terms import RestrictionKind
from risk.models import BehaviourFacts, IncidentKind
from tests.accounts.factories import UserFactory
from tests.visits.factories import (
    TEN,
    TODAY,
    abort,
    case_to_visit,
    check_in,
    check_out,
    finished_visit,
    members,
    notified_visit,
    planned_visit,
    record,
    sent_by,
    team,
    visit_under_way,
)
from tests.visits.racing import at_once
from visits import life
from visits.life import DoNotProceed, Fix, NotAllowed, ReferenceReused
from visits.models import CheckIn, Incident, Visit, VisitEvent
from visits.models.on_site import AbortReason, AddressState, Party, Record, Result
from visits.models.visits import CancelReason, Status


@pytest.fixture(autouse=True)
def ten_o_clock(request):
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")
        request.getfixturevalue("database_clock")(TEN)


def status_of(visit):
    return Visit.objects.get(pk=visit.pk).status


class TestCheckIn:
    def test_a_team_at_the_door_begins_the_visit(self):
        visit = notified_visit()

        arrived = check_in(visit)

        begun = Visit.objects.get(pk=visit.pk)
        assert begun.status == Status.UNDER_WAY
        assert begun.start_contact.staff_present == 2
        assert set(arrived.present.all()) == set(members(visit))

    def test_before_the_customer_was_told_nobody_begins(self):
        visit = planned_visit()

        with pytest.raises(NotAllowed, match="customer notified"):
            check_in(visit)

        assert not Contact.objects.exists()

    @pytest.mark.parametrize("days", [-1, 1])
    def test_only_on_the_day_of_the_plan(self, days):
        visit = notified_visit()

        with pytest.raises(NotAllowed, match="2026-11-20"):
            check_in(visit, now=TEN + timedelta(days=days))

    def test_alone_the_gate_refuses_and_remembers(self):
        visit = notified_visit()

        with pytest.raises(Refused):
            check_in(visit, present=[members(visit)[0].pk])

        assert "VIS-TEAM" in Refusal.objects.get(customer=visit.customer).rule_ids
        assert status_of(visit) == Status.NOTIFIED

    def test_a_stranger_to_the_team_is_not_counted(self):
        visit = notified_visit()
        stranger = UserFactory(branch=visit.plan.branch)

        with pytest.raises(NotAllowed, match="does not belong"):
            check_in(visit, present=[members(visit)[0].pk, stranger.pk])

    def test_a_dismissed_colleague_is_not_counted(self):
        visit = notified_visit()
        colleague = members(visit)[1]
        colleague.is_active = False
        colleague.save()

        with pytest.raises(NotAllowed, match="does not belong"):
            check_in(visit)

    def test_whoever_checks_in_is_at_the_door(self):
        visit = notified_visit(crew=None)
        first, second = members(visit)

        with pytest.raises(NotAllowed, match="name yourself"):
            check_in(visit, by=first, present=[second.pk])

    def test_where_a_security_officer_is_needed_one_is_there(self):
        case = case_to_visit(now=TEN)
        with_officer = team(case.branch, size=3, officer=True)
        visit = notified_visit(case=case, crew=with_officer, needs_security_officer=True)
        *agents, _officer = members(visit)

        with pytest.raises(NotAllowed, match="security officer"):
            check_in(visit, present=[agent.pk for agent in agents])

        check_in(visit)
        assert status_of(visit) == Status.UNDER_WAY

    @pytest.mark.parametrize(
        "paid",
        [{"overdue_amount": 0}, {"status": CaseStatus.CLOSED, "closed_at": TEN}],
        ids=["nothing overdue", "case closed"],
    )
    def test_who_has_paid_is_not_visited(self, paid):
        visit = notified_visit()
        Case.objects.filter(pk=visit.case_id).update(**paid)

        with pytest.raises(DoNotProceed):
            check_in(visit)

        cancelled = Visit.objects.get(pk=visit.pk)
        assert (cancelled.status, cancelled.cancel_reason) == (Status.CANCELLED, CancelReason.PAID)
        assert not Contact.objects.exists()

    def test_the_database_has_the_last_word_on_the_hour(self, database_clock):
        visit = notified_visit()
        database_clock(TEN.replace(hour=21))

        with pytest.raises(Refused) as refused:
            check_in(visit)

        assert refused.value.refusal.rule_ids == ["CLOCK"]

        assert status_of(visit) == Status.NOTIFIED

    def test_the_distance_is_told_within_one_datum_only(self):
        near, other = notified_visit(), notified_visit()
        here = {"latitude": near.address.latitude, "longitude": near.address.longitude, "accuracy_metres": 20}

        known = check_in(near, fix=Fix(datum="WGS84", **here))
        unknown = check_in(other, fix=Fix(datum="GCJ02", **here))

        assert (known.distance_metres, unknown.distance_metres) == (0, None)

    def test_the_same_report_again_is_the_same_check_in(self):
        visit, reference = notified_visit(), uuid4()

        first = check_in(visit, reference=reference)
        again = check_in(visit, reference=reference)

        assert again == first
        assert VisitEvent.objects.filter(visit=visit, new=Status.UNDER_WAY).count() == 1
        assert Contact.objects.filter(customer=visit.customer).count() == 1
        assert not Refusal.objects.exists()

    def test_another_report_under_the_same_reference_is_refused(self):
        visit, reference = notified_visit(), uuid4()
        fix = Fix(latitude=40, longitude=110, datum="WGS84")
        check_in(visit, reference=reference)

        with pytest.raises(ReferenceReused):
            check_in(visit, reference=reference, fix=fix)

    def test_a_reference_of_another_visit_is_refused(self):
        one, other, reference = notified_visit(), notified_visit(), uuid4()
        check_in(one, reference=reference)

        with pytest.raises(ReferenceReused):
            check_in(other, reference=reference)

        assert status_of(other) == Status.NOTIFIED


class TestRecordAndCheckOut:
    def test_nothing_is_recorded_before_the_check_in(self):
        with pytest.raises(NotAllowed, match="under way"):
            record(notified_visit())

    def test_there_is_one_record(self):
        visit = visit_under_way()
        record(visit)

        with pytest.raises(NotAllowed, match="already"):
            record(visit, result=Result.REFUSES_TO_PAY)

        assert Record.objects.get(visit=visit).result == Result.PROMISE

    def test_reports_that_come_late_are_accepted(self, database_clock):
        visit = visit_under_way()
        next_day = (TEN + timedelta(days=1)).replace(hour=2)
        database_clock(next_day)

        record(visit, now=next_day)
        check_out(visit, now=next_day)

        assert status_of(visit) == Status.DONE

    def test_replays_change_nothing(self):
        visit = visit_under_way()
        of_record, of_check_out = uuid4(), uuid4()

        record(visit, reference=of_record)
        check_out(visit, reference=of_check_out)
        told = VisitEvent.objects.count()

        assert record(visit, reference=of_record).pk == Record.objects.get().pk
        assert check_out(visit, reference=of_check_out).visit_id == visit.pk
        assert VisitEvent.objects.count() == told
        assert BehaviourFacts.objects.get().failed_attempts == []

    @pytest.mark.parametrize(
        ("result", "state", "action", "days", "stage"),
        [
            (Result.PROMISE, AddressState.VALID, NextAction.AWAIT_PAYMENT, 7, Stage.FOLLOW_UP),
            (Result.HARDSHIP, AddressState.VALID, NextAction.HARDSHIP_PLAN, 2, Stage.FOLLOW_UP),
            (Result.NO_CONTACT, AddressState.VALID, NextAction.VISIT, 8, Stage.PLANNING),
            (Result.NO_CONTACT, AddressState.MOVED, NextAction.REPAIR_ADDRESS, 1, Stage.FOLLOW_UP),
        ],
    )
    def test_the_result_sets_the_next_step_of_the_case(self, result, state, action, days, stage):
        party = Party.NOBODY if result == Result.NO_CONTACT else Party.DEBTOR

        visit = finished_visit(party=party, result=result, state=state)

        case = Case.objects.get(pk=visit.case_id)
        assert (case.next_action, case.stage) == (action, stage)
        assert case.next_action_on == TEN.date() + timedelta(days=days)
        assert case.facts_changed_at > TEN

    def test_a_promise_taken_at_the_door_keeps_its_own_day(self):
        visit = visit_under_way()
        record(visit)
        Case.objects.filter(pk=visit.case_id).update(
            next_action=NextAction.AWAIT_PAYMENT,
            next_action_on=TODAY + timedelta(days=20),
            stage=Stage.FOLLOW_UP,
        )

        check_out(visit)

        assert Case.objects.get(pk=visit.case_id).next_action_on == TODAY + timedelta(days=20)

    def test_the_address_is_trusted_as_it_was_found(self):
        found = finished_visit()
        not_found = finished_visit(
            party=Party.NEIGHBOUR, result=Result.MESSAGE_LEFT, state=AddressState.MOVED
        )

        assert Address.objects.get(pk=found.address_id).last_verified_on == TEN.date()
        assert Address.objects.get(pk=found.address_id).confidence == 95
        assert Address.objects.get(pk=not_found.address_id).confidence == 10

    def test_family_is_not_the_customer(self):
        visit = finished_visit(party=Party.FAMILY, result=Result.REFUSES_TO_TALK)

        facts = BehaviourFacts.objects.get(customer=visit.customer)
        assert facts.last_right_party_contact_at is None
        assert len(facts.failed_attempts) == 1
        assert facts.attitude == ""

    @pytest.mark.parametrize(
        ("result", "kind", "category"),
        [
            (Result.DISPUTE, RestrictionKind.DISPUTE, "AMOUNT_DISPUTED"),
            (Result.COMPLAINT, RestrictionKind.COMPLAINT, "OTHER_CONDUCT"),
        ],
    )
    def test_a_dispute_or_complaint_is_filed_and_stops_contact(self, result, kind, category):
        visit = finished_visit(result=result)

        stopped = Restriction.objects.get(customer=visit.customer)
        assert (stopped.kind, stopped.channels, stopped.ends_at) == (kind, [], None)
        complaint = stopped.complaint_event.complaint
        assert (complaint.category, complaint.intake, complaint.status) == (category, "VISIT", "RECEIVED")
        assert (complaint.contact, complaint.origin) == (visit.start_contact, f"visit {visit.pk}")

    def test_a_check_out_sent_twice_files_one_complaint(self):
        visit, reference = visit_under_way(), uuid4()
        record(visit, result=Result.COMPLAINT, notes="词" * 4000)

        for _time in range(2):
            check_out(visit, reference=reference)

        complaint = Complaint.objects.get()
        assert told_in(complaint) == "词" * 4000

    def test_a_case_closed_during_the_visit_does_not_keep_the_team_there(self):
        visit = visit_under_way()
        Case.objects.filter(pk=visit.case_id).update(status=CaseStatus.CLOSED, closed_at=TEN)
        record(visit)

        check_out(visit)

        assert status_of(visit) == Status.DONE

    def test_all_or_nothing_is_written_at_check_out(self, monkeypatch):
        visit = visit_under_way()
        record(visit)
        monkeypatch.setattr("visits.aftermath.note_changed_facts", lambda **_: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            check_out(visit)

        assert status_of(visit) == Status.UNDER_WAY
        assert not BehaviourFacts.objects.exists()


class TestAbort:
    def test_a_danger_is_told_to_risk(self):
        visit = visit_under_way()

        abort(visit, kind=AbortReason.SAFETY, danger=IncidentKind.THREAT)

        assert status_of(visit) == Status.ABORTED
        assert BehaviourFacts.objects.get(customer=visit.customer).last_threat_at == TEN + timedelta(
            minutes=30
        )
        assert Case.objects.get(pk=visit.case_id).next_action == NextAction.SUPERVISOR

    def test_who_asks_us_to_leave_is_not_visited_for_90_days(self):
        visit = visit_under_way()

        abort(visit, kind=AbortReason.ASKED_TO_LEAVE)

        stopped = Restriction.objects.get(customer=visit.customer)
        assert (stopped.kind, stopped.channels) == (RestrictionKind.VISIT_REFUSED, ["VISIT"])
        assert stopped.ends_at - stopped.starts_at == timedelta(days=90)

    def test_a_replay_enters_no_second_restriction(self):
        visit, reference = visit_under_way(), uuid4()

        abort(visit, reference=reference)
        abort(visit, reference=reference)

        assert Incident.objects.count() == Restriction.objects.count() == 1

    def test_a_visit_that_is_over_is_not_aborted(self):
        with pytest.raises(NotAllowed):
            abort(finished_visit())


class TestCancel:
    @pytest.mark.parametrize("reason", list(CancelReason))
    def test_every_reason_gives_the_case_a_next_step(self, reason):
        visit = planned_visit()

        life.cancel(visit, reason=reason, by=visit.plan.proposed_by, now=TEN)

        cancelled = Visit.objects.get(pk=visit.pk)
        assert (cancelled.status, cancelled.cancel_reason) == (Status.CANCELLED, reason)
        assert Case.objects.get(pk=visit.case_id).next_action_on > TEN.date()
        assert VisitEvent.objects.filter(visit=visit).latest("pk").detail == {"reason": reason}

    def test_what_has_begun_is_not_cancelled(self):
        visit = visit_under_way()

        with pytest.raises(NotAllowed):
            life.cancel(visit, reason=CancelReason.WEATHER, by=visit.plan.proposed_by, now=TEN)


def test_visits_to_come_await_their_notice():
    waiting, told = planned_visit(), notified_visit()

    assert list(Visit.objects.awaiting_notice(now=TEN - timedelta(minutes=1))) == [waiting]
    assert not Visit.objects.awaiting_notice(now=TEN).exists()
    assert status_of(told) == Status.NOTIFIED


class TestRaces:
    def test_of_two_who_check_in_at_once_one_begins(self, committed_db):
        visit = notified_visit()

        answers = at_once(members(visit), lambda one: check_in(visit, by=one))

        assert sorted(type(answer).__name__ for answer in answers) == ["CheckIn", "NotAllowed"]
        assert Contact.objects.count() == VisitEvent.objects.filter(new=Status.UNDER_WAY).count() == 1
        assert not Refusal.objects.exists()

    def test_eight_times_the_same_report_is_one_check_in(self, committed_db):
        visit, reference = notified_visit(), uuid4()
        sent_by(members(visit)[0])

        answers = at_once(range(8), lambda _: check_in(visit, reference=reference))

        assert [type(answer) for answer in answers] == [CheckIn] * 8
        assert len({answer.pk for answer in answers}) == CheckIn.objects.count() == 1
        assert not Refusal.objects.exists()

    def test_a_visit_is_cancelled_or_begun_not_both(self, committed_db):
        visit = notified_visit()
        by = visit.plan.proposed_by
        stale = Visit.objects.get(pk=visit.pk)

        def act(what):
            if what == "begin":
                return check_in(visit)
            return life.cancel(stale, reason=CancelReason.WEATHER, by=by, now=TEN)

        answers = at_once(["begin", "cancel"], act)

        assert sum(isinstance(answer, NotAllowed) for answer in answers) == 1
        assert Contact.objects.count() == (status_of(visit) == Status.UNDER_WAY)
