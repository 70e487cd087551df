"""The bank's own forbidden words: added by an officer, withdrawn by a second one, and nothing else."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from accounts.models.staff import Role
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.content import Category, ContentFacts, Kind
from compliance.content.book import RULES
from compliance.content_checking import Unacceptable, ensure_acceptable, hits_in
from compliance.content_wording import MEND, SOURCES, WRONG, as_json, how_to_mend, sentence, what_is_wrong
from compliance.forbidden_words import (
    WordRefused,
    add_forbidden_word,
    withdraw_forbidden_word,
    words_of_the_bank,
)
from compliance.models import ForbiddenWord
from compliance.models.content import WordCategory
from tests.accounts.factories import UserFactory
from tests.compliance.content.saying import FACTS, whole
from tests.followups.factories import TEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


@pytest.fixture
def second():
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def add(word="黄牛党", *, by, category=Category.INSULT):
    return add_forbidden_word(word=word, category=category, note="complaint of May", by=by, now=TEN)


def found(text):
    return [hit.piece for hit in hits_in(whole(text), kind=Kind.MESSAGE, language="zh-hans", facts=FACTS)]


def test_an_added_word_is_found_from_then_on_however_it_is_written(officer):
    assert found("您是黃 牛党") == []

    add(by=officer)

    assert found("您是黃 牛党") == ["黃 牛党"]


def test_a_second_officer_withdraws_it(officer, second):
    word = add(by=officer)

    withdraw_forbidden_word(word, by=second, now=TEN)

    assert found("您是黄牛党") == []
    assert words_of_the_bank() == frozenset()
    with pytest.raises(WordRefused):
        withdraw_forbidden_word(word, by=second, now=TEN)


def test_nobody_withdraws_what_they_added_themselves(officer):
    word = add(by=officer)

    with pytest.raises(WordRefused):
        withdraw_forbidden_word(word, by=officer, now=TEN)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        ForbiddenWord.objects.filter(pk=word.pk).update(withdrawn_at=TEN, withdrawn_by=officer)

    assert found("您是黄牛党") == ["黄牛党"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMPLIANCE_OFFICER])
def test_nobody_else_decides_about_words(officer, role):
    somebody, word = UserFactory(role=role), add(by=officer)

    with pytest.raises(WordRefused):
        add("别的词语", by=somebody)
    with pytest.raises(WordRefused):
        withdraw_forbidden_word(word, by=somebody, now=TEN)


def test_a_packaged_word_cannot_be_taken_away(officer, second):
    """Listing it again and withdrawing that changes nothing."""
    withdraw_forbidden_word(add("老赖", by=officer), by=second, now=TEN)

    assert found("老赖") == ["老赖"]


@pytest.mark.parametrize("word", ["滚", "ab", "  。 ", ""])
def test_too_short_a_word_is_refused(officer, word):
    with pytest.raises(WordRefused):
        add(word, by=officer)


def test_a_word_is_listed_once(officer, second):
    word = add(by=officer)
    with pytest.raises(WordRefused):
        add(by=second)

    withdraw_forbidden_word(word, by=second, now=TEN)
    add(by=second)


@pytest.mark.parametrize("change", ["word = 'x'", "category = 'DEBT'", "note = ''", "added_at = now()"])
def test_the_database_refuses_to_rewrite_a_word(officer, change):
    add(by=officer)

    refused = pytest.raises(ProgrammingError, match="only be withdrawn")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE compliance_forbiddenword SET {change}")


def test_the_database_refuses_to_bring_a_withdrawn_word_back_or_to_delete_one(officer, second):
    word = add(by=officer)
    withdraw_forbidden_word(word, by=second, now=TEN)

    for act in (
        lambda: ForbiddenWord.objects.update(withdrawn_at=None, withdrawn_by=None),
        lambda: ForbiddenWord.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()


def test_free_text_is_refused_with_every_reason_or_gives_its_warnings():
    framed = ContentFacts(sender_names=("包头支行",), framed=True)

    with pytest.raises(Unacceptable) as no:
        ensure_acceptable("老赖，你会坐牢", language="zh-hans", facts=framed)
    warnings = ensure_acceptable("请务必回电", language="zh-hans", facts=framed)

    assert {hit.code for hit in no.value.hits} == {"INSULT", "PRISON"}
    assert "MSG-WORDS" in str(no.value)
    assert [hit.code for hit in warnings] == ["PRESSURE"]


def test_checking_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        hits_in("您好", kind=Kind.MESSAGE, language="zh-hans", facts=FACTS)


def test_every_category_can_be_chosen_and_every_source_and_code_has_words():
    assert set(WordCategory.values) == {category.value for category in Category}
    assert {source.key for rule in RULES for source in rule.sources} == set(SOURCES)
    assert set(MEND) <= set(WRONG)


def test_a_hit_is_told_with_what_is_wrong_and_how_to_mend_it():
    (hit,) = hits_in(whole("老赖"), kind=Kind.MESSAGE, language="zh-hans", facts=FACTS)

    assert "老赖" in what_is_wrong(hit)
    assert sentence(hit).startswith(what_is_wrong(hit))
    assert how_to_mend(hit) in sentence(hit)
    assert as_json(hit)["piece"] == "老赖"


# The admin


@pytest.fixture
def browser(client):
    make_role_groups()

    def sign_in(user):
        put_into_role_groups([user])
        client.force_login(user)
        return client

    return sign_in


ADD = "admin:compliance_forbiddenword_add"
FORM = {"word": "黄牛党", "category": "INSULT", "note": "complaint of May"}


def test_an_officer_adds_a_word_in_the_admin(browser, officer):
    answer = browser(officer).post(reverse(ADD), FORM)

    assert answer.status_code == 302
    assert ForbiddenWord.objects.get().added_by == officer


def test_a_word_that_is_refused_is_told_and_not_written(browser, officer):
    page = browser(officer)

    short = page.post(reverse(ADD), {**FORM, "word": "滚"})
    page.post(reverse(ADD), FORM)
    twice = page.post(reverse(ADD), FORM, follow=True)

    assert short.status_code == 200
    assert short.context["adminform"].form.errors["word"]
    assert [str(one) for one in twice.context["messages"]]
    assert ForbiddenWord.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_others_look_and_do_not_add(browser, role, officer):
    page = browser(UserFactory(role=role))
    word = add(by=officer)

    assert page.get(reverse("admin:compliance_forbiddenword_changelist")).status_code == 200
    assert page.post(reverse(ADD), FORM).status_code == 403
    page.post(
        reverse("admin:compliance_forbiddenword_changelist"),
        {"action": "withdraw", "_selected_action": [word.pk]},
    )
    assert ForbiddenWord.objects.in_force().exists()


def test_a_second_officer_withdraws_in_the_admin(browser, officer, second):
    word = add(by=officer)
    act = {"action": "withdraw", "_selected_action": [word.pk]}
    url = reverse("admin:compliance_forbiddenword_changelist")

    browser(officer).post(url, act)
    assert ForbiddenWord.objects.in_force().exists()
    browser(second).post(url, act)
    assert not ForbiddenWord.objects.in_force().exists()


def test_a_listed_word_is_not_edited(browser, officer):
    word = add(by=officer)

    answer = browser(officer).post(
        reverse("admin:compliance_forbiddenword_change", args=[word.pk]), {**FORM, "word": "别的词语"}
    )

    assert answer.status_code == 403
