import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models.staff import Role
from compliance.models import Contact
from followups.models import Letter
from tests.accounts.factories import BranchFactory
from tests.desk import scenes
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def case(baotou, database_clock):
    database_clock(scenes.NOW)
    return visits.case_to_visit(now=scenes.NOW - scenes.DAY, branch=baotou)


@pytest.fixture
def url(case):
    return reverse("write-letter", args=[case.pk])


def test_the_letter_is_looked_at_first_with_the_name_masked(supervisor, case, url):
    assert url in supervisor.get(reverse("case-file", args=[case.pk])).content.decode()

    page = supervisor.get(url).content.decode()

    assert "还款提示函" in page
    assert "李*" in page
    assert "李明" not in page
    assert not Letter.objects.exists()


def test_writing_answers_with_the_sheet(supervisor, url):
    answer = supervisor.post(url)

    letter = Letter.objects.get()
    assert answer["Content-Type"] == "application/pdf"
    assert letter.number in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")
    assert letter.written_by == supervisor.user


def test_what_the_gate_refuses_is_told_on_the_case_file(supervisor, url, case, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: scenes.NOW.replace(hour=21))

    answer = supervisor.post(url, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("case-file", args=[case.pk])
    assert [str(one) for one in answer.context["messages"]]
    assert not Contact.objects.exists()


@pytest.mark.parametrize("role", [Role.COMPLIANCE_OFFICER, Role.AUDITOR])
def test_others_do_not_write_letters(browser_of, url, case, role):
    browser = browser_of(role)

    assert browser.get(url).status_code == browser.post(url).status_code == 403
    assert url not in browser.get(reverse("case-file", args=[case.pk])).content.decode()
    assert not Letter.objects.exists()


def test_another_branchs_case_does_not_exist(browser_of, url):
    stranger = browser_of(Role.SUPERVISOR, branch=BranchFactory())

    assert stranger.post(url).status_code == 404
