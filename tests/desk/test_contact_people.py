"""People around the customer in the case file: who they are, why they may not be asked, and the button when they may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.contact_people import note_refusal, withdraw_contact_person
from accounts.models import User
from accounts.models.staff import Role
from accounts.phones import report_wrong_number
from followups.models import FollowUp
from tests.accounts.factories import ContactPersonFactory
from tests.desk import scenes
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BUTTON = "Ask how the customer can be reached"


@pytest.fixture
def case(baotou):
    return visits.case_to_visit(now=scenes.NOW, branch=baotou)


@pytest.fixture
def person(case):
    return ContactPersonFactory(customer=case.customer, name="赵小梅", number="+8613700001234")


def lose(case):
    report_wrong_number(case.customer.phones.get(), by=User.objects.system(), now=scenes.NOW)


def file(browser, case):
    return browser.get(f"/admin/cases/{case.pk}/").content.decode()


def ask(browser, person, case):
    return browser.post(reverse("ask-person", args=[case.pk, person.pk]), follow=True)


def test_everybody_named_is_shown_masked_with_the_origin(supervisor, case, person):
    ContactPersonFactory(customer=case.customer, role="GUARANTOR", guarantee_reference="G-7788")

    text = file(supervisor, case)

    assert "赵**" in text
    assert "+86137****1234" in text
    assert "named by the customer in the application" in text
    assert "G-7788" in text
    assert "赵小梅" not in text
    assert "13700001234" not in text


def test_as_long_as_the_customer_can_be_reached_the_reason_stands_in_place_of_the_button(
    supervisor, case, person
):
    text = file(supervisor, case)

    assert BUTTON not in text
    assert "The customer can still be called: 0 of 3 calls in a row failed, on 0 of 2 days." in text


def test_when_the_customer_is_out_of_reach_the_button_leads_to_the_call(supervisor, case, person):
    lose(case)
    assert BUTTON in file(supervisor, case)

    answer = ask(supervisor, person, case)

    planned = FollowUp.objects.get(kind="CONTACT_SEARCH")
    assert planned.contact_person == person
    assert planned.created_by == supervisor.user
    assert answer.redirect_chain[-1][0] == reverse("admin:followups_followup_search", args=[planned.pk])
    text = file(supervisor, case)
    assert "Go on to the call" in text
    assert BUTTON not in text


def test_a_button_from_an_old_page_asks_nobody(supervisor, case, person):
    answer = ask(supervisor, person, case)

    assert "Nobody is asked. The customer can still be called" in answer.content.decode()
    assert not FollowUp.objects.filter(kind="CONTACT_SEARCH").exists()


def test_who_refused_is_not_offered_whoever_else_is_out_of_reach(supervisor, case, person):
    lose(case)
    note_refusal(person, by=User.objects.system(), now=scenes.NOW)

    text = file(supervisor, case)

    assert BUTTON not in text
    assert "This person wants no contact. That holds for ever." in text


def test_a_guarantor_is_no_contact_person_and_who_was_withdrawn_is_gone(supervisor, case, person):
    lose(case)
    ContactPersonFactory(customer=case.customer, role="GUARANTOR")
    withdraw_contact_person(person, by=User.objects.system(), now=scenes.NOW)

    text = file(supervisor, case)

    assert BUTTON not in text
    assert "withdrawn" in text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
def test_who_only_looks_has_no_button(browser_of, case, person, role):
    lose(case)
    browser = browser_of(role)

    assert BUTTON not in file(browser, case)
    assert browser.post(reverse("ask-person", args=[case.pk, person.pk])).status_code == 403
    assert not FollowUp.objects.filter(kind="CONTACT_SEARCH").exists()


def test_another_branch_finds_neither_case_nor_person(browser_of, new_york, case, person):
    lose(case)
    browser = browser_of(Role.SUPERVISOR, branch=new_york)

    assert browser.post(reverse("ask-person", args=[case.pk, person.pk])).status_code == 404


def test_somebody_of_another_customer_is_not_found(supervisor, case):
    lose(case)

    answer = supervisor.post(reverse("ask-person", args=[case.pk, ContactPersonFactory().pk]))

    assert answer.status_code == 404


def test_nothing_is_planned_by_looking(supervisor, case, person):
    lose(case)

    assert supervisor.get(reverse("ask-person", args=[case.pk, person.pk])).status_code == 405


def test_where_a_number_comes_from_and_whose_it_is_not_stands_beside_it(supervisor, case):
    assert "the bank&#x27;s own record" in file(supervisor, case)

    lose(case)

    assert "somebody else's number" in file(supervisor, case)


def test_many_people_take_as_many_queries_as_one(supervisor, case, person):
    lose(case)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            file(supervisor, case)
        counts.append(len(queries))
        for _one in range(5):
            ContactPersonFactory(customer=case.customer)

    assert counts[0] == counts[1]
