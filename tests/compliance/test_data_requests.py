"""Customers' requests about their own data: along the table, in time, with effect, and kept."""

import itertools
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Case, Customer
from accounts.models.cases import NextAction
from accounts.models.staff import Role
from compliance import audit
from compliance.data_requests.corrections import NotAValue, NotGranted, correct
from compliance.data_requests.deadline import due_on
from compliance.data_requests.effects import NotCarriedOut
from compliance.data_requests.life import (
    NeedsReason,
    NotAllowed,
    NotAnswered,
    check_identity,
    complete,
    decide,
    receive,
    take_on,
)
from compliance.data_requests.terms import (
    TRANSITIONS,
    CorrectedField,
    IdentityCheck,
    ReceivedThrough,
    RequestKind,
    RequestStatus,
)
from compliance.models import (
    AuditEntry,
    Correction,
    DataRequest,
    DataRequestEvent,
    LegalHold,
    PurgeRun,
    Restriction,
    RetentionClass,
)
from compliance.retention.keeping import MustBeKept, why_kept
from compliance.retention.setting import enter_hold
from compliance.terms import Channel
from risk.behaviour import note_surroundings
from risk.models import Animal, BehaviourFacts
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory, overdue_case
from tests.followups.factories import TEN, close, system

A_MICROSECOND, DAY = timedelta(microseconds=1), timedelta(hours=24)
S = RequestStatus


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def received(kind=RequestKind.OBJECTION, *, customer=None, now=TEN, **said):
    return receive(
        customer=customer or CustomerFactory(),
        kind=kind,
        through=ReceivedThrough.COUNTER,
        by=system(),
        now=now,
        **said,
    )


def checked(kind=RequestKind.OBJECTION, **said):
    asked = received(kind, **said)
    check_identity(asked, how=IdentityCheck.DOCUMENT, by=system(), now=TEN)
    return asked


def granted(kind=RequestKind.OBJECTION, **said):
    asked = checked(kind, **said)
    decide(asked, decision=S.GRANTED, by=system(), now=TEN)
    return asked


def request_in(status):
    """A request in any status, reached the way requests reach it."""
    asked = received() if status == S.RECEIVED else checked()
    if status in (S.GRANTED, S.PARTLY, S.REFUSED):
        decide(asked, decision=status, reason="because", by=system(), now=TEN)
    if status == S.DONE:
        decide(asked, decision=S.REFUSED, reason="because", by=system(), now=TEN)
        complete(asked, answer="letter", by=system(), now=TEN)
    return DataRequest.objects.get(pk=asked.pk)


MOVES = {
    S.IDENTITY_CHECKED: lambda it: check_identity(it, how=IdentityCheck.DOCUMENT, by=system(), now=TEN),
    S.GRANTED: lambda it: decide(it, decision=S.GRANTED, by=system(), now=TEN),
    S.PARTLY: lambda it: decide(it, decision=S.PARTLY, reason="because", by=system(), now=TEN),
    S.REFUSED: lambda it: decide(it, decision=S.REFUSED, reason="because", by=system(), now=TEN),
    S.DONE: lambda it: complete(it, answer="letter", by=system(), now=TEN),
}


class TestTheTable:
    @pytest.mark.parametrize(("old", "new"), list(itertools.product(S, MOVES)))
    def test_every_pair(self, db, old, new):
        asked = request_in(old)

        if new in TRANSITIONS[old]:
            MOVES[new](asked)
            assert DataRequest.objects.get(pk=asked.pk).status == new
            assert DataRequestEvent.objects.filter(request=asked, old=old, new=new).count() == 1
        else:
            with pytest.raises(NotAllowed):
                MOVES[new](asked)
            assert DataRequest.objects.get(pk=asked.pk).status == old

    @pytest.mark.parametrize(("old", "new"), list(itertools.product(S, S)))
    def test_the_database_knows_it_too(self, db, old, new):
        if old == new or new in TRANSITIONS[old]:
            return
        asked = request_in(old)
        with pytest.raises(DatabaseError), transaction.atomic():
            DataRequest.objects.filter(pk=asked.pk).update(status=new)

    @pytest.mark.parametrize(
        "change",
        [
            "DELETE FROM compliance_datarequest",
            "UPDATE compliance_datarequest SET due_on = due_on + 30",
            "UPDATE compliance_datarequest SET kind = 'ACCESS'",
        ],
    )
    def test_what_was_asked_stays(self, db, change):
        received()
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_it_begins_as_received(self, db):
        asked = received()
        with pytest.raises(IntegrityError), transaction.atomic():
            DataRequest.objects.create(
                customer=asked.customer,
                kind="ACCESS",
                status="REFUSED",
                reason="x",
                received_at=TEN,
                received_by=system(),
                received_through="COUNTER",
                due_on=TEN.date(),
                decided_at=TEN,
                decided_by=system(),
            )

    def test_every_step_is_a_link_of_the_chain(self, db):
        asked = granted()

        entries = AuditEntry.objects.filter(kind="DATA_REQUEST").order_by("seq")
        steps = DataRequestEvent.objects.filter(request=asked).order_by("pk")
        assert [entry.subject_digest for entry in entries] == [audit.digest_of(step) for step in steps]

    def test_two_who_decide_at_once_are_one(self, committed_db):
        asked = checked()
        outcomes, start = [], threading.Barrier(2)

        def one(decision):
            mine = DataRequest.objects.get(pk=asked.pk)
            start.wait(timeout=10)
            try:
                decide(mine, decision=decision, reason="because", by=system(), now=TEN)
                outcomes.append("yes")
            except NotAllowed:
                outcomes.append("no")
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(it,)) for it in (S.GRANTED, S.REFUSED)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert sorted(outcomes) == ["no", "yes"]
        assert DataRequestEvent.objects.filter(request=asked, old=S.IDENTITY_CHECKED).count() == 1


class TestReasonsAndAnswers:
    @pytest.mark.parametrize("decision", [S.PARTLY, S.REFUSED])
    @pytest.mark.parametrize("reason", ["", "  "])
    def test_a_no_has_a_reason(self, db, decision, reason):
        asked = checked()

        with pytest.raises(NeedsReason):
            decide(asked, decision=decision, reason=reason, by=system(), now=TEN)

        assert DataRequest.objects.get(pk=asked.pk).status == S.IDENTITY_CHECKED

    def test_a_decision_is_one_of_three(self, db):
        with pytest.raises(NotAllowed):
            decide(checked(), decision=S.DONE, by=system(), now=TEN)

    def test_the_customer_is_told(self, db):
        with pytest.raises(NotAnswered):
            complete(granted(), answer=" ", by=system(), now=TEN)

    def test_whoever_takes_it_on_handles_it(self, db, officer):
        asked = received()
        take_on(asked, by=officer)
        assert DataRequest.objects.get().handler == officer

        with pytest.raises(NotAllowed):
            take_on(request_in(S.DONE), by=officer)


class TestDeadline:
    @pytest.mark.parametrize(
        ("received_on", "due"),
        [
            (date(2026, 11, 20), date(2026, 12, 11)),  # Friday
            (date(2026, 11, 21), date(2026, 12, 11)),  # Saturday
            (date(2026, 11, 22), date(2026, 12, 11)),  # Sunday
            (date(2026, 11, 23), date(2026, 12, 14)),  # Monday
        ],
    )
    def test_fifteen_days_from_monday_to_friday(self, received_on, due):
        assert due_on(received_on) == due

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    def test_it_is_a_working_day_with_fifteen_up_to_it(self, received_on):
        due = due_on(received_on)
        between = [received_on + timedelta(days=n) for n in range(1, (due - received_on).days + 1)]

        assert due.weekday() < 5
        assert sum(day.weekday() < 5 for day in between) == 15

    @pytest.mark.parametrize(("hour", "due"), [(15, date(2026, 12, 11)), (16, date(2026, 12, 14))])
    def test_the_day_of_receipt_is_the_branchs(self, db, hour, due):
        """23:00 on a Friday in Baotou, and midnight, which is Saturday; then 16:00 UTC on the Sunday is Monday."""
        friday_or_sunday = 20 if hour == 15 else 22
        asked = received(now=datetime(2026, 11, friday_or_sunday, hour, tzinfo=UTC))

        assert asked.due_on == due


class TestEffects:
    def test_a_granted_restriction_stops_the_channels_named_at_once(self, db):
        asked = granted(RequestKind.RESTRICTION, channels=[Channel.CALL, Channel.SMS])

        stop = Restriction.objects.in_force(at=TEN).get(customer=asked.customer)
        assert (stop.kind, stop.channels) == ("DO_NOT_CONTACT", ["CALL", "SMS"])
        assert str(asked.pk) in stop.evidence

    def test_a_refused_one_stops_nothing(self, db):
        asked = checked(RequestKind.RESTRICTION)
        decide(asked, decision=S.REFUSED, reason="because", by=system(), now=TEN)

        assert not Restriction.objects.exists()

    def test_an_objection_to_the_score_puts_the_case_before_a_person(self, db):
        case = overdue_case(now=TEN)
        granted(RequestKind.OBJECTION, customer=case.customer)

        case = Case.objects.get(pk=case.pk)
        assert (case.next_action, case.next_action_on) == (NextAction.SUPERVISOR, TEN.date())

    def test_access_is_done_when_the_package_was_handed_over(self, db):
        with pytest.raises(NotCarriedOut):
            complete(granted(RequestKind.ACCESS), answer="letter", by=system(), now=TEN)

    def test_a_correction_is_done_when_it_was_entered(self, db):
        asked = granted(RequestKind.CORRECTION)
        with pytest.raises(NotCarriedOut):
            complete(asked, answer="letter", by=system(), now=TEN)

        correct(asked, field=CorrectedField.NAME, new="李明", by=system(), now=TEN)
        complete(asked, answer="letter", by=system(), now=TEN)

        assert DataRequest.objects.get(pk=asked.pk).status == S.DONE


class TestCorrections:
    def test_what_agents_noted_is_corrected_here(self, db):
        case = overdue_case(now=TEN)
        note_surroundings(case.customer_id, animal=Animal.LOOSE, by=system(), now=TEN)
        asked = granted(RequestKind.CORRECTION, customer=case.customer)

        row = correct(asked, field=CorrectedField.ANIMAL, new="NONE", by=system(), now=TEN)

        assert (row.outcome, row.old_masked, row.new_masked) == ("APPLIED", "LOOSE", "NONE")
        assert BehaviourFacts.objects.get(customer=case.customer).animal == "NONE"

    @pytest.mark.parametrize(
        ("field", "new", "was", "now_is"),
        [
            (CorrectedField.NAME, "李明明", "李*", "李**"),
            (
                CorrectedField.IDENTITY_NUMBER,
                "150203198801015678",
                "1502**********2343",
                "1502**********5678",
            ),
            (CorrectedField.PHONE, "+8613900001234", "", "+86139****1234"),
            (CorrectedField.ADDRESS, "钢铁大街99号", "", "钢******"),
        ],
    )
    def test_the_core_systems_values_are_masked_and_forwarded(self, db, field, new, was, now_is):
        asked = granted(RequestKind.CORRECTION)
        before = Customer.objects.filter(pk=asked.customer_id).values().get()

        row = correct(asked, field=field, new=new, by=system(), now=TEN)

        assert (row.outcome, row.old_masked, row.new_masked) == ("FORWARDED", was, now_is)
        assert Customer.objects.filter(pk=asked.customer_id).values().get() == before

    @pytest.mark.parametrize("new", ["", " ", "A LION"])
    def test_only_the_codes_of_a_field(self, db, new):
        asked = granted(RequestKind.CORRECTION)
        with pytest.raises(NotAValue):
            correct(asked, field=CorrectedField.ANIMAL, new=new, by=system(), now=TEN)

    @pytest.mark.parametrize(
        "make", [lambda: checked(RequestKind.CORRECTION), lambda: granted(RequestKind.ACCESS)]
    )
    def test_only_when_a_correction_was_granted(self, db, make):
        with pytest.raises(NotGranted):
            correct(make(), field=CorrectedField.NAME, new="x", by=system(), now=TEN)
        assert not Correction.objects.exists()


@pytest.fixture
def gone(db, database_clock):
    """A customer whose case was closed at TEN, long enough ago at `gone.late` for a deletion."""
    database_clock(TEN)
    case = overdue_case(now=TEN)
    close(case, now=TEN)
    case.late = TEN + 730 * DAY
    database_clock(case.late)
    return case


class TestDeletion:
    def test_nothing_is_deleted_while_a_case_is_open(self, db):
        case = overdue_case(now=TEN)
        asked = checked(RequestKind.DELETION, customer=case.customer)

        with pytest.raises(MustBeKept) as kept:
            decide(asked, decision=S.GRANTED, by=system(), now=TEN)

        assert [one.until for one in kept.value.reasons] == [None]
        assert DataRequest.objects.get(pk=asked.pk).status == S.IDENTITY_CHECKED

    @pytest.mark.parametrize(("before", "may"), [(A_MICROSECOND, False), (timedelta(0), True)])
    def test_the_minimum_ends_to_the_microsecond(self, gone, database_clock, before, may):
        now = gone.late - before
        database_clock(now)

        assert bool(why_kept(gone.customer, now=now)) != may

    def test_under_a_hold_it_is_refused_with_its_reason(self, gone):
        enter_hold(
            customer=gone.customer, reason="lawsuit", starts_at=TEN, ends_at=None, by=system(), now=TEN
        )
        asked = checked(RequestKind.DELETION, customer=gone.customer)

        with pytest.raises(MustBeKept, match="lawsuit"):
            decide(asked, decision=S.GRANTED, by=system(), now=gone.late)

    def test_what_was_granted_goes_with_the_answer(self, gone):
        asked = checked(RequestKind.DELETION, customer=gone.customer)
        decide(asked, decision=S.GRANTED, by=system(), now=gone.late)
        assert Customer.objects.get(pk=gone.customer_id).name == "李明"

        complete(asked, answer="letter", by=system(), now=gone.late)

        customer = Customer.objects.get(pk=gone.customer_id)
        assert (customer.name, customer.identity_number_sealed) == ("", None)
        run = PurgeRun.objects.get(retention_class__key="closed-customers")
        assert (run.request_id, run.rows, run.keep_days) == (asked.pk, 1, 730)

    def test_nobody_elses_data_go_with_it(self, gone):
        other = overdue_case(now=TEN)
        close(other, now=TEN)
        asked = checked(RequestKind.DELETION, customer=gone.customer)
        decide(asked, decision=S.GRANTED, by=system(), now=gone.late)

        complete(asked, answer="letter", by=system(), now=gone.late)

        assert Customer.objects.get(pk=other.customer_id).name == "李明"

    def test_a_hold_that_came_meanwhile_stops_it(self, gone):
        asked = checked(RequestKind.DELETION, customer=gone.customer)
        decide(asked, decision=S.GRANTED, by=system(), now=gone.late)
        enter_hold(
            customer=gone.customer, reason="lawsuit", starts_at=TEN, ends_at=None, by=system(), now=gone.late
        )

        with pytest.raises(MustBeKept):
            complete(asked, answer="letter", by=system(), now=gone.late)

        assert DataRequest.objects.get(pk=asked.pk).status == S.GRANTED
        assert Customer.objects.get(pk=gone.customer_id).name == "李明"

    def test_the_banks_longer_term_does_not_bind_the_customers_right(self, gone):
        assert RetentionClass.objects.get(key="closed-customers").keep_days == 1825
        assert why_kept(gone.customer, now=gone.late) == []
        assert not LegalHold.objects.exists()


class TestTheAdmin:
    def test_a_request_is_taken_in_with_who_when_and_until_when(self, client, db):
        user = UserFactory(role=Role.ADMINISTRATOR)
        client.force_login(user)
        customer = CustomerFactory()
        said = {
            "customer": customer.pk,
            "kind": "RESTRICTION",
            "received_through": "PHONE",
            "wish": "no calls",
            "channels": ["CALL"],
        }

        answer = client.post(reverse("admin:compliance_datarequest_add"), said)

        assert answer.status_code == 302
        row = DataRequest.objects.get()
        assert (row.customer, row.received_by, row.status, row.channels) == (
            customer,
            user,
            "RECEIVED",
            ["CALL"],
        )
        page = client.get(reverse("admin:compliance_datarequest_change", args=[row.pk])).content.decode()
        assert reverse("data-request", args=[row.pk]) in page

    def test_the_branch_sees_its_own(self, db):
        here = received()
        received(customer=CustomerFactory(branch=BranchFactory()))
        supervisor = UserFactory(role=Role.SUPERVISOR, branch=here.customer.branch)

        assert list(DataRequest.objects.visible_to(supervisor)) == [here]
