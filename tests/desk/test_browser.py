"""The pages in a real browser, with the policy as it is served: nothing is blocked, nothing fails."""

import re
import shutil
import threading
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib import admin
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import reverse

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from tests.accounts.factories import BranchFactory, UserFactory
from tests.desk import scenes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

PASSWORD = "nobody guesses this one"
SMALL, NARROW, WIDE = (900, 700), (1100, 800), (1440, 900)

WATCH = """
window.blocked = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.blocked.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served():
    """The application on a free port of this machine, on the test's own database."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threads, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        connections.settings["default"]["CONN_MAX_AGE"] = 60


class Reader:
    """Somebody at a browser, who notices everything that goes wrong."""

    def __init__(self, chromium, address, *, size=WIDE, scheme="light"):
        self.address = address
        self.faults = []
        width, height = size
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB"
        )
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.page.on(
            "console", lambda said: self._note(said.type, said.text, said.type in ("error", "warning"))
        )
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("requestfailed", lambda request: self._note("failed", request.url))
        self.page.on("response", lambda answer: self._note(answer.status, answer.url, answer.status >= 400))

    def _note(self, kind, what, wrong=True):
        if wrong:
            self.faults.append(f"{self.page.url}: {kind} {what}")

    def log_in(self, username):
        self.go("/admin/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("#login-form input[type=submit]")
        self.settle()
        return self

    def go(self, path):
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self):
        self.page.wait_for_load_state("load")
        self.faults += [f"{self.page.url}: blocked {one}" for one in self.page.evaluate("window.blocked")]

    @property
    def language(self):
        return self.page.evaluate("document.documentElement.lang")

    @property
    def overflows(self):
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )


@pytest.fixture
def visit(committed_db, clock):
    """Of the day of a branch at work; a supervisor and an administrator may log in."""
    make_role_groups()
    branch = BranchFactory(code="BT", name="包头分行")
    for username, role, staff in (
        ("gao", Role.SUPERVISOR, {"branch": branch}),
        ("luo", Role.ADMINISTRATOR, {}),
    ):
        user = UserFactory(username=username, role=role, **staff)
        user.set_password(PASSWORD)
        user.save()
        apply_role(user)
    scenes.everything(branch)
    return scenes.rounds(BranchFactory(code="NY", time_zone="America/New_York"))[0]


@pytest.fixture
def address(visit):
    with served() as address:
        yield address


@pytest.fixture
def chromium(address):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def lists():
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
        if model._meta.app_label != "auth"
    ]


def test_no_page_is_hindered_by_the_policy(chromium, address, visit):
    reader = Reader(chromium, address).log_in("luo")
    forms = ["/admin/compliance/restriction/add/", "/admin/password_change/", "/admin/visits/team/add/"]
    privacy = ["/admin/privacy/", "/admin/privacy/exports/", "/admin/privacy/retention/"]
    rows = [
        f"/admin/cases/{visit.case_id}/",
        f"/admin/cases/{visit.case_id}/seen/",
        f"/admin/accounts/case/{visit.case_id}/change/",
        f"/admin/visits/visit/{visit.pk}/change/",
        f"/admin/visits/plan/{visit.plan_id}/change/",
        f"/admin/accounts/customer/{visit.customer_id}/change/",
    ]

    for path in [
        "/admin/",
        "/admin/?branch=BT",
        "/admin/map/",
        "/admin/records/",
        *privacy,
        *rows,
        *forms,
        *lists(),
    ]:
        reader.go(path)
        assert reader.language == "zh-hans", path

    assert reader.faults == []
    reader.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert "style-src-attr inline" in reader.page.evaluate("window.blocked.join()")  # the watch is awake


def test_the_pages_fit_the_screen_by_day_and_by_night(chromium, address):
    too_wide, faults = [], []
    for size, scheme in ((WIDE, "light"), (NARROW, "dark"), (SMALL, "light")):
        reader = Reader(chromium, address, size=size, scheme=scheme).log_in("gao")
        for path in ["/admin/", "/admin/map/", "/admin/records/", "/admin/accounts/case/"]:
            reader.go(path)
            if reader.overflows:
                too_wide.append((path, size))
        faults += reader.faults

    assert too_wide == []
    assert faults == []


def test_the_desk_renews_itself_where_the_reader_is_or_says_that_it_cannot(chromium, address):
    reader = Reader(chromium, address, size=SMALL).log_in("gao")
    page = reader.page
    page.evaluate("window.scrollTo(0, 300); document.getElementById('desk').dataset.old = 'yes'")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#desk:not([data-old])")

    assert page.evaluate("window.scrollY") == 300
    assert page.locator(".pipeline .step").count() == 6
    assert reader.faults == []

    reader.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".fresh.is-stale")

    assert page.locator(".pipeline .step").count() == 6


def test_the_map_draws_the_routes_and_the_list_leads_to_them(chromium, address):
    reader = Reader(chromium, address).log_in("gao")
    page = reader.go("/admin/map/")

    assert page.locator(".leaflet-marker-icon.stop").count() == 2
    assert page.locator("path.way:not(.is-link)").count() == 2
    page.locator(".route-name").first.click()
    page.mouse.move(300, 5)
    assert page.locator(".stop.is-dimmed").count() == 1
    page.locator("[data-stop]").first.click()
    page.wait_for_selector(".leaflet-popup-content a[href^='/admin/cases/']")
    assert reader.faults == []


def test_a_number_is_shown_for_a_reason_in_either_language(chromium, address, visit):
    reader = Reader(chromium, address).log_in("luo")
    reader.page.click("button[value=en]")
    reader.settle()
    assert (reader.language, reader.page.url) == ("en", f"{address}/admin/")
    page = reader.go(f"/admin/cases/{visit.case_id}/")

    page.locator(".disclose summary").first.click()
    page.locator(".disclose select[name=code]").first.select_option("IDENTITY")
    page.locator(".disclose input[name=reason]").first.fill("the customer asks")
    page.locator(".disclose button").first.click()
    page.wait_for_selector(".shown-once output")

    assert re.fullmatch(r"\d{17}[\dX]", page.locator("output").inner_text())
    assert reader.faults == []


OFFICER = ["/admin/rule-book/", "/admin/decisions/", "/admin/compliance-report/", "/admin/certificate/"]


def test_the_officers_pages_are_not_hindered_and_fit_the_screen(chromium, address, visit):
    too_wide, faults = [], []
    for size, scheme in (((1280, 800), "light"), ((390, 800), "dark")):
        reader = Reader(chromium, address, size=size, scheme=scheme).log_in("luo")
        for path in [*OFFICER, f"/admin/cases/{visit.case_id}/may-contact/"]:
            reader.go(path)
            assert reader.language == "zh-hans", path
            if reader.overflows:
                too_wide.append((path, size))
        faults += reader.faults

    assert (too_wide, faults) == ([], [])


def test_from_a_refusal_to_its_rule_and_to_a_certificate(chromium, address):
    reader = Reader(chromium, address).log_in("luo")
    page = reader.go("/admin/decisions/?answer=NO")

    page.locator("tbody th a").first.click()
    reader.settle()
    assert page.locator(".answer.is-shut").count() == 1
    rule = page.locator(".said h3 a").first
    anchor = rule.get_attribute("href").partition("#")[2]
    rule.click()
    reader.settle()
    assert page.locator(f".rule:target#{anchor}").count() == 1

    reader.go("/admin/certificate/")
    page.locator(".ask button").click()
    reader.settle()
    assert page.locator(".figures tr").count() == 6
    assert reader.faults == []
    with page.expect_download() as download:  # which the browser itself notes as a page that did not come
        page.locator(".to-pdf button").click()
    assert download.value.suggested_filename.endswith(".pdf")
