from importlib import import_module
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from accounts.models import User
from accounts.models.staff import Role
from compliance import gate
from compliance.complaints import handling
from compliance.complaints.answers import NotAcceptable, answer_of, words_of
from compliance.complaints.handling import CannotHandle, NoMeasures, NoReason, NotTheHandler
from compliance.complaints.intake import ContactOfSomebodyElse, NothingTold, TooLong
from compliance.complaints.reading import (
    complaints_visible_to,
    possible_handlers,
    show_contact_details,
    told_in,
)
from compliance.complaints.steps import AboutThemselves, NotAllowed, change, move
from compliance.complaints.terms import TRANSITIONS, Category, Outcome, Status, Step
from compliance.models import Complaint, ComplaintEvent
from compliance.models.complaints import REFERENCE_LETTERS
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory, overdue_case
from tests.compliance.complaints.factories import (
    NOON,
    answer,
    answered,
    complaint_in,
    officer,
    received,
    under_review,
)

pytestmark = pytest.mark.django_db

ALLOWED = {(old, new) for old, targets in TRANSITIONS.items() for new in targets}


def as_it_is(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def needed_for(new):
    by = officer()
    if new == Status.ANSWERED:
        return {"outcome": "NOT_UPHELD", "answered_at": NOON, "answered_by": by}
    if new == Status.REOPENED:
        return {"outcome": "", "measures": "", "answered_at": None, "answered_by": None}
    return {"handler": by} if new == Status.UNDER_REVIEW else {}


@pytest.mark.parametrize(("old", "new"), sorted(product(Status, Status)))
def test_a_complaint_moves_along_the_table_and_nowhere_else(old, new):
    complaint = complaint_in(old)
    told = complaint.events.count()
    step = {"to": new, "step": Step.ASSIGNED, "by": officer(), "now": NOON, **needed_for(new)}

    if (old, new) in ALLOWED:
        move(complaint, **step)
        assert as_it_is(complaint).status == complaint.status == new
        assert complaint.events.filter(status=new, detail__from=old.value).exists()
        return
    with pytest.raises(NotAllowed):
        move(complaint, **step)
    assert as_it_is(complaint).status == old
    assert complaint.events.count() == told


@pytest.mark.parametrize(("old", "new"), sorted(set(product(Status, Status)) - ALLOWED))
def test_the_database_keeps_the_table_too(old, new):
    if old == new:
        return
    complaint = complaint_in(old)
    columns = {"status": new, "handler": officer()}
    if new in (Status.ANSWERED, Status.CLOSED):
        columns |= {"outcome": "NOT_UPHELD", "answered_at": NOON, "answered_by": officer()}
    else:
        columns |= needed_for(Status.REOPENED)

    with pytest.raises(IntegrityError, match="does not go from"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**columns)


def test_the_migration_froze_the_same_table():
    walls = import_module("compliance.migrations.0031_complaint_walls")

    assert set(walls.TRANSITIONS) == {(old.value, new.value) for old, new in ALLOWED}


def test_a_complaint_begins_as_received():
    complaint = received()
    complaint.pk, complaint.reference, complaint.status = None, "TS-2026-22222", Status.WITHDRAWN

    with pytest.raises(IntegrityError, match="begins as received"), transaction.atomic():
        Complaint.objects.bulk_create([complaint])


@pytest.mark.parametrize(
    "columns",
    [
        {"reference": "TS-2026-22222"},
        {"told_sealed": b"other"},
        {"intake": "LETTER"},
        {"received_on": "2026-11-19"},
    ],
)
def test_what_came_in_is_never_rewritten(columns):
    complaint = received()

    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**columns)


def test_what_was_told_may_be_erased_and_the_complaint_may_not():
    complaint = received(contact_details="13900001234")

    Complaint.objects.filter(pk=complaint.pk).update(told_sealed=None, contact_sealed=None)
    for attempt in ("DELETE FROM compliance_complaint", "TRUNCATE compliance_complaint CASCADE"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)

    assert told_in(as_it_is(complaint)) == ""


# Coming in


def test_words_and_contact_details_are_sealed():
    complaint = received(customer=None, told="They call me 李雷 daily", contact_details="13900001234")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM compliance_complaint c")
        row = cursor.fetchone()[0]

    assert "李雷" not in row
    assert "13900001234" not in row
    assert told_in(complaint) == "They call me 李雷 daily"


def test_contact_details_are_shown_for_a_reason_that_is_remembered_first():
    complaint = received(customer=None, contact_details="13900001234")
    by = officer()
    with pytest.raises(NoReason):
        show_contact_details(complaint, reason=" ", by=by, now=NOON)

    assert show_contact_details(complaint, reason="to answer", by=by, now=NOON) == "13900001234"

    shown = complaint.events.get(step=Step.CONTACT_SHOWN)
    assert (shown.by, shown.detail) == (by, {"reason": "to answer"})


def test_a_reference_can_be_said_and_not_guessed():
    references = {received(customer=None).reference for _number in range(30)}

    assert len(references) == 30
    assert all(one[:8] == "TS-2026-" and set(one[8:]) <= set(REFERENCE_LETTERS) for one in references)
    assert not set(REFERENCE_LETTERS) & set("01AEIOULSBVZ")


def test_a_taken_reference_is_drawn_again(monkeypatch):
    first = received(customer=None)
    drawn = iter([first.reference, first.reference, "TS-2026-22222"])
    monkeypatch.setattr("compliance.complaints.intake.new_reference", lambda _year: next(drawn))

    assert received(customer=None).reference == "TS-2026-22222"


def test_the_same_origin_is_filed_once():
    first = received(origin="visit 1")

    again = received(origin="visit 1", told="something else")

    assert again == first
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"told": "  "}, NothingTold),
        ({"told": "x" * 4001}, TooLong),
        ({"contact_details": "1" * 201}, TooLong),
    ],
)
def test_what_is_not_sound_is_refused(said, error):
    with pytest.raises(error):
        received(**said)
    assert not Complaint.objects.exists()


# Handling


def test_the_way_of_a_complaint_is_told_by_whom_and_when():
    complaint = answered(handler=officer())

    steps = complaint.events.order_by("pk").values_list("step", flat=True)
    assert list(steps) == ["RECEIVED", "STOPPED", "ASSIGNED", "ANSWERED", "RELEASED"]
    assert answer_of(complaint) == "You were right, and we are sorry."
    assert as_it_is(complaint).outcome == Outcome.UPHELD


def test_nobody_handles_a_complaint_about_themselves():
    bad = UserFactory(role=Role.SUPERVISOR)
    customer = CustomerFactory(branch=bad.branch)
    complaint = received(customer=customer, about_staff=bad)
    with pytest.raises(CannotHandle):
        handling.assign_complaint(complaint, handler=bad, by=officer(), now=NOON)
    other = UserFactory(role=Role.SUPERVISOR, branch=bad.branch)
    with pytest.raises(AboutThemselves):
        handling.assign_complaint(complaint, handler=other, by=bad, now=NOON)
    handling.assign_complaint(complaint, handler=other, by=other, now=NOON)

    for attempt in (
        lambda: answer(complaint, by=bad),
        lambda: handling.withdraw_complaint(complaint, reason="x", by=bad, now=NOON),
        lambda: handling.classify_complaint(complaint, category=Category.SERVICE, by=bad, now=NOON),
        lambda: handling.match_complaint(
            complaint, customer=CustomerFactory(branch=bad.branch), by=bad, now=NOON
        ),
        lambda: show_contact_details(complaint, reason="x", by=bad, now=NOON),
        lambda: received(about_staff=bad, by=bad),
    ):
        with pytest.raises(AboutThemselves):
            attempt()

    assert bad not in possible_handlers(complaint)
    assert not complaints_visible_to(bad).exists()
    assert not ComplaintEvent.objects.visible_to(bad).exists()
    assert complaints_visible_to(other).get() == complaint


@pytest.mark.parametrize("column", ["handler", "answered_by"])
def test_the_database_keeps_them_away_from_it_too(column):
    complaint = answered(about_staff=UserFactory(role=Role.SUPERVISOR))

    with pytest.raises(IntegrityError, match="complaint_about_oneself"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**{column: complaint.about_staff})


def test_only_who_sees_it_handles_it():
    complaint = received()
    elsewhere = UserFactory(role=Role.SUPERVISOR)
    gone = UserFactory(role=Role.COMPLIANCE_OFFICER, is_active=False)
    agent = UserFactory(role=Role.FIELD_AGENT, branch=complaint.branch)
    auditor = UserFactory(role=Role.AUDITOR)

    for handler in (elsewhere, gone, agent, auditor, User.objects.system()):
        with pytest.raises(CannotHandle):
            handling.assign_complaint(complaint, handler=handler, by=officer(), now=NOON)
        assert handler not in possible_handlers(complaint)


def test_only_the_handler_answers():
    complaint = under_review()

    with pytest.raises(NotTheHandler):
        answer(complaint, by=officer())


@pytest.mark.parametrize("outcome", Outcome)
def test_who_was_right_is_told_what_was_done(outcome):
    complaint = under_review()

    if outcome == Outcome.NOT_UPHELD:
        answer(complaint, outcome=outcome, measures="")
        assert complaint.status == Status.ANSWERED
        return
    with pytest.raises(NoMeasures):
        answer(complaint, outcome=outcome, measures=" ")
    with pytest.raises(IntegrityError, match="who_was_right"), transaction.atomic():
        move(
            complaint,
            to=Status.ANSWERED,
            step=Step.ANSWERED,
            by=complaint.handler,
            now=NOON,
            outcome=outcome.value,
            answered_at=NOON,
            answered_by=complaint.handler,
        )


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001])
def test_an_answer_is_words_that_can_be_kept(words):
    with pytest.raises(NotAcceptable):
        answer(under_review(), answer=words)


@pytest.mark.parametrize("words", ["老赖就是老赖", "否则通知您的单 位", "我们将起诉您", "请转到我的微信"])
def test_an_answer_says_nothing_that_may_not_be_said_to_a_customer(words):
    complaint = under_review()

    with pytest.raises(NotAcceptable, match="MSG-"):
        answer(complaint, answer=words)
    with pytest.raises(NotAcceptable, match="MSG-"):
        answer(complaint, measures=words)
    assert Complaint.objects.get(pk=complaint.pk).status == Status.UNDER_REVIEW


def test_an_answer_may_speak_of_the_debt_it_is_about():
    answer(under_review(), answer="经核实，您的逾期利息多计了12.50元，已退还。")


def test_measures_are_words_that_can_be_kept():
    with pytest.raises(NotAcceptable):
        answer(under_review(), measures="x" * 501)


def test_an_earlier_answer_stays_when_the_complaint_is_taken_up_again():
    complaint = answered()
    handling.reopen_complaint(complaint, reason="It goes on.", by=officer(), now=NOON)

    assert answer_of(complaint) == ""
    assert (complaint.outcome, complaint.answered_at) == ("", None)
    before = complaint.events.get(step=Step.ANSWERED)
    assert words_of(before) == "You were right, and we are sorry."
    assert words_of(complaint.events.get(step=Step.REOPENED)) == "It goes on."


@pytest.mark.parametrize("step", [handling.withdraw_complaint, handling.reopen_complaint])
def test_taking_back_and_taking_up_again_want_a_reason(step):
    with pytest.raises(NoReason):
        step(received(), reason=" ", by=officer(), now=NOON)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN])
def test_what_is_over_is_not_sorted_anew(status):
    complaint = complaint_in(status)

    with pytest.raises(NotAllowed):
        handling.match_complaint(complaint, customer=CustomerFactory(), by=officer(), now=NOON)
    with pytest.raises(NotAllowed):
        handling.classify_complaint(complaint, category=Category.SERVICE, by=officer(), now=NOON)


def test_two_who_work_on_it_at_once_do_not_overwrite_each_other():
    mine = received()
    theirs = as_it_is(mine)
    handling.classify_complaint(theirs, category=Category.HARASSMENT, by=officer(), now=NOON)

    with pytest.raises(NotAllowed):
        handling.classify_complaint(mine, category=Category.SERVICE, by=officer(), now=NOON)

    assert as_it_is(mine).category == Category.HARASSMENT


def test_a_change_that_changes_nothing_is_no_step():
    complaint = under_review()

    for again in (
        lambda: handling.classify_complaint(complaint, category=Category.FREQUENCY, by=officer(), now=NOON),
        lambda: handling.match_complaint(complaint, customer=complaint.customer, by=officer(), now=NOON),
        lambda: handling.assign_complaint(complaint, handler=complaint.handler, by=officer(), now=NOON),
    ):
        with pytest.raises(NotAllowed):
            again()


def test_a_match_that_the_handler_could_not_see_needs_another_handler_first():
    here = BranchFactory()
    complaint = under_review(
        customer=CustomerFactory(branch=here), handler=UserFactory(role=Role.SUPERVISOR, branch=here)
    )

    with pytest.raises(NotAllowed):
        handling.match_complaint(complaint, customer=CustomerFactory(), by=officer(), now=NOON)


def test_a_step_of_nobody_is_not_written():
    complaint = received()
    bad = officer()
    Complaint.objects.filter(pk=complaint.pk).update(about_staff=bad)
    complaint = as_it_is(complaint)

    with pytest.raises(AboutThemselves):
        change(complaint, step=Step.CLASSIFIED, by=bad, now=NOON, category=Category.SERVICE.value)


class TestAboutAContact:
    def test_it_was_made_with_the_customer(self, database_clock):
        database_clock(NOON)
        contact, other = contact_with("150203198801012343"), contact_with("11010519491231002X")

        assert received(customer=contact.customer, contact=contact).contact == contact
        for customer in (other.customer, None):
            with pytest.raises(ContactOfSomebodyElse):
                received(customer=customer, contact=contact)

    def test_the_database_keeps_it_so(self, database_clock):
        database_clock(NOON)
        contact, other = contact_with("150203198801012343"), contact_with("11010519491231002X")
        complaint = received(customer=contact.customer, contact=contact)

        with pytest.raises(NotAllowed):
            handling.match_complaint(complaint, customer=other.customer, by=officer(), now=NOON)
        for changes in ({"contact": other}, {"customer": other.customer}, {"customer": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Complaint.objects.filter(pk=complaint.pk).update(**changes)


def contact_with(identity_number):
    case = overdue_case(now=NOON, identity_number=identity_number)
    ask = gate.Ask(case.customer_id, gate.Channel.SMS, gate.Purpose.PAYMENT_REMINDER, NOON, NOON)
    with gate.clearance(ask, by=officer(), now=NOON) as clearance:
        return gate.make_contact(clearance, by=officer(), now=NOON)
