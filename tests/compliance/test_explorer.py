"""The list of decisions: everything that matches, once, in constant queries, for those who may see it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from compliance import explorer
from compliance.explorer import Wanted, decisions
from compliance.models import Clearance, Refusal
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.compliance.asking import NOON, at, call, make, refused, sms

DAY = timedelta(days=1)
ANY = {"since": NOON - DAY, "until": NOON + 3 * DAY}


@pytest.fixture
def auditor(db):
    return UserFactory(role=Role.AUDITOR)


@pytest.fixture
def agent(db):
    return UserFactory(role=Role.FIELD_AGENT, username="agent-chen")


@pytest.fixture
def case(db):
    return overdue_case(now=NOON)


def seen(user, **wanted):
    return decisions(Wanted(**{**ANY, **wanted}), user=user)


def copies(row, number):
    """The same decision again, at the same instant."""
    model = type(row)
    found = []
    for _one in range(number):
        row.pk, row._state.adding = uuid4(), True
        found.append(
            model.objects.create(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
        )
    return found


def test_who_when_what_and_why(case, agent, auditor):
    made = make(sms(case), by=agent, now=NOON)
    no = refused(sms(case, at(22)), by=agent, now=at(22))

    first, second = seen(auditor)

    assert (first.id, first.allowed, first.asked_by) == (no.pk, False, "agent-chen")
    assert "WIN-BANK" in first.rules
    assert first.next_allowed_at == at(8, day=24)
    assert first.customer == f"李* {case.customer.bank_number}"
    assert first.branch == case.branch.name
    assert (second.id, second.allowed, second.rules) == (made.clearance_id, True, ())


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, 3),
        ({"answer": "YES"}, 1),
        ({"answer": "NO"}, 2),
        ({"answer": "OVERRIDDEN"}, 0),
        ({"channel": "CALL"}, 1),
        ({"rule": "WIN-BANK"}, 2),
        ({"rule": "ST-COURT"}, 0),
        ({"person": "agent-chen"}, 3),
        ({"person": "nobody"}, 0),
        ({"customer": "nobody"}, 0),
        ({"until": NOON}, 0),
        ({"since": NOON + timedelta(microseconds=1)}, 2),
        ({"since": at(22)}, 2),
        ({"until": at(22)}, 1),
    ],
)
def test_each_filter_finds_its_own(case, agent, auditor, wanted, found):
    make(sms(case), by=agent, now=NOON)
    refused(sms(case, at(22)), by=agent, now=at(22))
    refused(call(case, at(22, 30)), by=agent, now=at(22, 30))

    assert len(seen(auditor, **wanted)) == found


def test_a_customer_and_a_branch_are_found_by_their_codes(case, agent, auditor):
    elsewhere = overdue_case(now=NOON, branch=BranchFactory(code="ELSE"))
    no = refused(sms(case, at(22)), by=agent, now=at(22))
    other = refused(sms(elsewhere, at(22)), by=agent, now=at(22))

    assert [one.id for one in seen(auditor, customer=case.customer.bank_number)] == [no.pk]
    assert [one.id for one in seen(auditor, branch="ELSE")] == [other.pk]


def test_a_supervisor_sees_their_branch_and_an_agent_nothing(case, agent):
    refused(sms(case, at(22)), by=agent, now=at(22))
    here = UserFactory(role=Role.SUPERVISOR, branch=case.branch)
    there = UserFactory(role=Role.SUPERVISOR, branch=BranchFactory(code="ELSE"))

    assert [len(seen(user)) for user in (here, there, agent)] == [1, 0, 0]


def test_paging_loses_and_doubles_nothing_at_equal_instants(case, agent, auditor, monkeypatch):
    monkeypatch.setattr(explorer, "PAGE", 3)
    make(sms(case), by=agent, now=NOON)
    refused(sms(case, at(22)), by=agent, now=at(22))
    copies(Clearance.objects.get(), 4)
    again = copies(Refusal.objects.get(), 4)
    Refusal.objects.bulk_create(_moved(again, NOON))

    pages, after = [], None
    while True:
        found = seen(auditor, after=after)
        pages.append([one.id for one in found[:3]])
        if len(found) <= 3:
            break
        after = found[2].place

    everything = [one for page in pages for one in page]
    assert len(everything) == len(set(everything)) == Clearance.objects.count() + Refusal.objects.count()
    assert [len(page) for page in pages] == [3, 3, 3, 3, 2]


def _moved(rows, moment):
    for row in rows:
        row.pk, row._state.adding, row.decided_at = uuid4(), True, moment
        yield row


def test_one_query_however_many_rows(case, agent, auditor):
    refused(sms(case, at(22)), by=agent, now=at(22))
    make(sms(overdue_case(now=NOON)), by=agent, now=NOON)
    counts = []
    for more in (0, 12):
        copies(Refusal.objects.first(), more)
        with CaptureQueriesContext(connection) as queries:
            rows = seen(auditor)
        counts.append((len(rows), len(queries)))

    assert counts == [(2, 1), (14, 1)]
