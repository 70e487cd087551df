"""A decision is made again from what it stored, and a change of what was stored comes out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models.staff import Role
from compliance.models import AuditEntry, Clearance, Refusal
from compliance.replay import replay, replay_sample
from compliance.restrictions import enter_restriction
from compliance.rules import UnknownRule, packaged, rebuilt
from compliance.storing import facts_as_json, facts_from_json
from compliance.tasks import replay_decisions_nightly
from compliance.terms import RestrictionKind
from compliance.verdicts import Verdict
from tests.accounts.factories import UserFactory, overdue_case
from tests.compliance.asking import NOON, at, cleared, make, refused, sms
from tests.compliance.rules.ordinary import ORDINARY, SMS


@pytest.fixture
def case(db):
    return overdue_case(now=NOON)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def some_decisions(case, officer):
    make(sms(case), by=officer, now=NOON)
    refused(sms(case, at(13)), by=officer, now=at(13))
    refused(sms(case, at(21)), by=officer, now=at(21))
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.DISPUTE,
        channels=[],
        starts_at=at(14),
        ends_at=None,
        evidence="letter",
        by=officer,
        now=at(14),
    )
    refused(sms(case, at(15)), by=officer, now=at(15))
    return [*Clearance.objects.all(), *Refusal.objects.all()]


def test_every_kind_of_decision_comes_out_the_same(case, officer):
    decisions = some_decisions(case, officer)

    assert [replay(one) for one in decisions] == [None] * 4


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("severity", 1, "severity"),
        ("next_allowed_at", NOON, "next_allowed_at"),
        ("reasons", [], "reasons"),
        ("facts", {"at": "nonsense"}, "facts"),
    ],
)
def test_what_somebody_changed_in_the_row_comes_out(case, officer, field, value, what):
    refusal = refused(sms(case, at(21)), by=officer, now=at(21))
    setattr(refusal, field, value)

    assert replay(refusal).what == what


def test_a_changed_fact_changes_the_decision(case, officer):
    refusal = refused(sms(case, at(21)), by=officer, now=at(21))
    refusal.facts = {**refusal.facts, "at": NOON.isoformat(), "until": NOON.isoformat()}

    assert replay(refusal).what == "allowed"


def test_a_rule_the_release_does_not_know_is_said(case, officer):
    with cleared(sms(case), by=officer, now=NOON) as clearance:
        pass
    clearance.policy.content = [["GONE", 1, 0, 3, {}]]

    difference = replay(clearance)
    assert difference.what == "facts"
    assert "GONE" in difference.again
    with pytest.raises(UnknownRule):
        rebuilt([["GONE", 1, 0, 3, {}]])


def test_the_nightly_sample_reports_what_differs(case, officer, monkeypatch):
    some_decisions(case, officer)
    assert replay_sample(now=at(16)) == (4, [])
    night = at(2, day=24)
    monkeypatch.setattr("django.utils.timezone.now", lambda: night)
    monkeypatch.setattr("compliance.replay.judge", lambda facts, policy: verdict_of(facts, policy))

    replay_decisions_nightly()

    # three refusals come out as passed; the clearance was one already
    assert AuditEntry.objects.filter(kind="INCIDENT").count() == 3


def verdict_of(facts, policy):
    """A release whose rules have become laxer unnoticed."""
    return Verdict(facts, policy, (), (), facts.at + timedelta(days=1))


def test_facts_stay_small_and_complete(case, officer):
    with cleared(sms(case), by=officer, now=NOON) as clearance:
        pass

    assert "name" not in clearance.facts
    assert facts_from_json(clearance.facts).zones == ("Asia/Shanghai",)
    assert len(str(clearance.facts)) < 2500


def test_facts_come_back_as_they_went(case):
    facts = replace(SMS, calendar=ORDINARY)
    again = facts_from_json(facts_as_json(facts))

    assert packaged().evaluate(again) == packaged().evaluate(facts)
    assert again.contacts == facts.contacts
    assert again.at == facts.at
