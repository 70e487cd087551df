"""The page for everybody: what may be sent, what comes back, and what nobody can find out."""

import re
from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from compliance.complaints import handling
from compliance.complaints.intake import MOST_CONTACT_DETAILS
from compliance.complaints.public import (
    NoSuchComplaint,
    TooMany,
    file_complaint,
    forget_filings,
    status_for,
    token_of,
)
from compliance.complaints.reading import told_in
from compliance.complaints.terms import Category, Outcome
from compliance.models import Complaint, Filing, Restriction
from config.public.addresses import address_of
from config.public.forms import CHOICES, MOST_TOLD
from tests.accounts.factories import CustomerFactory
from tests.compliance.complaints.factories import answer, officer, received, under_review

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
URL = "/c/complaint/"
HOUR = timedelta(hours=1)


@pytest.fixture
def browser(db, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def words(**changes):
    return {
        "category": "FREQUENCY",
        "told": "You call me ten times a day.",
        "bank_number": "",
        "contact_details": "",
        "website": "",
        "once": str(uuid4()),
    } | changes


def send(browser, **changes):
    headers = changes.pop("headers", {})
    return browser.post(URL, words(**changes), headers=headers)


def shown(browser, **changes):
    """The status page somebody is led to after sending, without what differs from one complaint to the next."""
    sent = send(browser, **changes)
    assert sent.status_code == 302
    page = browser.get(sent["Location"]).content.decode()
    page = re.sub(r"TS-\d{4}-\w{5}", "REFERENCE", page)
    return re.sub(r'value="[^"]*"', "", page).replace(sent["Location"], "HERE")


# Sending


def test_whoever_complains_gets_a_reference_and_a_date(browser):
    sent = send(browser, contact_details="13900001234")

    complaint = Complaint.objects.get()
    page = browser.get(sent["Location"]).content.decode()
    assert complaint.reference in page
    assert "Dec. 5, 2026" in page
    assert (complaint.intake, complaint.category, complaint.received_by) == (
        "CUSTOMER_PAGE", "FREQUENCY", User.objects.system(),
    )  # fmt: skip
    assert told_in(complaint) == "You call me ten times a day."
    assert "13900001234" not in page
    assert "ten times" not in page


def test_a_customer_who_gives_the_number_is_left_alone_at_once(browser):
    customer = CustomerFactory(bank_number="C-1")

    send(browser, bank_number=" C-1 ", category="NOT_MY_DEBT")

    stopped = Restriction.objects.get()
    assert (stopped.customer, stopped.kind, stopped.starts_at) == (customer, "DISPUTE", NOON)


def test_nobody_learns_whether_a_number_exists(browser):
    CustomerFactory(bank_number="C-1")

    assert shown(browser, bank_number="C-1") == shown(browser, bank_number="C-2") == shown(browser)
    assert Complaint.objects.filter(customer__isnull=False).count() == 1


def test_a_form_sent_twice_is_one_complaint(browser):
    once = str(uuid4())

    places = {send(browser, once=once)["Location"] for _time in range(3)}

    assert len(places) == 1
    assert Complaint.objects.count() == Filing.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"told": ""},
        {"told": " \n "},
        {"told": "x" * (MOST_TOLD + 1)},
        {"told": "a\0b"},
        {"contact_details": "1" * (MOST_CONTACT_DETAILS + 1)},
        {"bank_number": "C" * 41},
        {"category": ""},
        {"category": "OTHER_CONDUCT"},
        {"category": "EVERYTHING"},
        {"once": "twice"},
        {"once": ""},
        {"website": "https://example.com"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(browser, changes):
    answered = send(browser, **changes)

    assert answered.status_code == 422
    assert 'role="alert"' in answered.content.decode() or "once" in changes
    assert not Complaint.objects.exists()
    assert not Filing.objects.exists()


def test_the_longest_that_is_told_is_kept_whole(browser):
    told = "词" * MOST_TOLD

    send(browser, told=told)

    assert told_in(Complaint.objects.get()) == told


def test_a_person_who_filled_the_trap_is_told_and_loses_nothing(browser):
    page = send(browser, website="mine", told="You call every day, also at night.").content.decode()

    assert "Leave this field empty and send the form again." in page
    assert "You call every day, also at night." in page


def test_words_come_back_as_words(browser):
    page = send(browser, told="<script>alert(1)</script>", category="").content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_far_too_much_is_not_even_read(browser):
    assert browser.post(URL, words(told="x" * 3_000_000)).status_code == 400
    assert not Complaint.objects.exists()


def test_a_form_of_another_site_is_refused(browser):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(URL, words()).status_code == 403
    assert not Complaint.objects.exists()


def test_every_category_but_the_offices_own_can_be_chosen():
    offered = {value for _group, choices in CHOICES for value, _label in choices}

    assert offered == set(Category.values) - {Category.OTHER_CONDUCT}


# Not too often


def test_a_sixth_within_the_hour_has_to_wait(browser, monkeypatch):
    for _time in range(5):
        assert send(browser).status_code == 302
    too_many = send(browser, told="Once more.")
    assert too_many.status_code == 429
    assert "Once more." in too_many.content.decode()
    assert Complaint.objects.count() == 5

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + HOUR)
    assert send(browser).status_code == 302


def test_an_address_that_is_invented_does_not_help(browser, settings):
    settings.PROXIES = 1
    answers = [
        send(browser, headers={"x-forwarded-for": f"10.0.0.{number}, 203.0.113.9"}).status_code
        for number in range(6)
    ]
    assert answers == [302] * 5 + [429]

    assert send(browser, headers={"x-forwarded-for": "10.0.0.1, 203.0.113.10"}).status_code == 302


def test_no_address_is_kept_and_the_rest_is_forgotten(browser):
    send(browser)

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM compliance_filing f")
        assert "127.0.0.1" not in cursor.fetchone()[0]
    assert forget_filings(now=NOON + 24 * HOUR) == 0
    assert forget_filings(now=NOON + 24 * HOUR + timedelta(microseconds=1)) == 1


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "203.0.113.9", "1.1.1.1", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "", "nonsense", "unknown"),
        (0, "", "", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
    ],
)
def test_where_a_request_comes_from(rf, proxies, peer, forwarded, address):
    request = rf.get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})

    assert address_of(request, proxies=proxies) == address


def test_many_at_once_are_not_too_many(committed_db):
    start, outcomes = Barrier(8), []

    def go():
        try:
            start.wait(timeout=10)
            file_complaint(
                category=Category.SERVICE,
                told="x",
                bank_number="",
                contact_details="",
                origin=str(uuid4()),
                address="203.0.113.9",
                now=NOON,
            )
            outcomes.append("filed")
        except TooMany:
            outcomes.append("too many")
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["filed"] * 5 + ["too many"] * 3
    assert Complaint.objects.count() == 5


# Looking


def page_of(browser, complaint):
    return browser.get(f"{URL}{token_of(complaint)}/")


def test_the_answer_is_read_where_the_complaint_was_followed(browser):
    complaint = under_review(now=NOON)
    assert "looking into" in page_of(browser, complaint).content.decode()

    answer(
        complaint,
        outcome=Outcome.PARTLY,
        answer="<b>Sorry</b>, it was us.",
        measures="Calls stopped.",
        now=NOON,
    )

    page = page_of(browser, complaint).content.decode()
    assert "&lt;b&gt;Sorry&lt;/b&gt;, it was us." in page
    assert "Upheld in part" in page
    assert "Calls stopped." in page


def test_nothing_of_a_person_is_on_the_page(browser):
    about = officer()
    complaint = under_review(about_staff=about, told="He shouted.", contact_details="13900001234", now=NOON)

    page = page_of(browser, complaint).content.decode()

    customer = complaint.customer
    for secret in (
        customer.name, customer.masked_name, customer.bank_number, str(about), str(complaint.handler),
        "He shouted", "13900001234", str(customer.pk), customer.branch.name,
    ):  # fmt: skip
        assert secret not in page


def test_a_late_answer_is_owned_up_to(browser, monkeypatch):
    complaint = received(now=NOON)
    last = NOON.replace(hour=0) + timedelta(days=16)

    for moment, late in ((last - timedelta(microseconds=1), False), (last, True)):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        assert ("We are late" in page_of(browser, complaint).content.decode()) is late


def test_withdrawn_says_so(browser):
    complaint = received(now=NOON)
    handling.withdraw_complaint(complaint, reason="ok", by=officer(), now=NOON)

    assert "withdrawn" in page_of(browser, complaint).content.decode()


@pytest.mark.parametrize(
    "token", ["x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA.x", "..", "%00", "é" * 90]
)
def test_an_address_cannot_be_guessed(browser, token):
    answered = browser.get(f"{URL}{token}/")

    assert answered.status_code == 404
    assert "There is no complaint at this address" in answered.content.decode()


def test_an_address_altered_by_a_letter_is_none(db):
    token = token_of(received())

    for place in (0, 10, 21, 22, 23, len(token) - 1):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(NoSuchComplaint):
            status_for(altered, now=NOON)


def test_nothing_is_kept_by_browsers_or_found_by_engines(browser):
    for answered in (browser.get(URL), page_of(browser, received())):
        assert "no-store" in answered["Cache-Control"]
        assert "noindex" in answered["X-Robots-Tag"]
        assert "default-src 'self'" in answered["Content-Security-Policy"]


def test_chinese_at_first_and_english_on_request():
    pages = {language: Client() for language in ("zh-hans", "en")}
    pages["en"].cookies["django_language"] = "en"

    for language, client in pages.items():
        assert f'<html lang="{language}">' in client.get(URL).content.decode()


def test_a_status_page_changes_nothing(browser):
    complaint = received(now=NOON)

    assert browser.post(f"{URL}{token_of(complaint)}/").status_code == 405
    assert browser.delete(URL).status_code == 405
