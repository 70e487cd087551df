from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.models.staff import Role
from risk.assess import assess_changed_cases
from risk.behaviour import note_promises
from risk.models import Assessment, BehaviourFacts, Scorecard, Standing
from tests.accounts.factories import UserFactory, overdue_case

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, is_superuser=True))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def case():
    case = overdue_case(now=NOW)
    note_promises(case.customer_id, kept=0, broken=1, by=User.objects.system(), now=NOW)
    assess_changed_cases(now=NOW)
    return case


def page(office, model, row):
    return office.get(reverse(f"admin:risk_{model}_change", args=[row.pk]))


def test_the_pages_list_what_there_is(office, case):
    for model in ("scorecard", "assessment", "standing", "behaviourfacts"):
        assert office.get(reverse(f"admin:risk_{model}_changelist")).status_code == 200


def test_a_card_shows_every_attribute_with_its_points(office):
    html = page(office, "scorecard", Scorecard.objects.in_force()).content.decode()

    assert html.count("<td>") > 4 * 23
    assert "style=" not in html


def test_an_assessment_shows_its_reasons_and_points(office, case):
    response = page(office, "assessment", Assessment.objects.get())

    html = response.content.decode()
    assert html.count("<li>") >= 12
    assert "45" in html
    assert "style=" not in html


def test_the_list_costs_no_more_statements_for_more_cases(office, case, django_assert_num_queries):
    url = reverse("admin:risk_standing_changelist")
    with CaptureQueriesContext(connection) as for_one:
        office.get(url)
    for _ in range(5):
        overdue_case(now=NOW, branch=case.branch)
    assess_changed_cases(now=NOW)

    with django_assert_num_queries(len(for_one)):
        office.get(url)


@pytest.mark.parametrize("model", [Scorecard, Assessment, Standing, BehaviourFacts])
def test_nothing_is_changed_or_deleted_here(office, case, model):
    row = model.objects.get()
    name = model._meta.model_name

    assert office.post(reverse(f"admin:risk_{name}_change", args=[row.pk]), {}).status_code == 403
    assert (
        office.post(reverse(f"admin:risk_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert office.get(reverse(f"admin:risk_{name}_add")).status_code == 403


def test_a_supervisor_sees_the_branchs_own_assessments(case):
    own = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
    other = UserFactory(role=Role.SUPERVISOR)

    for model in (Assessment, Standing, BehaviourFacts):
        assert model.objects.visible_to(own).count() == 1
        assert model.objects.visible_to(other).count() == 0
