"""The compliance officer's pages: the rows behind the numbers, and who may open what."""

import base64
import re
import zlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Customer
from accounts.models.staff import Role
from compliance import explorer
from compliance.certificate import Certificate, issue_certificate
from compliance.content.book import RULES
from compliance.explorer import Place
from compliance.gate import Channel, Purpose
from compliance.models import AuditEntry, Export
from compliance.rules import BOOK
from compliance.week import Stretch
from config.desk.officer.certificate_pdf import certificate_pdf
from config.desk.officer.filters import read_place, written_place
from config.desk.officer.strip import kind_of
from tests.accounts.factories import BranchFactory
from tests.compliance.asking import make, sms
from tests.desk import scenes
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW, DAY = scenes.NOW, scenes.DAY


@pytest.fixture
def officer(browser_of):
    return browser_of(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def case(baotou):
    return visits.case_to_visit(now=NOW - DAY, branch=baotou)


@pytest.fixture
def elsewhere(db):
    return BranchFactory(code="ELSE", name="Elsewhere")


def text(answer):
    return answer.content.decode()


# Who may open what

PAGES = ["/admin/rule-book/", "/admin/decisions/", "/admin/compliance-report/", "/admin/certificate/"]
MAY_OPEN = [
    (Role.SUPERVISOR, [200, 200, 200, 403]),
    (Role.COMPLIANCE_OFFICER, [200, 200, 200, 200]),
    (Role.AUDITOR, [200, 200, 200, 200]),
    (Role.ADMINISTRATOR, [200, 200, 200, 200]),
    (Role.FIELD_AGENT, [302, 302, 302, 302]),
]


@pytest.mark.parametrize(("role", "statuses"), MAY_OPEN)
def test_each_role_opens_its_pages_and_is_shown_no_other(browser_of, baotou, role, statuses):
    staff = {"branch": baotou} if role in (Role.SUPERVISOR, Role.FIELD_AGENT) else {}
    browser = browser_of(role, **staff)

    answers = [browser.get(page) for page in PAGES]

    assert [answer.status_code for answer in answers] == statuses
    if answers[0].status_code == 200:
        shown = {tab.url for tab in answers[0].context["tabs"]}
        assert shown == {page for page, status in zip(PAGES, statuses, strict=True) if status == 200}


def test_who_may_not_issue_issues_and_downloads_nothing(supervisor, officer):
    number = issued(officer).number
    before = AuditEntry.objects.count()

    answers = [
        supervisor.post("/admin/certificate/", {"first": "2026-11-01", "last": "2026-11-19"}),
        supervisor.get(f"/admin/certificate/{number}/"),
        supervisor.post(f"/admin/certificate/{number}/pdf/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (AuditEntry.objects.count(), Export.objects.count()) == (before, 0)


def test_without_the_rights_of_a_role_the_rule_book_alone_is_open(browser_of):
    nobody = browser_of(Role.AUDITOR)
    nobody.user.groups.clear()

    assert [nobody.get(page).status_code for page in PAGES] == [200, 403, 403, 403]


# The rule book


def test_every_rule_has_its_anchor_and_its_sources(officer):
    page = text(officer.get("/admin/rule-book/"))

    for rule in [*BOOK, *RULES]:
        assert page.count(f'id="{rule.id}"') == 1, rule.id
    assert page.count('class="sources"') == len(BOOK) + len(RULES)


def test_only_an_officer_is_offered_a_change(officer, auditor):
    change = "/admin/compliance/ruleamendment/propose/?rule=WIN-BANK"

    assert change in text(officer.get("/admin/rule-book/"))
    assert change not in text(auditor.get("/admin/rule-book/"))
    assert officer.get(change).status_code == 200


def test_a_source_leads_to_where_it_is_corrected(auditor):
    page = text(auditor.get("/admin/rule-book/"))

    address = re.search(r'href="(/admin/compliance/legalsource/[^"]+)"', page)[1]
    assert auditor.get(address).status_code == 200


def test_the_book_takes_few_queries(officer):
    with CaptureQueriesContext(connection) as queries:
        officer.get("/admin/rule-book/")

    assert len(queries) < 12


# Decisions


def rows(answer):
    return [(row.decided.id, row.answer) for row in answer.context["shown"].rows]


def test_the_last_week_is_shown_at_first_and_the_filters_narrow_it(officer, case):
    today = scenes.refused(case.branch, case=case)
    old = scenes.refused(case.branch, now=NOW - 8 * DAY)

    assert rows(officer.get("/admin/decisions/")) == [(today.pk, "refused")]
    assert rows(officer.get("/admin/decisions/?first=2026-11-01")) == [
        (today.pk, "refused"),
        (old.pk, "refused"),
    ]
    assert rows(officer.get("/admin/decisions/?answer=YES")) == []
    assert rows(officer.get("/admin/decisions/?rule=VIS-TEAM&channel=VISIT&branch=BT")) == [
        (today.pk, "refused")
    ]
    assert rows(officer.get("/admin/decisions/?rule=WIN-BANK")) == []
    assert rows(officer.get(f"/admin/decisions/?customer={case.customer.bank_number}")) == [
        (today.pk, "refused")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "first=tomorrow",
        "first=2026-11-20&last=2026-11-19",
        "last=9999-12-31",
        "channel=PIGEON",
        "rule=NONE",
        "branch=NONE",
        "answer=MAYBE",
        "after=x",
        "after=2026-11-20T10:00:00_x",
        "after=2026-11-20T10:00:00_6b1e0a52-0000-4000-8000-000000000000",
    ],
)
def test_a_wrong_question_is_told_and_nothing_is_shown(officer, wrong):
    answer = officer.get(f"/admin/decisions/?{wrong}")

    assert answer.status_code == 200
    assert answer.context["shown"] is None
    assert 'class="errornote"' in text(answer)


def test_the_supervisor_of_another_branch_sees_nothing_of_it(browser_of, supervisor, elsewhere, case):
    refusal = scenes.refused(case.branch, case=case)
    stranger = browser_of(Role.SUPERVISOR, branch=elsewhere)
    pages = [f"/admin/decisions/refusal/{refusal.pk}/", f"/admin/cases/{case.pk}/may-contact/"]

    assert rows(supervisor.get("/admin/decisions/")) == [(refusal.pk, "refused")]
    assert rows(stranger.get("/admin/decisions/")) == []
    assert [supervisor.get(page).status_code for page in pages] == [200, 200]
    assert [stranger.get(page).status_code for page in pages] == [404, 404]


def test_names_are_masked(officer, case):
    refusal = scenes.refused(case.branch, case=case)

    for page in (
        "/admin/decisions/",
        f"/admin/decisions/refusal/{refusal.pk}/",
        f"/admin/cases/{case.pk}/may-contact/",
    ):
        told = text(officer.get(page))
        assert "李*" in told
        assert "李明" not in told
        assert "1988-01" not in told


def test_older_pages_lose_and_double_nothing(officer, case, monkeypatch):
    for module in (explorer, __import__("config.desk.officer.explorer", fromlist=["PAGE"])):
        monkeypatch.setattr(module, "PAGE", 2)
    made = {scenes.refused(case.branch, case=case).pk for _one in range(5)}

    found, address = [], "/admin/decisions/"
    while address:
        answer = officer.get(address)
        found += [id_ for id_, _answer in rows(answer)]
        address = answer.context["shown"].older

    assert len(found) == 5
    assert set(found) == made


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(microseconds=1)])
def test_a_place_in_the_list_is_written_and_read(offset):
    place = Place(NOW + offset, scenes.uuid.uuid4())

    assert read_place(written_place(place)) == place


def test_the_list_takes_as_many_queries_for_twelve_as_for_one(officer, case):
    counts = []
    for more in (1, 11):
        for _one in range(more):
            scenes.refused(case.branch, case=case)
        with CaptureQueriesContext(connection) as queries:
            answer = officer.get("/admin/decisions/")
        counts.append((len(rows(answer)), len(queries)))

    assert [rows_ for rows_, _queries in counts] == [1, 12]
    assert counts[0][1] == counts[1][1]


def test_the_full_decision_is_one_click_from_the_lists_of_the_admin(officer, case):
    refusal = scenes.refused(case.branch, case=case)
    made = make(sms(case, NOW, Purpose.VISIT_NOTICE), by=officer.user, now=NOW)
    pages = {
        f"/admin/compliance/refusal/{refusal.pk}/change/": f"/admin/decisions/refusal/{refusal.pk}/",
        f"/admin/compliance/clearance/{made.clearance_id}/change/": f"/admin/decisions/clearance/{made.clearance_id}/",
        f"/admin/compliance/contact/{made.pk}/change/": f"/admin/decisions/clearance/{made.clearance_id}/",
    }

    for page, address in pages.items():
        assert f'href="{address}"' in text(officer.get(page)), page
        assert officer.get(address).status_code == 200


def test_a_decision_leads_to_its_rules(officer, case):
    refusal = scenes.refused(case.branch, case=case)

    page = text(officer.get(f"/admin/decisions/refusal/{refusal.pk}/"))

    assert 'href="/admin/rule-book/#VIS-TEAM"' in page
    assert refusal.policy_id in page
    assert AuditEntry.objects.get(subject=f"compliance.refusal:{refusal.pk}").hash in page
    assert officer.get(f"/admin/decisions/pigeon/{refusal.pk}/").status_code == 404


# May we contact this customer?


def test_every_channel_has_its_answer_and_its_strip(officer, case):
    answer = officer.get(f"/admin/cases/{case.pk}/may-contact/")

    strips = answer.context["week"].strips
    assert [strip.channel for strip in strips] == [str(channel.label) for channel in Channel]
    for strip in strips:
        first, last = strip.blocks[0], strip.blocks[-1]
        assert float(first.left[:-1]) == pytest.approx(100 * (10.5 / 24) / 7, abs=0.01)
        assert float(last.left[:-1]) + float(last.width[:-1]) == pytest.approx(100, abs=0.01)
    assert text(answer).count('class="strip"') == len(Channel)
    assert f"/admin/cases/{case.pk}/may-contact/" in text(officer.get(f"/admin/cases/{case.pk}/"))


def test_times_are_the_customers_with_the_branch_beside(officer, case):
    Customer.objects.filter(pk=case.customer_id).update(time_zones=["America/New_York"])

    week = officer.get(f"/admin/cases/{case.pk}/may-contact/").context["week"]

    assert (str(week.zone), str(week.other_zone)) == ("America/New_York", "Asia/Shanghai")
    assert [f"{day.begins:%d %H:%M}" for day in week.days][:2] == [
        "19 00:00",
        "20 00:00",
    ]  # 21:30 of the 19th there
    assert not any(strip.allowed for strip in week.strips)


def test_where_the_zone_is_unknown_the_branch_tells_the_time(officer, case):
    Customer.objects.filter(pk=case.customer_id).update(time_zones=[])

    week = officer.get(f"/admin/cases/{case.pk}/may-contact/").context["week"]

    assert (str(week.zone), week.other_zone) == ("Asia/Shanghai", None)
    assert [strip.next_allowed_at for strip in week.strips] == [None] * len(Channel)


@pytest.mark.parametrize(
    ("allowed", "rules", "kind"),
    [
        (True, (), "allowed"),
        (False, ("WIN-BANK", "ST-COURT"), "night"),
        (False, ("WIN-CUTOFF",), "cut-off"),
        (False, ("WIN-CUTOFF", "ST-COURT"), "refused"),
        (False, ("ST-COURT",), "refused"),
    ],
)
def test_how_a_stretch_is_drawn(allowed, rules, kind):
    assert kind_of(Stretch(NOW, NOW + DAY, allowed, rules)) == kind


def test_the_timeline_of_a_case_leads_to_the_decision(officer, case):
    refusal = scenes.refused(case.branch, case=case)

    assert f'href="/admin/decisions/refusal/{refusal.pk}/"' in text(officer.get(f"/admin/cases/{case.pk}/"))


# The report


def test_the_bars_lead_to_as_many_rows_as_they_count(officer, case):
    for _one in range(3):
        scenes.refused(case.branch, case=case)
    scenes.refused(case.branch, case=case, channel=Channel.SMS, now=NOW - timedelta(hours=12))

    answer = officer.get("/admin/compliance-report/")

    assert answer.context["found"].refusals == 4
    for table in answer.context["refusals"]:
        assert table.bars
        for bar in table.bars:
            assert len(rows(officer.get(bar.url))) == bar.count, (table.key, bar)


def test_a_wrong_period_is_told(officer):
    answer = officer.get("/admin/compliance-report/?first=2026-11-20&last=2026-11-19")

    assert "found" not in answer.context
    assert 'class="errornote"' in text(answer)


# The certificate


def issued(browser, **changed):
    period = {"since": NOW - DAY, "until": NOW, **changed}
    return issue_certificate(**period, by=browser.user, now=NOW)


def test_it_is_issued_once_and_shown_from_the_audit_chain(officer, case):
    make(
        sms(case, NOW - timedelta(hours=1), Purpose.VISIT_NOTICE),
        by=officer.user,
        now=NOW - timedelta(hours=1),
    )

    answer = officer.post("/admin/certificate/", {"first": "2026-11-20", "last": "2026-11-20"}, follow=True)

    one = answer.context["one"]
    assert (one.contacts, one.holds, one.until) == (1, True, NOW)
    assert AuditEntry.objects.filter(subject="compliance.certificate").count() == 1
    assert one.hash in text(answer)
    assert [earlier.number for earlier in officer.get("/admin/certificate/").context["earlier"]] == [
        one.number
    ]


@pytest.mark.parametrize("last", ["2026-11-21", "2026-10-31", "never", ""])
def test_a_period_that_cannot_be_is_refused(officer, last):
    answer = officer.post("/admin/certificate/", {"first": "2026-11-01", "last": last})

    assert answer.status_code == 200
    assert 'class="errornote"' in text(answer)
    assert not AuditEntry.objects.filter(subject="compliance.certificate").exists()


def test_what_was_never_issued_is_not_found(officer):
    assert officer.get("/admin/certificate/4711/").status_code == 404
    assert officer.post("/admin/certificate/4711/pdf/").status_code == 404
    assert officer.get("/admin/certificate/4711/pdf/").status_code == 405


def test_the_file_is_written_down_before_it_leaves(officer):
    one = issued(officer)

    answer = officer.post(f"/admin/certificate/{one.number}/pdf/")

    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF-")
    row = Export.objects.get()
    assert (row.what, row.format, row.filters, row.byte_count) == (
        "CERTIFICATE",
        "PDF",
        {"certificate": one.number},
        len(content),
    )
    assert str(row.pk) in words_of(content)


def words_of(content):
    """The text a PDF of ours shows: each string of each stream, in the order it is written."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        plain = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        for escaped in re.findall(rb"\(((?:\\.|[^\\()])*)\)\s*Tj", plain, re.DOTALL):
            raw = re.sub(rb"\\([0-7]{3}|.)", _unescaped, escaped, flags=re.DOTALL)
            found.append(raw.decode("utf-16-be"))
    return "".join(found)


def _unescaped(match):
    code = match[1]
    return (
        bytes([int(code, 8)]) if len(code) == 3 else {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(code, code)
    )


GOOD = Certificate(
    since=NOW - DAY,
    until=NOW,
    scope="",
    contacts=1234,
    outside=0,
    without_clearance=0,
    after_expiry=0,
    alone=0,
    used_twice=0,
    examples=(),
    sha256="ab" * 32,
    issued_at=NOW,
    issued_by="何静",
    number=77,
    hash="cd" * 32,
)


def paper(**changed):
    return words_of(certificate_pdf(Certificate(**{**vars(GOOD), **changed})))


def test_the_paper_says_what_the_certificate_says():
    words = paper(scope="包头分行").replace("\n", "")

    for told in (
        "1,234",
        "包头分行",
        "何静",
        "ab" * 32,
        "cd" * 32,
        "DECISIONS 77",
        "verify_audit",
        "Every contact of the period",
    ):
        assert told in words
    assert "2026-11-19 10:30:00 (Asia/Shanghai)" in words


def test_a_certificate_that_does_not_hold_says_so_on_paper_and_on_the_page(officer, monkeypatch):
    bad = {"outside": 2, "examples": ("6b1e0a52-0000-4000-8000-000000000000",)}

    words = paper(**bad)
    monkeypatch.setattr(
        "config.desk.officer.views.issued_certificate",
        lambda *_asked, **_by: Certificate(**{**vars(GOOD), **bad}),
    )
    page = text(officer.get("/admin/certificate/77/"))

    for told in (words, page):
        assert "This certificate does not hold" in told
        assert bad["examples"][0] in told
    assert "Every contact of the period" not in words + page
    assert 'class="is-wrong"' in page
    assert 'role="alert"' in page


def test_the_paper_is_chinese_for_a_chinese_reader():
    with translation.override("zh-hans"):
        words = paper()

    assert "走访" in words
    assert "何静" in words
