"""The rule book as it is read."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models.staff import Role
from compliance.amendments import AMENDABLE, approve_amendment, propose_amendment
from compliance.content.book import RULES
from compliance.content.rule import Kind
from compliance.content_reading import KINDS, readable_content_rules
from compliance.models import LegalSource
from compliance.rulebook import readable_book
from compliance.rules import BOOK
from tests.accounts.factories import UserFactory
from tests.compliance.asking import NOON, at

pytestmark = pytest.mark.django_db


def book(moment=NOON):
    return {one.rule.id: one for section in readable_book(at=moment) for one in section.rules}


def test_every_rule_stands_in_one_section(django_assert_num_queries):
    with django_assert_num_queries(2):
        sections = readable_book(at=NOON)

    ids = [one.rule.id for section in sections for one in section.rules]
    assert sorted(ids) == sorted(rule.id for rule in BOOK)


def test_no_rule_without_a_text_somebody_read_is_called_more_than_bank_policy():
    with translation.override("en"):
        rules = book().values()

    for one in rules:
        read = any(source.verification in ("CONFIRMED", "SECONDARY") for source in one.sources)
        assert read or one.authority == "bank policy", one.rule.id


def test_a_source_found_wanting_turns_the_rule_into_bank_policy():
    with translation.override("en"):
        assert book()["WIN-CN"].authority == "national standard"
        LegalSource.objects.filter(key__in=["CBA-2026", "GBT-45251"]).update(verification="NOT_FOUND")
        assert book()["WIN-CN"].authority == "bank policy"


def test_an_amendment_is_shown_from_its_instant_on():
    officer, other = (UserFactory(role=Role.COMPLIANCE_OFFICER) for _one in range(2))
    usual = {param.name: param.value for param in AMENDABLE["WIN-BANK"].settings}
    since = at(15)
    amendment = propose_amendment(
        rule="WIN-BANK",
        settings={**usual, "closes": 19 * 3600},
        effective_from=since,
        reason="calm",
        by=officer,
        now=NOON,
    )
    approve_amendment(amendment, by=other, now=NOON)

    before, after = (book(moment)["WIN-BANK"] for moment in (since - timedelta(microseconds=1), since))

    assert [(one.value, one.amended) for one in before.settings] == [("08:00", False), ("21:00", False)]
    assert [(one.value, one.amended) for one in after.settings] == [("08:00", False), ("19:00", True)]
    assert [one.limit for one in after.settings] == ["08:00", "21:00"]
    assert (before.amendment, before.since) == (0, None)
    assert (after.amendment, after.since) == (1, since)


def test_who_may_override_follows_the_decision():
    with translation.override("en"):
        rules = book()

    assert rules["WIN-BANK"].overriders == ()
    assert len(rules["HOL-VISIT"].overriders) == 2


def test_every_rule_of_the_gate_names_its_tests():
    assert [one.rule.id for one in book().values() if one.rule.check and len(one.tests) < 3] == []


def test_the_rules_about_texts_are_all_there_in_either_language():
    for language, title in (("en", RULES[0].title_en), ("zh-hans", RULES[0].title_zh)):
        with translation.override(language):
            found = readable_content_rules()
        assert [one.rule for one in found] == list(RULES)
        assert found[0].title == title
        assert all(one.sources and one.kinds for one in found)


def test_every_kind_of_text_has_its_name():
    assert set(KINDS) == set(Kind)
