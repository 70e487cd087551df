"""The pages of restrictions and disaster areas: what is filled in, who may, and what the page says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.models import AreaRestriction, Restriction
from compliance.restrictions import enter_restriction
from compliance.special_care import EFFECTS
from compliance.terms import RestrictionKind
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.accounts.people import make_everybody_somebody_else

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)
LIST = "admin:compliance_restriction_changelist"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    with translation.override("en"):
        yield


@pytest.fixture
def baotou():
    return BranchFactory()


@pytest.fixture
def case(baotou):
    return overdue_case(now=NOON - DAY, branch=baotou)


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
def officer():
    return browser_of(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def supervisor(baotou):
    return browser_of(Role.SUPERVISOR, branch=baotou)


def enter(browser, customer, **changes):
    said = {
        "customer": customer.pk,
        "kind": "HOSPITAL",
        "starts_at_0": "2026-11-23",
        "starts_at_1": "12:00",
        "ends_at_0": "",
        "ends_at_1": "",
        "evidence_kind": "MEDICAL",
        "evidence": "no. 17",
        **changes,
    }
    return browser.post(reverse("admin:compliance_restriction_add"), said, follow=True)


def entered(case, kind=RestrictionKind.HOSPITAL, *, now=NOON):
    return enter_restriction(
        customer=case.customer, kind=kind, channels=[], starts_at=now, ends_at=None, evidence="no. 17",
        evidence_kind=EFFECTS[kind].proof[0], by=UserFactory(role=Role.COMPLIANCE_OFFICER), now=now,
    )  # fmt: skip


def errors(answer):
    return answer.context["adminform"].form.errors


def test_a_supervisor_enters_what_she_is_told_on_the_telephone(supervisor, case):
    answer = enter(supervisor, case.customer, evidence_kind="WORD")

    row = Restriction.objects.get()
    assert (row.entered_by, row.ends_at) == (supervisor.user, NOON + 90 * DAY)
    assert "Contact is stopped. Nothing was planned or queued." in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ends_at_0": "2027-02-21", "ends_at_1": "12:01"}, "ends_at", "90 days at most"),
        ({"ends_at_0": "2026-11-22", "ends_at_1": "12:00"}, "ends_at", "before it starts"),
        ({"kind": "POLICE_ORDER", "evidence_kind": "POLICE"}, "ends_at", "Enter its end"),
        ({"evidence_kind": "COURT"}, "evidence_kind", "rests on one of these"),
        ({"kind": "TIME_BARRED", "evidence_kind": "LEGAL_FINDING"}, "kind", "Ask the compliance officer"),
        ({"evidence": ""}, "evidence", "required"),
    ],
)
def test_what_cannot_be_entered_is_told_beside_its_field(supervisor, case, changes, field, sentence):
    answer = enter(supervisor, case.customer, **changes)

    assert sentence in " ".join(errors(answer)[field])
    assert not Restriction.objects.exists()


def test_a_supervisor_cannot_name_the_customer_of_another_branch(supervisor):
    stranger = overdue_case(now=NOON - DAY)

    assert "customer" in errors(enter(supervisor, stranger.customer))
    assert not Restriction.objects.exists()


def test_the_form_explains_every_kind(supervisor):
    page = supervisor.get(reverse("admin:compliance_restriction_add")).content.decode()

    for kind in RestrictionKind:
        assert f'data-kind="{kind.value}"' in page
    assert "Lasts 90 days when no end is given, 90 at most. It is continued once." in page
    assert "Nobody can override it." in page
    assert "No diagnosis" in page


def test_continuing_is_a_page_of_its_own(officer, case):
    row = entered(case)
    url = reverse("admin:compliance_restriction_extend", args=[row.pk])
    assert url in officer.get(reverse("admin:compliance_restriction_change", args=[row.pk])).content.decode()

    said = {"ends_at_0": "", "ends_at_1": "", "evidence_kind": "MEDICAL", "evidence": "no. 18"}
    officer.post(url, said)
    again = officer.post(url, said)

    assert Restriction.objects.get(extended_from=row).ends_at == NOON + 180 * DAY
    assert "continued already" in again.content.decode()


def test_a_restriction_of_another_branch_is_not_there_to_continue(supervisor):
    row = entered(overdue_case(now=NOON - DAY))

    assert supervisor.get(reverse("admin:compliance_restriction_extend", args=[row.pk])).status_code == 404


def test_an_auditor_looks_and_changes_nothing(case):
    row, auditor = entered(case), browser_of(Role.AUDITOR)

    assert auditor.get(reverse("admin:compliance_restriction_change", args=[row.pk])).status_code == 200
    assert auditor.get(reverse("admin:compliance_restriction_add")).status_code == 403
    assert auditor.get(reverse("admin:compliance_restriction_extend", args=[row.pk])).status_code == 403
    auditor.post(reverse(LIST), {"action": "lift", "_selected_action": [row.pk]})
    assert Restriction.objects.get().lifted_at is None


@pytest.mark.parametrize(("kind", "lifted"), [("BEREAVEMENT", False), ("HARDSHIP_APPLICATION", True)])
def test_a_supervisor_lifts_what_is_hers_to_lift(supervisor, case, kind, lifted):
    row = entered(case, RestrictionKind(kind))

    page = supervisor.post(reverse(LIST), {"action": "lift", "_selected_action": [row.pk]}, follow=True)

    assert (Restriction.objects.get().lifted_at is not None) is lifted
    assert ("not for your role" in page.content.decode()) is not lifted


def test_a_review_is_an_action_and_the_list_shows_what_is_due(officer, supervisor, case):
    row = entered(case, RestrictionKind.DISPUTE, now=NOON - 20 * DAY)

    def due(browser):
        return browser.get(reverse(LIST), {"review": "due"}).context["cl"].result_count

    assert (due(officer), due(supervisor)) == (1, 0)
    officer.post(reverse(LIST), {"action": "keep", "_selected_action": [row.pk]})

    assert due(officer) == 0
    assert row.reviews.get().by == officer.user


def area(browser, **changes):
    said = {
        "prefix": "1502",
        "name": "包头市",
        "starts_at_0": "2026-11-23",
        "starts_at_1": "12:00",
        "ends_at_0": "",
        "ends_at_1": "",
        "declared_by": "内蒙古自治区应急管理厅",
        "evidence": "通告 17 号",
        **changes,
    }
    return browser.post(reverse("admin:compliance_arearestriction_add"), said, follow=True)


def test_a_disaster_area_is_entered_and_lifted_by_the_officer(officer, case):
    answer = area(officer)

    row = AreaRestriction.objects.get()
    assert row.ends_at == NOON + 90 * DAY
    assert "Contact is stopped." in answer.content.decode()

    officer.post(
        reverse("admin:compliance_arearestriction_changelist"),
        {"action": "lift", "_selected_action": [row.pk]},
    )
    assert AreaRestriction.objects.get().lifted_by == officer.user


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prefix": "150"}, "__all__"),
        ({"prefix": "Baotou"}, "__all__"),
        ({"ends_at_0": "2027-03-01", "ends_at_1": "12:00"}, "ends_at"),
    ],
)
def test_what_is_no_area_is_told_in_the_form(officer, changes, field):
    answer = area(officer, **changes)

    assert errors(answer)
    assert not AreaRestriction.objects.exists()


def test_a_supervisor_enters_no_area(supervisor):
    assert supervisor.get(reverse("admin:compliance_arearestriction_add")).status_code == 403
    assert area(supervisor).status_code == 403


@pytest.mark.parametrize("model", ["stoppage", "restriction", "arearestriction"])
def test_the_lists_and_pages_open(officer, case, model):
    entered(case)
    area(officer)

    page = officer.get(reverse(f"admin:compliance_{model}_changelist"))

    assert page.status_code == 200
    for row in page.context["cl"].result_list:
        assert officer.get(reverse(f"admin:compliance_{model}_change", args=[row.pk])).status_code == 200
