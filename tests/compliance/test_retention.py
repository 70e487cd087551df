"""What goes, what stays, who may let it go, and the row it leaves: to the microsecond, by the application's own role."""

import json
import threading
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from accounts.models import Account, Address, CaseEvent, Customer, User
from accounts.models.cases import NextAction
from accounts.models.contact_people import ContactPerson
from accounts.models.staff import Role
from compliance import audit
from compliance.complaints.handling import withdraw_complaint
from compliance.complaints.intake import receive_complaint
from compliance.complaints.terms import Category, Intake
from compliance.models import AuditEntry, Complaint, PurgeRun, Restriction, RetentionClass
from compliance.restrictions import enter_restriction
from compliance.retention.declared import declared
from compliance.retention.purging import purge, run_purge
from compliance.retention.setting import (
    AlreadyLifted,
    EndsBeforeItStarts,
    OutsideBounds,
    enter_hold,
    keep_for,
    lift_hold,
)
from compliance.tasks import purge_nightly
from compliance.terms import Purpose, RestrictionKind
from config.models import JobRun
from followups.letters import TextGone, print_again, write_letter
from followups.models import FollowUp, Letter, SentMessage
from risk.behaviour import note_surroundings
from risk.models import Animal, Assessment, BehaviourFacts
from tests.accounts.factories import UserFactory, overdue_case
from tests.followups.factories import case_with, close, message
from tests.visits.factories import TEN, case_to_visit, check_in, consent, notified_visit, record
from visits.life import Fix
from visits.models import CheckIn, Consent, LoginAttempt, Record, Visit

A_MICROSECOND, DAY = timedelta(microseconds=1), timedelta(hours=24)
HERE = Fix(latitude=Decimal("40.65"), longitude=Decimal("109.84"), datum="WGS84", accuracy_metres=12)


def system():
    return User.objects.system()


def went(done):
    return {one.declared.key: one.rows for one in done if one.rows}


@pytest.fixture
def clock(database_clock):
    """`clock(at)` lets the database believe it is `at`, and gives `at` back."""

    def believe(at):
        database_clock(at)
        return at

    return believe


def run(at, **how):
    return went(purge(**{"dry_run": False, **how}, by=system(), now=at))


@pytest.fixture
def past(db, clock):
    """One row of every class, all of them of TEN, of a customer whose case was then closed."""
    return leave_traces(clock)


def leave_traces(clock, person="150203198801012343"):
    clock(TEN)
    visit = notified_visit(case=case_to_visit(now=TEN - DAY / 24, identity_number=person))
    check_in(visit, fix=HERE)
    visit = Visit.objects.get(pk=visit.pk)
    consent(visit, party="FAMILY", name="李女士")
    record(visit, notes="His sister opened the door.")
    sent = message(visit.case)
    SentMessage.objects.create(
        message=sent, to_masked="+86139****0000", text="尊敬的客户", handed_over_at=TEN
    )
    follow_up = FollowUp.objects.create(
        case=visit.case,
        customer=visit.customer,
        kind="WATCH",
        due_on=TEN.date(),
        created_at=TEN,
        created_by=system(),
    )
    FollowUp.objects.filter(pk=follow_up.pk).update(
        status="DONE", outcome="NOTHING_NOW", note="works nights", done_at=TEN, done_by=system()
    )
    LoginAttempt.objects.create(username="agent", address=None, at=TEN, succeeded=True)
    complaint = receive_complaint(
        category=Category.SERVICE,
        intake=Intake.HOTLINE,
        told="You are too loud.",
        customer=visit.customer,
        by=system(),
        now=TEN,
    )
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    withdraw_complaint(complaint, reason="It was the neighbour.", by=officer, now=TEN)
    note_surroundings(visit.customer_id, animal=Animal.LOOSE, by=system(), now=TEN)
    close(visit.case, now=TEN)
    return visit


EVERYTHING = {
    "closed-customers": 1,
    "location-traces": 1,
    "visit-notes": 2,
    "login-attempts": 1,
    "message-texts": 1,
    "follow-up-notes": 1,
    "complaint-words": 2,
}
KEPT = {
    "location-traces": 180,
    "login-attempts": 365,
    "visit-notes": 1825,
    "message-texts": 1825,
    "follow-up-notes": 1825,
    "closed-customers": 1825,
    "complaint-words": 1825,
}
SET_AT_FIRST = {**KEPT, "letter-texts": 1825}


def person_beside(customer, name):
    return ContactPerson.objects.create(
        customer=customer,
        role="CONTACT",
        name=name,
        relation="SIBLING",
        number_sealed=b"sealed",
        number_index=name.encode(),
        number_masked="+86139****0000",
        country="CN",
        origin="CUSTOMER",
        named_at=TEN,
        entered_at=TEN,
        entered_by=system(),
    )


class TestTheLine:
    @pytest.mark.parametrize(("key", "days"), KEPT.items())
    def test_it_is_drawn_to_the_microsecond(self, past, clock, key, days):
        line = TEN + days * DAY

        assert key not in run(clock(line - A_MICROSECOND))
        assert run(clock(line))[key] == EVERYTHING[key]

    @pytest.mark.parametrize("key", KEPT)
    def test_what_the_bank_set_moves_it(self, past, clock, key):
        kept = RetentionClass.objects.get(key=key)
        keep_for(kept, days=kept.minimum_days, by=system(), now=TEN)
        line = TEN + kept.minimum_days * DAY

        assert key not in run(clock(line - A_MICROSECOND))
        assert run(clock(line))[key] == EVERYTHING[key]

    def test_a_clock_that_runs_ahead_brings_nothing_forward(self, past, clock):
        clock(TEN + 100 * DAY)

        assert run(TEN + 5000 * DAY) == {}

    def test_a_change_of_clocks_moves_nothing(self, past, clock):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'America/New_York'")
        line = TEN + 180 * DAY

        assert "location-traces" not in run(clock(line - A_MICROSECOND))
        assert run(clock(line))["location-traces"] == 1


class TestWhatGoes:
    def test_places_go_and_the_distance_stays(self, past, clock):
        before = CheckIn.objects.get()
        assert before.latitude is not None

        run(clock(TEN + 180 * DAY))

        after = CheckIn.objects.get()
        assert (after.latitude, after.longitude, after.accuracy_metres) == (None, None, None)
        assert after.distance_metres == before.distance_metres
        assert after.body_sha256 == before.body_sha256

    def test_words_go_and_findings_stay(self, past, clock):
        run(clock(TEN + 1825 * DAY))

        row = Record.objects.get()
        assert (row.notes, row.party, row.result) == ("", "DEBTOR", "PROMISE")
        allowed = Consent.objects.get()
        assert (allowed.name, allowed.party, allowed.answer) == ("–", "FAMILY", "GIVEN")
        assert FollowUp.objects.get(kind="WATCH").note == ""
        assert SentMessage.objects.values_list("text", "to_masked").get() == ("", "")
        assert not LoginAttempt.objects.exists()
        complaint = Complaint.objects.get()
        assert (complaint.told_sealed, complaint.category) == (None, "SERVICE")
        assert not complaint.events.filter(words_sealed__isnull=False).exists()

    def test_nobody_is_recognised_in_what_stays_of_a_customer(self, past, clock):
        enter_restriction(
            customer=past.customer,
            kind=RestrictionKind.DO_NOT_CONTACT,
            channels=[],
            starts_at=TEN,
            ends_at=None,
            evidence="letter 1",
            by=system(),
            now=TEN,
        )
        wife, brother = (person_beside(past.customer, name) for name in ("张三丰", "李四光"))
        ContactPerson.objects.filter(pk=brother.pk).update(refused_at=TEN, refused_by=system())
        CaseEvent.objects.create(
            case=past.case, kind="PAYMENT", at=TEN, by=system(), detail={"amount": "1.00", "reference": "P1"}
        )

        run(clock(TEN + 1825 * DAY))

        customer = Customer.objects.get(pk=past.customer_id)
        assert (customer.name, customer.identity_number_masked, customer.birth_date) == ("", "", None)
        assert customer.identity_number_sealed is customer.identity_number_index is None
        assert customer.bank_number.startswith("erased-")
        assert customer.time_zones == []
        phone = customer.phones.get()
        assert (bytes(phone.number_sealed), phone.number_masked) == (b"", "")
        assert phone.withdrawn_at is not None
        place = Address.objects.get(customer=customer)
        assert (place.street, place.house_number, place.latitude) == ("", "", None)
        assert Account.objects.get(customer=customer).reference.startswith("erased-")
        assert not BehaviourFacts.objects.filter(customer=customer).exists()
        assert not customer.verifications.exists()
        assert not ContactPerson.objects.filter(pk=wife.pk).exists()
        brother = ContactPerson.objects.get(
            pk=brother.pk
        )  # asked not to be contacted: never to be called again
        assert (brother.name, brother.number_masked, bytes(brother.number_sealed)) == ("", "", b"")
        assert bytes(brother.number_index) == "李四光".encode()
        assert Restriction.objects.get().evidence == ""
        assert [row.facts for row in Assessment.objects.filter(customer=customer)] == [{}]
        assert CaseEvent.objects.get(kind="PAYMENT").detail == {"amount": "1.00"}

    def test_nothing_goes_twice(self, past, clock):
        at = clock(TEN + 1825 * DAY)

        assert run(at) == EVERYTHING
        assert run(at) == {}

    def test_in_batches_as_in_one(self, db, clock):
        for number in range(7):
            LoginAttempt.objects.create(username=f"a{number}", at=TEN, succeeded=False)
        told = []
        at = clock(TEN + 365 * DAY)

        done = purge(dry_run=False, by=system(), now=at, batch=3, tell=lambda one, rows: told.append(rows))

        assert went(done) == {"login-attempts": 7}
        assert told == [3, 6, 7]
        assert list(PurgeRun.objects.order_by("pk").values_list("rows", flat=True)) == [3, 3, 1]


class TestLetters:
    @pytest.fixture
    def letter(self, db, clock):
        clock(TEN)
        case = case_with(NextAction.CALL)
        by = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
        letter = write_letter(case, purpose=Purpose.PAYMENT_REMINDER, by=by, now=TEN)
        close(case, now=TEN)
        return letter

    def test_the_text_goes_to_the_microsecond_and_the_hash_stays(self, letter, clock):
        line = TEN + 1825 * DAY

        assert "letter-texts" not in run(clock(line - A_MICROSECOND))
        assert run(clock(line))["letter-texts"] == 1

        gone = Letter.objects.get()
        assert (bytes(gone.text_sealed), bytes(gone.envelope_sealed)) == (b"", b"")
        assert (gone.number, gone.digest) == (letter.number, letter.digest)

    def test_what_is_gone_is_not_printed_again(self, letter, clock):
        run(clock(TEN + 1825 * DAY))

        with pytest.raises(TextGone):
            print_again(Letter.objects.get(), reason="lost", by=system(), now=TEN + 1825 * DAY)


class TestDryRun:
    @pytest.mark.parametrize("days", [100, 180, 365, 1824, 1825])
    def test_it_says_what_the_run_does_and_does_nothing(self, past, clock, days):
        at = clock(TEN + days * DAY)

        said = run(at, dry_run=True)

        assert not PurgeRun.objects.exists()
        assert run(at, dry_run=True) == said
        assert run(at) == said

    def test_with_holds_and_open_cases(self, past, clock):
        leave_traces(clock, "150203198801010001")
        other = leave_traces(clock, "150203198801010002")
        hold(past.customer)
        other.case.__class__.objects.filter(pk=other.case_id).update(
            status="OPEN", closed_at=None, next_action="VISIT", next_action_on=TEN.date()
        )
        at = clock(TEN + 1825 * DAY)

        said = run(at, dry_run=True)

        assert said == {
            "closed-customers": 1,
            "location-traces": 2,
            "visit-notes": 2,
            "login-attempts": 3,
            "message-texts": 1,
            "follow-up-notes": 1,
            "complaint-words": 2,
        }
        assert run(at) == said


def hold(customer, *, starts_at=TEN, ends_at=None):
    return enter_hold(
        customer=customer, reason="lawsuit", starts_at=starts_at, ends_at=ends_at, by=system(), now=TEN
    )


class TestHolds:
    def test_nothing_of_the_customer_goes_until_it_is_lifted(self, past, clock):
        held = hold(past.customer)
        at = clock(TEN + 4000 * DAY)

        assert run(at) == {"login-attempts": 1}
        lift_hold(held, by=system(), now=at)
        assert run(at) == {key: rows for key, rows in EVERYTHING.items() if key != "login-attempts"}

    @pytest.mark.parametrize(("before", "free"), [(A_MICROSECOND, False), (timedelta(0), True)])
    def test_it_ends_to_the_microsecond(self, past, clock, before, free):
        at = TEN + 4000 * DAY
        hold(past.customer, ends_at=at)

        assert ("closed-customers" in run(clock(at - before))) == free

    def test_it_is_lifted_once_and_ends_after_it_starts(self, past):
        held = hold(past.customer)
        lift_hold(held, by=system(), now=TEN)

        with pytest.raises(AlreadyLifted):
            lift_hold(held, by=system(), now=TEN)
        with pytest.raises(EndsBeforeItStarts):
            hold(past.customer, ends_at=TEN)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE compliance_legalhold SET ends_at = starts_at + interval '1 second'",
            "UPDATE compliance_legalhold SET customer_id = gen_random_uuid()",
            "DELETE FROM compliance_legalhold",
        ],
    )
    def test_the_database_lets_nobody_get_rid_of_one(self, past, change):
        hold(past.customer)

        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


class TestBounds:
    @pytest.mark.parametrize("key", SET_AT_FIRST)
    def test_the_database_says_what_is_declared(self, db, key):
        row, said = RetentionClass.objects.get(key=key), declared()[key]

        assert (row.minimum_days, row.maximum_days) == (said.at_least.days, said.at_most.days)
        assert row.keep_days == SET_AT_FIRST[key]

    def test_there_is_no_class_beside_them(self, db):
        assert (
            set(RetentionClass.objects.values_list("key", flat=True)) == set(declared()) == set(SET_AT_FIRST)
        )

    @pytest.mark.parametrize("key", KEPT)
    @pytest.mark.parametrize("beyond", [-1, 1])
    def test_nothing_is_kept_outside_them(self, db, key, beyond):
        kept = RetentionClass.objects.get(key=key)
        days = kept.minimum_days - 1 if beyond < 0 else kept.maximum_days + 1

        with pytest.raises(OutsideBounds):
            keep_for(kept, days=days, by=system(), now=TEN)
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionClass.objects.filter(pk=kept.pk).update(keep_days=days)

    def test_the_bounds_themselves_may_be_set(self, db):
        kept = RetentionClass.objects.get(key="location-traces")

        for days in (kept.minimum_days, kept.maximum_days):
            keep_for(kept, days=days, by=system(), now=TEN)

        assert RetentionClass.objects.get(pk=kept.pk).changed_by == system()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE compliance_retentionclass SET minimum_days = 0",
            "UPDATE compliance_retentionclass SET maximum_days = 99999",
            "UPDATE compliance_retentionclass SET key = key || 'x'",
            "DELETE FROM compliance_retentionclass",
            "INSERT INTO compliance_retentionclass (key, keep_days, minimum_days, maximum_days) VALUES ('x', 0, 0, 0)",
        ],
    )
    def test_they_are_not_the_applications_to_move(self, db, change):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_the_form_refuses_what_lies_outside(self, client, db):
        client.force_login(UserFactory(role=Role.ADMINISTRATOR))
        kept = RetentionClass.objects.get(key="location-traces")
        address = reverse("admin:compliance_retentionclass_change", args=[kept.pk])

        outside = client.post(address, {"keep_days": "181"})
        inside = client.post(address, {"keep_days": "90"})

        assert (outside.status_code, inside.status_code) == (200, 302)
        assert RetentionClass.objects.get(pk=kept.pk).keep_days == 90


class TestTheDoor:
    """The application's role lets go of what is due through the functions, and of nothing by any other way."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE visits_checkin SET latitude = NULL",
            "DELETE FROM followups_sentmessage",
            "UPDATE visits_record SET notes = ''",
        ],
    )
    def test_saying_that_one_purges_opens_nothing(self, past, statement):
        table = statement.split()[2 if statement.startswith("DELETE") else 1]
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.purging', %s, true)", [table])
            cursor.execute(statement)

    def test_the_functions_are_the_owners_and_nobody_elses_to_run(self, db):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT proname, prosecdef, pg_get_userbyid(proowner) = current_user,"
                " has_function_privilege('public', oid, 'EXECUTE'), has_function_privilege(oid, 'EXECUTE'), proconfig"
                " FROM pg_proc WHERE proname LIKE 'purge_%'"
            )
            found = {name: rest for name, *rest in cursor.fetchall()}

        assert set(found) == {one.function for one in declared().values()}
        for rights in found.values():
            assert rights == [True, False, False, True, ["search_path=pg_catalog, public, pg_temp"]]

    def test_a_purge_leaves_its_row_in_the_same_breath(self, past, clock):
        at = clock(TEN + 180 * DAY)
        run(at)

        row = PurgeRun.objects.get()
        assert (row.retention_class.key, row.rows, row.keep_days) == ("location-traces", 1, 180)
        assert (row.cutoff, row.at, row.by) == (TEN, at, system())
        entry = AuditEntry.objects.get(kind="RETENTION")
        assert entry.subject_digest == audit.digest_of(row)

    def test_setting_and_holding_are_links_of_the_chain(self, past):
        keep_for(RetentionClass.objects.get(key="location-traces"), days=90, by=system(), now=TEN)
        lift_hold(hold(past.customer), by=system(), now=TEN)

        steps = AuditEntry.objects.filter(kind="RETENTION").order_by("seq")
        assert [json.loads(entry.body)["detail"]["step"] for entry in steps] == ["SET", "HELD", "LIFTED"]

    def test_erasing_opens_no_other_door(self, past):
        """Rows that stay as they were written stay so for the application, whatever it says it is doing."""
        enter_restriction(
            customer=past.customer,
            kind=RestrictionKind.DO_NOT_CONTACT,
            channels=[],
            starts_at=TEN,
            ends_at=None,
            evidence="letter 1",
            by=system(),
            now=TEN,
        )
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zoufang.purging', 'compliance_restriction', true)")
            cursor.execute("UPDATE compliance_restriction SET evidence = ''")


class TestTheNight:
    def test_it_purges_once_a_night_and_says_what_went(self, past, clock, monkeypatch):
        night = (TEN + 180 * DAY).replace(hour=3) + DAY
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock(night))

        purge_nightly()
        purge_nightly()

        assert JobRun.objects.get(name="purge what is past its time").result == "location-traces 1"

    def test_by_day_it_waits(self, past, clock, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock(TEN + 180 * DAY))

        purge_nightly()

        assert not JobRun.objects.filter(name="purge what is past its time").exists()

    def test_the_command_counts_or_purges(self, past, clock, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: clock(TEN + 365 * DAY))
        said = StringIO()

        call_command("purge", "--dry-run", stdout=said)
        assert LoginAttempt.objects.count() == 1
        call_command("purge", stdout=said)

        assert "login-attempts: 1" in said.getvalue()
        assert not LoginAttempt.objects.exists()


def test_a_hold_entered_meanwhile_waits_for_the_batch_and_binds_the_next(committed_db):
    """The lock is taken before anything is looked at, so that no hold slips between looking and letting go."""
    visit = overdue_case(now=TEN)
    order, locked, entered = [], threading.Event(), threading.Event()

    def enter():
        locked.wait(timeout=10)
        hold(visit.customer)
        order.append("hold")
        entered.set()
        connection.close()

    other = threading.Thread(target=enter)
    other.start()
    with transaction.atomic():
        run_purge(declared()["visit-notes"], dry_run=False, most=1, by=system(), now=TEN)
        locked.set()
        assert not entered.wait(timeout=0.3)
        order.append("batch")
    other.join(timeout=10)

    assert order == ["batch", "hold"]
