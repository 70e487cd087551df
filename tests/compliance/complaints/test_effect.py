"""What a complaint stops at once, and what it lifts again: its own, and nothing else."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from, text

from accounts.models import User
from accounts.models.staff import Role
from compliance import gate
from compliance.complaints import handling
from compliance.complaints.intake import customer_meant
from compliance.complaints.terms import (
    ABOUT_CONDUCT,
    ABOUT_THE_DEBT,
    STOPS,
    Category,
    Outcome,
    Status,
    stop_wanted,
)
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import Complaint, Contact, Restriction
from compliance.restrictions import enter_restriction, lift_restriction
from compliance.terms import RestrictionKind
from tests.accounts.factories import CustomerFactory, PhoneFactory, UserFactory
from tests.compliance.complaints.factories import NOON, answer, officer, received, under_review
from tests.visits.factories import case_to_visit, planned_visit

HOUR = timedelta(hours=1)


@pytest.fixture
def customer(db, database_clock):
    database_clock(NOON)
    return case_to_visit(now=NOON - HOUR).customer


def in_force(customer):
    return sorted(
        Restriction.objects.filter(customer=customer).in_force(at=NOON).values_list("kind", flat=True)
    )


def visit_of(customer):
    return Ask(customer.pk, Channel.VISIT, Purpose.VISIT_START, NOON, NOON, staff=2)


def test_every_category_but_service_stops_something():
    assert set(Category) - set(STOPS) == {Category.SERVICE}
    assert set(STOPS) == ABOUT_CONDUCT | ABOUT_THE_DEBT
    assert not ABOUT_CONDUCT & ABOUT_THE_DEBT


@pytest.mark.parametrize("category", sorted(STOPS))
def test_the_gate_refuses_the_very_next_visit(customer, category):
    received(category=category, customer=customer)

    with pytest.raises(Refused) as refused, gate.clearance(visit_of(customer), by=officer(), now=NOON):
        pass

    rule = {"COMPLAINT": "ST-COMPLAINT", "DISPUTE": "ST-DISPUTE"}[STOPS[category]]
    assert refused.value.refusal.rule_ids == [rule]
    assert not Contact.objects.exists()


def test_a_word_about_service_stops_nothing(customer):
    received(category=Category.SERVICE, customer=customer)

    with gate.clearance(visit_of(customer), by=officer(), now=NOON):
        pass


def test_all_or_nothing(customer, monkeypatch):
    monkeypatch.setattr("compliance.restrictions.note_changed_facts", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        received(customer=customer)

    assert not Complaint.objects.exists()


def test_an_answer_lifts_what_the_complaint_entered_and_nothing_else(customer):
    by = officer()
    others = enter_restriction(
        customer=customer,
        kind=RestrictionKind.COMPLAINT,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="by hand",
        by=by,
        now=NOON,
    )
    twin = received(customer=customer)
    complaint = under_review(customer=customer)
    assert in_force(customer) == ["COMPLAINT"] * 3

    answer(complaint)

    lifted = Restriction.objects.get(lifted_at__isnull=False)
    assert lifted.complaint_event.complaint == complaint
    assert (lifted.lifted_at, lifted.lifted_by) == (NOON, complaint.handler)
    assert in_force(customer) == ["COMPLAINT"] * 2
    handling.withdraw_complaint(twin, reason="settled", by=by, now=NOON)
    assert list(Restriction.objects.in_force(at=NOON)) == [others]


def test_a_supervisors_answer_releases_what_hung_on_it_in_the_name_of_the_bank(customer):
    """Who may lift nothing else of the kind: the event says by whose step."""
    handler = UserFactory(role=Role.SUPERVISOR, branch=customer.branch)
    complaint = under_review(customer=customer, handler=handler)

    answer(complaint)

    lifted = Restriction.objects.get()
    assert lifted.lifted_by == User.objects.system()
    assert complaint.events.get(step="RELEASED").by == handler


@pytest.mark.parametrize("category", ["HARASSMENT", "ALREADY_PAID"])
def test_a_visit_that_was_planned_is_called_off_at_once(customer, category):
    visit = planned_visit(case=customer.cases.get(), start=NOON + 2 * HOUR, now=NOON - HOUR)

    received(category=Category(category), customer=customer)

    assert (as_it_is(visit).status, as_it_is(visit).cancel_reason) == ("CANCELLED", "HOLD")


def as_it_is(visit):
    return type(visit).objects.get(pk=visit.pk)


@pytest.mark.parametrize("outcome", Outcome)
def test_who_is_right_about_the_debt_is_left_alone_until_the_books_are_put_right(customer, outcome):
    complaint = under_review(category=Category.NOT_MY_DEBT, customer=customer)

    answer(complaint, outcome=outcome)

    right = outcome in (Outcome.UPHELD, Outcome.PARTLY)
    assert in_force(customer) == (["DISPUTE"] if right else [])
    handling.close_complaint(complaint, by=officer(), now=NOON)
    assert in_force(customer) == []


def test_taken_up_again_it_stops_again(customer):
    complaint = under_review(customer=customer)
    answer(complaint)
    assert in_force(customer) == []

    handling.reopen_complaint(complaint, reason="It goes on.", by=officer(), now=NOON)

    assert in_force(customer) == ["COMPLAINT"]


def test_a_match_stops_and_a_corrected_match_moves_the_stop(customer):
    complaint = received(customer=None)
    assert not Restriction.objects.exists()
    wrong = CustomerFactory()

    handling.match_complaint(complaint, customer=wrong, by=officer(), now=NOON)
    assert in_force(wrong) == ["COMPLAINT"]
    handling.match_complaint(complaint, customer=customer, by=officer(), now=NOON)

    assert in_force(wrong) == []
    assert in_force(customer) == ["COMPLAINT"]
    assert Complaint.objects.get().branch == customer.branch


def test_the_stop_follows_the_category(customer):
    complaint = received(category=Category.SERVICE, customer=customer)

    seen = []
    for category in (Category.HARASSMENT, Category.FREQUENCY, Category.ALREADY_PAID, Category.SERVICE):
        handling.classify_complaint(complaint, category=category, by=officer(), now=NOON)
        seen.append(in_force(customer))

    assert seen == [["COMPLAINT"], ["COMPLAINT"], ["DISPUTE"], []]
    assert Restriction.objects.count() == 2  # the second word about conduct entered nothing new


def test_a_restriction_lifted_by_hand_hinders_no_answer(customer):
    complaint = under_review(customer=customer)
    lift_restriction(Restriction.objects.get(), by=officer(), now=NOON)

    answer(complaint)

    assert complaint.status == Status.ANSWERED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("outcome", ["", *Outcome.values])
def test_while_an_answer_is_owed_everything_stays_stopped(status, category, outcome):
    wanted = stop_wanted(category=category, status=status, outcome=outcome)

    if status in (Status.RECEIVED, Status.UNDER_REVIEW, Status.REOPENED):
        assert wanted == STOPS.get(category)
    elif status == Status.ANSWERED and category in ABOUT_THE_DEBT and outcome in ("UPHELD", "PARTLY"):
        assert wanted == RestrictionKind.DISPUTE
    else:
        assert wanted is None


# Whom a stranger means


def test_the_number_we_call_leads_to_whom_we_look_for(customer):
    number = customer.phones.get().unseal_number()

    def meant(category, phone):
        return customer_meant(bank_number="", category=category, phone=phone)

    assert meant(Category.WRONG_PERSON, number) == customer
    assert meant(Category.WRONG_PERSON, number.removeprefix("+86")) == customer
    assert meant(Category.FREQUENCY, number) is None
    assert meant(Category.WRONG_PERSON, "someone@example.com") is None
    assert meant(Category.WRONG_PERSON, "+8613911112222") is None


def test_a_number_of_two_customers_leads_to_neither(customer):
    number = customer.phones.get().unseal_number()
    PhoneFactory(number=number)

    assert customer_meant(bank_number="", category=Category.WRONG_PERSON, phone=number) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    phone=text(max_size=60),
    number=text(alphabet="C0123456789 '%_", max_size=40),
    category=sampled_from(Category),
)
def test_whatever_is_typed_finds_nobody_or_the_one(db, phone, number, category):
    assert customer_meant(bank_number=number, category=category, phone=phone) is None


def test_supervisors_see_their_own_branch_and_officers_what_has_none(db):
    unmatched, matched = received(customer=None), received()
    here = UserFactory(role=Role.SUPERVISOR, branch=matched.branch)

    assert set(Complaint.objects.visible_to(here)) == {matched}
    assert set(Complaint.objects.visible_to(UserFactory(role=Role.AUDITOR))) == {unmatched, matched}
    assert not Complaint.objects.visible_to(
        UserFactory(role=Role.FIELD_AGENT, branch=matched.branch)
    ).exists()
