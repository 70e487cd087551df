"""The office's pages: taken down, found again, handled step by step, by those who may."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.complaints.reading import told_in
from compliance.complaints.terms import Category, Status, Step
from compliance.models import Complaint, Restriction
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory, overdue_case
from tests.compliance.complaints.factories import (
    NOON,
    answered,
    complaint_in,
    received,
    under_review,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/compliance/complaint/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def browser_of(role, **staff):
    make_role_groups()
    user = UserFactory(role=role, **staff)
    apply_role(user)
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    client.user = user
    return client


@pytest.fixture
def compliance():
    return browser_of(Role.COMPLIANCE_OFFICER)


def step(complaint, name):
    return reverse("admin:compliance_complaint_step", args=[complaint.pk, name])


def page(complaint):
    return reverse("admin:compliance_complaint_change", args=[complaint.pk])


def words(**changes):
    return {
        "category": "HARASSMENT", "intake": "HOTLINE", "told": "He shouted.", "customer": "",
        "contact_details": "", "about_staff": "", "contact": "",
    } | changes  # fmt: skip


# Taking down


def test_a_complaint_is_taken_down_and_stops_at_once(compliance):
    customer, about = CustomerFactory(), UserFactory()

    sent = compliance.post(f"{LIST}add/", words(customer=customer.pk, about_staff=about.pk))

    complaint = Complaint.objects.get()
    assert sent.status_code == 302
    assert (complaint.received_by, complaint.about_staff, complaint.received_at) == (
        compliance.user,
        about,
        NOON,
    )
    assert told_in(complaint) == "He shouted."
    assert Restriction.objects.get().customer == customer


@pytest.mark.parametrize(
    "changes", [{"told": ""}, {"told": "x" * 4001}, {"intake": "CUSTOMER_PAGE"}, {"category": ""}]
)
def test_what_is_wrong_is_told_in_the_form(compliance, changes):
    assert compliance.post(f"{LIST}add/", words(**changes)).status_code == 200
    assert not Complaint.objects.exists()


def test_one_names_only_whom_one_may_see_and_never_oneself(compliance):
    supervisor = browser_of(Role.SUPERVISOR)
    elsewhere = CustomerFactory()

    for client, changes in (
        (supervisor, {"customer": elsewhere.pk}),
        (compliance, {"about_staff": compliance.user.pk}),
    ):
        assert client.post(f"{LIST}add/", words(**changes)).status_code == 200
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("role", "adds", "handles", "looks"),
    [
        (Role.SUPERVISOR, 200, 200, 200),
        (Role.COMPLIANCE_OFFICER, 200, 200, 200),
        (Role.AUDITOR, 403, 403, 200),
        (Role.FIELD_AGENT, 302, 302, 302),
    ],
)
def test_who_may_do_what(role, adds, handles, looks):
    complaint = received()
    client = browser_of(
        role, **({} if role in (Role.COMPLIANCE_OFFICER, Role.AUDITOR) else {"branch": complaint.branch})
    )

    assert client.get(f"{LIST}add/").status_code == adds
    assert client.get(step(complaint, "assign")).status_code == handles
    assert client.get(LIST).status_code == looks
    assert client.get(page(complaint)).status_code == looks
    assert client.post(page(complaint), {}).status_code in (302, 403)
    assert client.post(f"{LIST}{complaint.pk}/delete/", {"post": "yes"}).status_code in (302, 403)


def test_who_complained_about_whom_is_hidden_from_them():
    bad = browser_of(Role.SUPERVISOR)
    complaint = received(customer=CustomerFactory(branch=bad.user.branch), about_staff=bad.user)

    assert complaint.reference not in bad.get(LIST).content.decode()
    assert bad.get(page(complaint)).status_code == 302
    assert bad.get(step(complaint, "assign")).status_code == 404


def test_words_are_for_who_may_read_them(compliance):
    complaint = received(told="He shouted at my mother.")
    assert "He shouted at my mother." in compliance.get(page(complaint)).content.decode()

    narrow = browser_of(Role.AUDITOR)
    group = narrow.user.groups.get()
    group.permissions.remove(group.permissions.get(codename="view_complaint_text"))

    assert "He shouted" not in narrow.get(page(complaint)).content.decode()


def test_words_come_back_as_words(compliance):
    complaint = received(told="<script>alert(1)</script>")

    assert "<script>alert(1)" not in compliance.get(page(complaint)).content.decode()


# Steps


def test_the_whole_way_by_the_buttons(compliance):
    complaint = received(customer=None, contact_details="13900001234")
    customer = CustomerFactory(bank_number="C-77")

    for name, said in (
        ("match", {"bank_number": "C-77"}),
        ("classify", {"category": "NOT_MY_DEBT"}),
        ("assign", {"handler": compliance.user.pk}),
        ("answer", {"outcome": "UPHELD", "measures": "Booked back.", "answer": "It is not your debt."}),
        ("close", {}),
        ("reopen", {"reason": "Again."}),
        ("withdraw", {"reason": "Settled on the telephone."}),
    ):
        assert compliance.get(step(complaint, name)).status_code == 200
        assert compliance.post(step(complaint, name), said)["Location"] == page(complaint)

    complaint.refresh_from_db()
    assert (complaint.customer, complaint.category, complaint.status) == (
        customer,
        "NOT_MY_DEBT",
        "WITHDRAWN",
    )
    assert not Restriction.objects.in_force(at=NOON).exists()
    _received, *steps = complaint.events.order_by("pk")
    assert {event.by for event in steps} == {compliance.user}


@pytest.mark.parametrize("status", Status)
def test_only_steps_that_can_be_taken_are_offered(compliance, status):
    complaint = complaint_in(status)
    shown = {name for name, _step in compliance.get(page(complaint)).context["steps"]}

    assert (
        shown
        == {
            Status.RECEIVED: {"assign", "match", "classify", "withdraw"},
            Status.UNDER_REVIEW: {"assign", "answer", "match", "classify", "withdraw"},
            Status.ANSWERED: {"close", "reopen"},
            Status.CLOSED: {"reopen"},
            Status.REOPENED: {"assign", "match", "classify", "withdraw"},
            Status.WITHDRAWN: set(),
        }[status]
    )
    for name in ("assign", "answer", "match", "classify", "close", "reopen", "withdraw", "contact"):
        if name not in shown:
            assert compliance.post(step(complaint, name), {}).status_code == 302
    assert compliance.get(step(complaint, "nothing")).status_code == 404
    assert Complaint.objects.get().status == status


def test_what_a_step_refuses_is_told_on_its_page(compliance):
    complaint = under_review()

    answer = compliance.post(step(complaint, "answer"), {"outcome": "UPHELD", "measures": "x", "answer": "x"})

    assert answer.status_code == 200
    assert "Only the handler answers" in answer.content.decode()


def test_a_customer_of_another_branch_is_no_match_for_a_supervisor():
    complaint = received()
    supervisor = browser_of(Role.SUPERVISOR, branch=complaint.branch)
    CustomerFactory(bank_number="C-77")

    answer = supervisor.post(step(complaint, "match"), {"bank_number": "C-77"})

    assert "You see no customer of this number" in answer.content.decode()


def test_contact_details_are_shown_once_for_a_reason(compliance):
    complaint = received(customer=None, contact_details="13900001234")
    assert "13900001234" not in compliance.get(page(complaint)).content.decode()
    assert "13900001234" not in compliance.post(step(complaint, "contact"), {"reason": ""}).content.decode()

    assert "13900001234" in compliance.post(step(complaint, "contact"), {"reason": "to ask"}).content.decode()

    assert complaint.events.get(step=Step.CONTACT_SHOWN).by == compliance.user


# Finding


def test_a_complaint_is_found_by_its_reference_and_the_customers_number(compliance):
    complaint, other = received(), received()

    for term in (complaint.reference, f" {complaint.reference.lower()} ", complaint.customer.bank_number):
        found = compliance.get(LIST, {"q": term}).content.decode()
        assert complaint.reference in found
        assert other.reference not in found


def test_deadlines_are_told_apart_by_colour_and_filter(compliance):
    over, near, calm = (received(now=NOON - days * DAY) for days in (16, 10, 9))

    shown = compliance.get(LIST).content.decode()
    assert (shown.count("due is-over"), shown.count("due is-near"), shown.count("due is-calm")) == (1, 1, 1)
    for wanted, found in (("over", {over}), ("near", {near}), ("open", {over, near, calm})):
        rows = compliance.get(LIST, {"deadline": wanted}).context["cl"].result_list
        assert set(rows) == found


def test_the_list_costs_the_same_for_any_number(compliance):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            compliance.get(LIST)
        return len(queries)

    received()
    compliance.get(LIST)
    one = cost()
    for _number in range(5):
        under_review()
    assert cost() == one


# Desk, case file, report


def test_the_report_is_for_who_sees_every_branch(compliance):
    answered()
    url = reverse("complaint-report")
    period = {"first": "2026-11-01", "last": "2026-11-30"}

    for client, status in (
        (compliance, 200),
        (browser_of(Role.AUDITOR), 200),
        (browser_of(Role.SUPERVISOR), 403),
        (Client(), 302),
    ):
        assert client.get(url, period).status_code == status
    assert compliance.get(url, period).context["found"].total == 1
    assert compliance.get(url).context["found"].total == 1
    assert compliance.get(url, {"first": "2026-11-30", "last": "2026-11-01"}).context["found"] is None
    assert compliance.get(url, {"first": "x"}).context["found"] is None


def test_the_desk_shows_what_presses_and_each_number_is_the_rows_behind_it(compliance):
    branch = BranchFactory(code="BT")
    customer = CustomerFactory(branch=branch)
    for days in (30, 16, 12, 1):
        received(customer=customer, now=NOON - days * DAY)
    under_review(customer=customer)
    answered(customer=customer, now=NOON - 20 * DAY)
    received(customer=None)

    for client, address in ((compliance, "/admin/"), (compliance, "/admin/?branch=BT")):
        with translation.override("en"):
            waiting = [one for one in client.get(address).context["waiting"] if "omplaint" in str(one.title)]
            found = [(str(one.title), one.count) for one in waiting]
        assert found == [
            ("Complaints past their deadline", 2),
            ("Complaints due within five days", 1),
            ("Complaints nobody has taken up", 1),
            ("Complaints of unknown branch", 1),
        ]
        for one in waiting:
            assert client.get(one.url).context["cl"].result_count == one.count


def test_supervisors_see_nothing_of_unknown_branch():
    received(customer=None)

    waiting = browser_of(Role.SUPERVISOR).get("/admin/").context["waiting"]

    assert waiting == []


def test_open_complaints_are_in_the_file_of_the_case(compliance):
    case = overdue_case(now=NOON - DAY)
    complaint = received(customer=case.customer, category=Category.ALREADY_PAID)
    complaint_in(Status.CLOSED, customer=case.customer)

    file = compliance.get(f"/admin/cases/{case.pk}/")

    assert [line.complaint for line in file.context["file"].complaints] == [complaint]
    assert complaint.reference in file.content.decode()
