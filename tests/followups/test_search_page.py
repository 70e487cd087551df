"""The page of a call to a contact person: the words to say, the number once, and nothing of why."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Phone
from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.models import Contact, Disclosure, Refusal
from followups.models.actions import FollowUpStatus, Outcome
from followups.scripts import TP_1
from tests.accounts.factories import BranchFactory, ContactPersonFactory, UserFactory
from tests.followups.factories import TEN
from tests.followups.test_searching import as_it_is, out_of_reach, planned

NUMBER = "+8613700001234"

# What nobody may read on this page, whoever looks over the caller's shoulder.
FORBIDDEN = {
    "zh-hans": "债 欠 逾期 催 贷 还款 还钱 付款 金额 余额 账户 信用 分期 违约 法院 起诉 征信 元 ¥ CNY",
    "en": "debt owe overdue arrears loan credit repay payment amount balance collection instalment default court bank",
}


@pytest.fixture(autouse=True)
def ten_o_clock(db, database_clock, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TEN)
    database_clock(TEN)
    make_role_groups()


@pytest.fixture
def branch():
    return BranchFactory(name="包头分行", hotline="0472-5550100")


@pytest.fixture
def search(branch):
    case = out_of_reach(branch=branch, name="李明德", overdue="5432.10")
    person = ContactPersonFactory(customer=case.customer, name="赵小梅", number=NUMBER)
    return planned(case, person)


@pytest.fixture
def browser(branch):
    return signed_in(Role.SUPERVISOR, branch=branch)


def signed_in(role, *, language="en", **staff):
    user = UserFactory(role=role, **staff)
    apply_role(user)
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    client.user = user
    return client


def page(row):
    return reverse("admin:followups_followup_search", args=[row.pk])


def seen(text):
    """What a person can read: without tags, scripts and addresses of files."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S))


class TestNothingOfWhy:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("step", ["before", "called", "wrong answer"])
    def test_no_word_of_debts_and_no_amount_is_on_the_page_or_in_its_title(
        self, branch, search, language, step
    ):
        browser = signed_in(Role.SUPERVISOR, branch=branch, language=language)
        answer = browser.get(page(search))
        if step != "before":
            answer = browser.post(page(search), {"step": "call"})
        if step == "wrong answer":
            answer = browser.post(page(search), {"step": "finish", "outcome": "GAVE_DETAILS", "number": "1"})

        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in text
        for word in (*FORBIDDEN["zh-hans"].split(), *FORBIDDEN["en"].split()):
            assert not re.search(rf"(?<![a-z]){re.escape(word)}", seen(text), flags=re.I), word
        assert not re.search(r"\d[\d,]*\.\d{2}", seen(text))
        assert "5432" not in text
        assert "5,432" not in text
        assert search.customer.bank_number not in text

    @pytest.mark.parametrize("language", sorted(TP_1.words))
    def test_nor_is_it_in_the_words_to_say(self, language):
        names = dict.fromkeys(("person", "customer", "branch", "hotline", "caller", "employee_number"), "X")
        words = TP_1.for_(language, **names)
        said = " ".join((*words.say, words.if_asked, *words.keep_to))

        assert "{" not in said
        for word in (*FORBIDDEN["zh-hans"].split(), *FORBIDDEN["en"].split()):
            assert not re.search(rf"(?<![a-z]){re.escape(word)}", said, flags=re.I), word

    def test_the_caller_says_who_they_are_and_that_one_may_refuse(self, branch, search, browser):
        text = browser.get(page(search)).content.decode()

        for said in (
            "赵小梅",
            "李明德",
            branch.name,
            branch.hotline,
            str(browser.user),
            "not contact you any more",
        ):
            assert said in text
        assert "TP-1 v1" in text

    def test_in_a_language_that_has_no_words_chinese_is_spoken(self):
        assert (
            TP_1.for_(
                "fr",
                **dict.fromkeys(
                    ("person", "customer", "branch", "hotline", "caller", "employee_number"), "X"
                ),
            )
            .say[0]
            .startswith("您好")
        )


class TestNumber:
    def test_it_is_not_on_the_page_before_the_call_nor_after(self, search, browser):
        for _time in range(2):
            assert "13700001234" not in browser.get(page(search)).content.decode()
        assert not Disclosure.objects.exists()

        called = browser.post(page(search), {"step": "call"})

        assert NUMBER in called.content.decode()
        assert "no-store" in called["Cache-Control"]
        assert Disclosure.objects.get().by == browser.user
        assert "13700001234" not in browser.get(page(search)).content.decode()

    def test_pressing_twice_calls_once(self, search, browser):
        browser.post(page(search), {"step": "call"})
        again = browser.post(page(search), {"step": "call"}, follow=True)

        assert "13700001234" not in again.content.decode()
        assert Contact.objects.count() == Disclosure.objects.count() == 1

    def test_a_refusal_of_the_gate_shows_no_number(self, search, browser, database_clock, monkeypatch):
        night = TEN.replace(hour=21)
        monkeypatch.setattr(timezone, "now", lambda: night)
        database_clock(night)

        answer = browser.post(page(search), {"step": "call"}, follow=True)

        assert "13700001234" not in answer.content.decode()
        assert Refusal.objects.get().purpose == "CONTACT_SEARCH"
        assert not Disclosure.objects.exists()


class TestOutcome:
    def finish(self, browser, search, **told):
        return browser.post(page(search), {"step": "finish", "note": "", "number": "", **told})

    @pytest.mark.parametrize(
        "outcome",
        ["WILL_PASS_ON", "DOES_NOT_KNOW", "REFUSES_CONTACT", "OFFERS_TO_PAY", "NO_ANSWER", "WRONG_NUMBER"],
    )
    def test_it_is_kept(self, search, browser, outcome):
        browser.post(page(search), {"step": "call"})

        answer = self.finish(browser, search, outcome=outcome, note="evenings")

        assert answer.status_code == 302
        done = as_it_is(search)
        assert (done.status, done.outcome, done.note) == (FollowUpStatus.DONE, outcome, "evenings")

    def test_a_number_that_was_given_is_kept(self, search, browser):
        browser.post(page(search), {"step": "call"})

        self.finish(browser, search, outcome="GAVE_DETAILS", number="13812345678")

        assert Phone.objects.to_call().get(customer=search.customer).origin == "CONTACT_PERSON"

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({}, "outcome"),
            ({"outcome": "PROMISED"}, "outcome"),
            ({"outcome": "OVERTAKEN"}, "outcome"),
            ({"outcome": "GAVE_DETAILS"}, "number"),
            ({"outcome": "GAVE_DETAILS", "number": "1"}, "number"),
            ({"outcome": "DOES_NOT_KNOW", "number": "13812345678"}, "number"),
            ({"outcome": "DOES_NOT_KNOW", "note": "x" * 201}, "note"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(self, search, browser, told, field):
        browser.post(page(search), {"step": "call"})

        answer = self.finish(browser, search, **told)

        assert field in answer.context["form"].errors
        assert as_it_is(search).status == FollowUpStatus.OPEN

    def test_without_the_call_nothing_came_of_it(self, search, browser):
        self.finish(browser, search, outcome="DOES_NOT_KNOW")

        assert as_it_is(search).status == FollowUpStatus.OPEN

    def test_what_is_over_is_over(self, search, browser):
        browser.post(page(search), {"step": "call"})
        self.finish(browser, search, outcome="DOES_NOT_KNOW")

        assert browser.get(page(search)).status_code == 302
        assert self.finish(browser, search, outcome="REFUSES_CONTACT").status_code == 302
        assert as_it_is(search).outcome == Outcome.DOES_NOT_KNOW


class TestWho:
    def test_a_supervisor_of_another_branch_finds_nothing(self, search):
        other = signed_in(Role.SUPERVISOR)

        assert other.get(page(search)).status_code == 404
        assert other.post(page(search), {"step": "call"}).status_code == 404

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
    def test_who_only_looks_calls_nobody(self, search, role):
        looking = signed_in(role)

        assert looking.get(page(search)).status_code == 403
        assert looking.post(page(search), {"step": "call"}).status_code == 403
        assert not Contact.objects.exists()

    def test_nobody_comes_in_without_signing_in(self, search):
        answer = Client().get(page(search))

        assert answer.status_code == 302
        assert "login" in answer["Location"]

    def test_it_is_no_page_for_an_ordinary_call(self, search, browser):
        search.__class__.objects.filter(pk=search.pk).update(
            kind="CALL", purpose="FOLLOW_UP_CALL", contact_person=None
        )

        assert browser.get(page(search)).status_code == 404


class TestList:
    def act(self, browser, *rows):
        return browser.post(
            reverse("admin:followups_followup_changelist"),
            {"action": "ask_contact_person", "_selected_action": [str(row.pk) for row in rows]},
        )

    def test_the_action_leads_to_the_page(self, search, browser):
        answer = self.act(browser, search)

        assert answer["Location"] == page(search)
        assert not Contact.objects.exists()

    def test_the_list_shows_names_and_numbers_masked(self, search, browser):
        text = browser.get(reverse("admin:followups_followup_changelist")).content.decode()

        assert "赵** +86137****1234" in text
        assert "赵小梅" not in text

    def test_an_outcome_is_not_told_by_the_list(self, search, browser):
        browser.post(page(search), {"step": "call"})

        browser.post(
            reverse("admin:followups_followup_changelist"),
            {"action": "done", "outcome": "NOTHING_NOW", "_selected_action": [str(search.pk)]},
        )

        assert as_it_is(search).status == FollowUpStatus.OPEN
