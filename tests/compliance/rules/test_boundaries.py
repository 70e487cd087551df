"""Every rule of the gate at its boundaries, and the book as a whole."""

import json

import pytest
from django.utils.module_loading import import_string

from compliance import wording
from compliance.rules import BOOK, packaged
from compliance.rules.rule import Authority, Decision, PolicySet
from compliance.rules.sources import PACKAGED, READ
from compliance.wording.book import SETTINGS
from tests.compliance.rules.boundaries import BOUNDARIES
from tests.compliance.rules.tested_by import TESTED_BY

POLICY = packaged()
ALL = [(rule, case) for rule, cases in BOUNDARIES.items() for case in cases]


def decision_of(rule, facts):
    return next((hit.decision for hit in POLICY.evaluate(facts) if hit.rule == rule), None)


@pytest.mark.parametrize(("rule", "case"), ALL, ids=lambda it: getattr(it, "name", it))
def test_boundary(rule, case):
    assert decision_of(rule, case.facts) == case.says


@pytest.mark.parametrize("rule", [one for one in BOOK if one.check], ids=lambda rule: rule.id)
def test_every_rule_of_the_gate_has_three_boundaries_and_both_answers(rule):
    cases = BOUNDARIES[rule.id]

    assert len(cases) >= 3
    assert len({case.name for case in cases}) == len(cases)
    assert {case.says is None for case in cases} == {True, False}


def test_every_boundary_is_of_a_rule():
    assert set(BOUNDARIES) == {rule.id for rule in BOOK if rule.check}


def test_the_book_names_its_tests():
    """Make it anew with `python -m tests.compliance.rules.tested_by`."""
    kept = json.loads(TESTED_BY.read_text(encoding="utf-8"))

    assert kept == {rule: [case.name for case in cases] for rule, cases in BOUNDARIES.items()}


def test_rule_ids_are_unique_and_titled():
    ids = [rule.id for rule in BOOK]

    assert len(ids) == len(set(ids))
    assert set(ids) <= set(wording.TITLES)


@pytest.mark.parametrize("rule", BOOK, ids=lambda rule: rule.id)
def test_a_rule_has_sources_that_are_known(rule):
    assert rule.sources
    assert set(rule.sources) <= set(PACKAGED)


@pytest.mark.parametrize("rule", BOOK, ids=lambda rule: rule.id)
def test_a_rule_without_a_confirmed_or_read_source_is_bank_policy(rule):
    if not any(PACKAGED[key].verification in READ for key in rule.sources):
        assert rule.authority == Authority.BANK_POLICY


def test_bank_policy_alone_is_the_banks():
    for rule in BOOK:
        if rule.policy == PolicySet.BANK:
            assert rule.authority == Authority.BANK_POLICY


@pytest.mark.parametrize("rule", [one for one in BOOK if one.kept_by], ids=lambda rule: rule.id)
def test_what_keeps_a_rule_exists(rule):
    assert callable(import_string(rule.kept_by))


def test_every_source_is_used_and_says_something_in_both_languages():
    for source in PACKAGED.values():
        assert source.name_zh
        assert source.name_en
        assert source.says_zh
        assert source.says_en


@pytest.mark.parametrize("rule", [one for one in BOOK if one.check], ids=lambda rule: rule.id)
def test_packaged_settings_are_within_their_limits(rule):
    for setting in rule.settings:
        assert not setting.looser_than_limit(setting.value)
        assert setting.least <= setting.value <= setting.most
        assert setting.name in SETTINGS


def test_there_is_a_policy_set_for_every_country_named():
    assert {rule.policy for rule in BOOK} == set(PolicySet)
    assert all(decision in wording.DECISIONS for decision in Decision)
