"""One decision in full."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from compliance.decided import NoSuchDecision, explain
from compliance.gate import Purpose
from compliance.models import AuditEntry, Refusal
from compliance.overrides import approve_override, request_override
from compliance.terms import OverrideReason
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, refused, sms


@pytest.fixture
def case(db):
    return overdue_case(now=NOON)


@pytest.fixture
def agent(case):
    return UserFactory(role=Role.FIELD_AGENT, branch=case.branch)


@pytest.fixture
def auditor(db):
    return UserFactory(role=Role.AUDITOR)


def test_a_refusal_says_which_rule_under_which_settings_and_when_it_would_be_none(case, agent, auditor):
    no = refused(sms(case, at(22)), by=agent, now=at(22))

    told = explain("refusal", no.pk, user=auditor)

    hit = next(one for one in told.stops if one.rule == "WIN-BANK")
    assert (hit.version, hit.amendment, hit.severity) == (1, 0, 4)
    assert tuple(value for _name, value in hit.settings) == ("08:00", "21:00")
    assert hit.next == at(8, day=24)
    assert hit.origin.sources
    assert told.next_allowed_at == at(8, day=24)
    assert (told.allowed, told.contact, told.override, told.difference) == (False, None, None, None)


def test_rules_that_were_asked_and_those_that_hit_are_all_that_bind(case, agent, auditor):
    no = refused(sms(case, at(22)), by=agent, now=at(22))

    told = explain("refusal", no.pk, user=auditor)

    passed, hit = {one.rule for one in told.passed}, {one.rule for one in [*told.stops, *told.remarks]}
    assert not passed & hit
    assert {"WIN-BANK", "WIN-CN"} <= hit
    assert {"FRQ-SMS", "ST-COURT", "TZ-UNKNOWN"} <= passed


def test_a_clearance_leads_to_its_contact_and_its_entry(case, agent, auditor):
    made = make(sms(case), by=agent, now=NOON)

    told = explain("clearance", made.clearance_id, user=auditor)

    assert told.contact == made
    assert {one.rule for one in told.passed} == {rule for rule, _version in made.clearance.rules}
    entry = AuditEntry.objects.get(subject=f"compliance.clearance:{made.clearance_id}")
    assert told.entry == entry


def test_an_override_is_shown_from_both_sides(case, agent, auditor):
    for day in range(17, 24):
        make(sms(case, at(9, day=day), Purpose.VISIT_NOTICE), by=agent, now=at(9, day=day))
    no = refused(sms(case, purpose=Purpose.VISIT_NOTICE), by=agent, now=NOON)
    asker, decider = (UserFactory(role=Role.SUPERVISOR, branch=case.branch) for _one in range(2))
    override = request_override(
        refusal=no, reason_code=OverrideReason.CUSTOMER_ASKED, reason="asked", by=asker, now=NOON
    )
    approve_override(override, note="seen", by=decider, now=NOON)
    made = make(sms(case, at(13), Purpose.VISIT_NOTICE), by=agent, now=at(13))

    before = explain("refusal", no.pk, user=auditor)
    after = explain("clearance", made.clearance_id, user=auditor)

    assert before.override == after.override == override
    assert [one.rule for one in after.remarks if one.override] == ["FRQ-7D"]
    assert after.difference is None


def test_what_was_altered_differs(case, agent, auditor, monkeypatch):
    no = refused(sms(case, at(22)), by=agent, now=at(22))
    row = Refusal.objects.select_related("policy", "customer__branch", "asked_by").get(pk=no.pk)
    row.severity = 1
    monkeypatch.setattr("compliance.decided._found", lambda *_asked: row)

    assert explain("refusal", no.pk, user=auditor).difference.what == "severity"


def test_the_birthday_is_left_out(case, agent, auditor):
    no = refused(sms(case, at(22)), by=agent, now=at(22))

    told = explain("refusal", no.pk, user=auditor)

    assert "birth_date" in no.facts
    assert "birth_date" not in told.facts


def test_only_those_find_it_who_may_see_it(case, agent):
    no = refused(sms(case, at(22)), by=agent, now=at(22))
    here = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
    there = UserFactory(role=Role.SUPERVISOR, branch=BranchFactory(code="ELSE"))

    assert explain("refusal", no.pk, user=here).entry is None  # the audit chain is not a supervisor's to read
    for kind, id_, user in (
        ("refusal", no.pk, there),
        ("refusal", no.pk, agent),
        ("clearance", no.pk, here),
        ("contact", no.pk, here),
        ("refusal", uuid4(), here),
    ):
        with pytest.raises(NoSuchDecision):
            explain(kind, id_, user=user)


def test_the_queries_do_not_grow_with_the_hits(case, agent, auditor):
    few = refused(sms(case, at(22)), by=agent, now=at(22))
    with CaptureQueriesContext(connection) as one:
        explain("refusal", few.pk, user=auditor)

    assert len(one) <= 5
