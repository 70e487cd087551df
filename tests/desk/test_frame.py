"""What frames every page: the language, the places one may go, the colours, and no word in anybody's own style."""

import hashlib
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models.staff import Role
from tests.accounts.factories import UserFactory
from tests.desk import scenes

pytestmark = pytest.mark.django_db

VENDORED = settings.BASE_DIR / "config" / "static" / "vendor" / "leaflet"
PAGES = ["/admin/", "/admin/map/", "/admin/records/", "/admin/accounts/case/", "/admin/compliance/refusal/"]


def language_of(answer):
    return re.search(r'<html lang="([^"]+)"', answer.content.decode())[1]


def test_chinese_is_spoken_whatever_the_browser_asks_for(client):
    answer = client.get("/admin/login/", headers={"accept-language": "en-GB,en;q=0.9"})

    assert language_of(answer) == "zh-hans"
    assert answer["Content-Language"] == "zh-hans"


def test_english_is_spoken_on_request_and_chinese_again(client):
    switch = reverse("set_language")

    there = client.post(switch, {"language": "en", "next": "/admin/login/"}, follow=True)
    back = client.post(switch, {"language": "zh-hans", "next": "/admin/login/"}, follow=True)

    assert (language_of(there), language_of(back)) == ("en", "zh-hans")


@pytest.fixture(params=["/admin/login/", *PAGES])
def page(request, supervisor):
    """The text of one page, the log-in form as a stranger sees it."""
    who = Client() if request.param == "/admin/login/" else supervisor
    return who.get(request.param).content.decode()


def test_the_switch_is_a_plain_form_on_every_page(page):

    assert f'action="{reverse("set_language")}"' in page
    assert 'name="language" value="zh-hans"' in page
    assert 'name="language" value="en"' in page


def test_nothing_is_inline_and_nothing_from_elsewhere(page):
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", page)
    assert not re.search(r'(src|href)="(https?:)?//', page)


def test_the_places_are_those_one_may_see(supervisor, browser_of):
    nobody = browser_of(Role.AUDITOR)
    nobody.user.groups.clear()

    told = {
        who: [str(place.label) for place in who.get("/admin/").context["places"]]
        for who in (supervisor, nobody)
    }

    assert told[supervisor] == [
        "Desk", "Map", "Cases", "Visits", "Plans", "Messages", "Refusals", "Complaints", "Rules and proof",
        "All records",
    ]  # fmt: skip
    assert told[nobody] == ["Desk", "Map", "Rules and proof", "All records"]


def test_the_place_one_is_at_is_marked(supervisor):
    marked = {
        page: [str(place.label) for place in supervisor.get(page).context["places"] if place.here]
        for page in PAGES
    }

    assert marked == dict(
        zip(PAGES, [["Desk"], ["Map"], ["All records"], ["Cases"], ["Refusals"]], strict=True)
    )


def test_the_home_page_of_the_admin_is_the_desk(supervisor):
    assert reverse("admin:index") == reverse("desk")
    assert "desk/desk.html" in [
        template.name for template in supervisor.get(reverse("admin:index")).templates
    ]


def test_nobody_comes_in_without_logging_in(baotou):
    for page in PAGES:
        answer = Client().get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_times_are_by_the_clock_of_the_readers_branch(browser_of, baotou, new_york):
    scenes.refused(new_york, now=scenes.NOW + 3 * scenes.HOUR)  # 00:30 in New York, 13:30 in Baotou

    there = browser_of(Role.SUPERVISOR, branch=new_york).get("/admin/compliance/refusal/")
    here = browser_of(Role.AUDITOR).get("/admin/compliance/refusal/")

    assert "12:30 a.m." in there.content.decode()
    assert "1:30 p.m." in here.content.decode()


def test_pages_are_counted_no_further_than_anybody_pages(supervisor, baotou, monkeypatch):
    monkeypatch.setattr("config.admin.CappedPaginator.most", 3)
    scenes.portfolio(baotou)

    assert supervisor.get("/admin/accounts/case/").context["cl"].result_count == 3


def test_a_branch_is_chosen_by_its_code_only_along_the_models_own_path(auditor, baotou):
    assert auditor.get("/admin/followups/message/?case__branch__code=BT").status_code == 200
    assert auditor.get("/admin/followups/message/?queued_by__password__startswith=pbkdf2").status_code == 400


def test_what_is_vendored_is_what_was_published():
    listed = re.findall(
        r"^\| (\S+) \| ([0-9a-f]{64}) \|$", (VENDORED / "VENDORED.md").read_text(), re.MULTILINE
    )

    assert dict(listed) == {
        str(file.relative_to(VENDORED)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDORED.rglob("*")
        if file.is_file() and file.name != "VENDORED.md"
    }


def test_an_agents_password_opens_no_page(baotou):
    agent = UserFactory(role=Role.FIELD_AGENT, branch=baotou, is_staff=False)
    browser = Client()
    browser.force_login(agent)

    assert all(browser.get(page).status_code == 302 for page in PAGES)
