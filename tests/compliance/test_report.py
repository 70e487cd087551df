"""The report's numbers are those of the rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from compliance.explorer import Wanted, decisions
from compliance.gate import Purpose
from compliance.overrides import approve_override, reject_override, request_override
from compliance.report import compliance_report
from compliance.terms import OverrideReason
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, call, make, refused, sms

DAY = timedelta(days=1)
PERIOD = {"since": at(0), "until": at(0, day=24)}


@pytest.fixture
def auditor(db):
    return UserFactory(role=Role.AUDITOR)


@pytest.fixture
def agent(db):
    return UserFactory(role=Role.FIELD_AGENT, username="chen", last_name="陈", first_name="晓")


def eighth_contacts(cases, agent):
    """A refusal for each case that two people may override; all customers of the tests are one person."""
    for day in range(17, 24):
        make(sms(cases[0], at(9, day=day), Purpose.VISIT_NOTICE), by=agent, now=at(9, day=day))
    return [refused(sms(case, purpose=Purpose.VISIT_NOTICE), by=agent, now=NOON) for case in cases]


def requested(refusal, branch, *, decide=None):
    asker, decider = (UserFactory(role=Role.SUPERVISOR, branch=branch) for _one in range(2))
    override = request_override(
        refusal=refusal,
        reason_code=OverrideReason.CUSTOMER_ASKED,
        reason="asked",
        by=asker,
        now=NOON,
    )
    if decide:
        decide(override, note="seen", by=decider, now=NOON)
    return asker


def lines(found):
    return {one.key: one.count for one in found}


def test_refusals_by_rule_branch_and_person_are_the_rows_of_the_list(auditor, agent):
    here, there = (overdue_case(now=NOON, branch=BranchFactory(code=code)) for code in ("HERE", "THERE"))
    refused(sms(here, at(22)), by=agent, now=at(22))
    refused(call(here, at(22)), by=agent, now=at(22))
    refused(sms(there, at(22)), by=UserFactory(username="wang"), now=at(22))
    refused(sms(there, at(22, day=24)), by=agent, now=at(22, day=24))  # the day after

    found = compliance_report(**PERIOD, user=auditor)

    assert found.refusals == 3
    assert lines(found.refusals_by_branch) == {"HERE": 2, "THERE": 1}
    assert lines(found.refusals_by_person) == {"chen": 2, "wang": 1}
    for key, tables in (
        ("rule", found.refusals_by_rule),
        ("branch", found.refusals_by_branch),
        ("person", found.refusals_by_person),
    ):
        for line in tables:
            wanted = Wanted(**PERIOD, answer="NO", **{key: line.key})
            assert line.count == len(decisions(wanted, user=auditor))
    assert next(one.name for one in found.refusals_by_person if one.key == "chen") == "陈晓"


def test_overrides_and_how_many_were_approved(auditor, agent):
    branch = BranchFactory(code="HERE")
    cases = [overdue_case(now=NOON, branch=branch) for _one in range(3)]
    refusals = eighth_contacts(cases, agent)
    first = requested(refusals[0], branch, decide=approve_override)
    requested(refusals[1], branch, decide=reject_override)
    requested(refusals[2], branch)

    found = compliance_report(**PERIOD, user=auditor)

    assert (found.overrides, found.approved, found.rejected, found.decided) == (3, 1, 1, 2)
    assert [(one.key, one.count, one.part) for one in found.overrides_by_rule] == [("FRQ-7D", 3, 1)]
    assert [(one.key, one.count, one.part) for one in found.overrides_by_branch] == [("HERE", 3, 1)]
    assert {one.key: (one.count, one.part) for one in found.overrides_by_requester}[first.username] == (1, 1)
    assert sorted((one.count, one.part) for one in found.overrides_by_decider) == [(1, 0), (1, 1)]


def test_a_supervisor_counts_their_branch_and_nobody_counts_nothing(agent):
    case = overdue_case(now=NOON, branch=BranchFactory(code="HERE"))
    refused(sms(case, at(22)), by=agent, now=at(22))
    refused(sms(overdue_case(now=NOON, branch=BranchFactory(code="THERE")), at(22)), by=agent, now=at(22))
    supervisor = UserFactory(role=Role.SUPERVISOR, branch=case.branch)

    assert lines(compliance_report(**PERIOD, user=supervisor).refusals_by_branch) == {"HERE": 1}
    assert compliance_report(**PERIOD, user=agent).refusals == 0


def test_the_queries_do_not_grow(auditor, agent):
    case = overdue_case(now=NOON)
    counts = []
    for minute in (1, 12):
        for one in range(minute):
            refused(sms(case, at(22, minute, one)), by=agent, now=at(22, minute, one))
        with CaptureQueriesContext(connection) as queries:
            compliance_report(**PERIOD, user=auditor)
        counts.append(len(queries))

    assert counts == [9, 9]
