"""The page from which copies of the ledgers are taken."""

import hashlib

import pytest

from accounts.models.staff import Role
from compliance.models import Export
from tests.desk import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = "/admin/privacy/exports/"
ASKED = {
    "what": "REFUSALS",
    "since": "2026-11-01",
    "until": "2026-11-20",
    "branch": "",
    "format": "CSV",
    "purpose": "audit of November",
}


@pytest.fixture
def officer(browser_of):
    return browser_of(Role.COMPLIANCE_OFFICER)


@pytest.mark.parametrize("kind", ["CSV", "XLSX", "JSON"])
def test_the_download_is_what_the_ledger_says(auditor, baotou, kind):
    scenes.refused(baotou)

    answer = auditor.post(PAGE, {**ASKED, "format": kind})

    data, row = b"".join(answer.streaming_content), Export.objects.get()
    assert hashlib.sha256(data).hexdigest() == row.sha256 == answer["X-Content-SHA256"]
    assert (row.row_count, row.by) == (1, auditor.user)
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert row.sha256 in auditor.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"purpose": ""}, {"until": "2026-10-01"}, {"what": "ACCESS_PACKAGE"}, {"branch": "XX"}]
)
def test_what_is_asked_wrongly_leaves_nothing(auditor, wrong):
    answer = auditor.post(PAGE, {**ASKED, **wrong})

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize("address", [PAGE, "/admin/privacy/"])
def test_who_may_open_the_pages(supervisor, auditor, officer, address):
    assert supervisor.get(address).status_code == 403
    assert auditor.get(address).status_code == 200
    assert officer.get(address).status_code == 200


def test_a_supervisor_exports_nothing(supervisor):
    assert supervisor.post(PAGE, ASKED).status_code == 403
    assert not Export.objects.exists()


def test_the_place_is_shown_to_those_who_may_go_there(supervisor, auditor):
    assert "/admin/privacy/" in auditor.get("/admin/").content.decode()
    assert "/admin/privacy/" not in supervisor.get("/admin/").content.decode()


def test_a_link_downloads_nothing(auditor):
    answer = auditor.get(PAGE, ASKED)

    assert "attachment" not in answer.get("Content-Disposition", "")
    assert not Export.objects.exists()
