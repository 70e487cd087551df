import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Verification
from accounts.models.staff import Role
from compliance.restrictions import enter_restriction
from compliance.terms import Channel, RestrictionKind
from tests.accounts.factories import AccountFactory, AddressFactory, CaseFactory, PhoneFactory, UserFactory
from tests.desk import scenes
from tests.followups import factories as followups
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = scenes.NOW
DAY = scenes.DAY


def page_of(case):
    return f"/admin/cases/{case.pk}/"


@pytest.fixture
def case(baotou):
    return visits.case_to_visit(now=NOW - DAY, branch=baotou)


def file_of(browser, case):
    return browser.get(page_of(case)).context["file"]


def test_who_and_what_is_owed(supervisor, case):
    page = supervisor.get(page_of(case)).content.decode()

    assert "李*" in page
    assert "¥5,000.00" in page
    assert case.customer.identity_number_masked in page
    assert case.customer.phones.get().number_masked in page


def test_nothing_is_in_clear(supervisor, case):
    page = supervisor.get(page_of(case)).content.decode()

    assert "李明" not in page
    assert case.customer.unseal_identity_number() not in page
    assert case.customer.phones.get().unseal_number() not in page
    assert "1988-01" not in page


def test_the_checklist_tells_valid_from_expired_invalid_and_missing(supervisor, case):
    items = Verification.objects.filter(customer=case.customer)
    items.filter(kind="IDENTITY").update(expires_at=NOW)
    items.filter(kind="PHONE").update(status="INVALID", finding="No valid number is known.")
    items.filter(kind="ADDRESS").delete()

    states = {check.kind: check.state for check in file_of(supervisor, case).checks}

    assert states == {"IDENTITY": "expired", "PHONE": "invalid", "ADDRESS": "missing", "BALANCE": "valid"}


def test_what_the_gate_would_say_and_until_when(supervisor, case):
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.HOSPITAL,
        channels=[Channel.VISIT],
        starts_at=NOW - DAY,
        ends_at=NOW + DAY,
        evidence="letter of the hospital",
        by=UserFactory(role=Role.COMPLIANCE_OFFICER),
        now=NOW - DAY,
    )

    file = file_of(supervisor, case)

    doors = {door.channel: door for door in file.doors}
    assert not doors[Channel.VISIT].allowed
    assert doors[Channel.VISIT].reasons[0][0] == "in hospital or recovering"
    assert doors[Channel.VISIT].next_allowed_at == NOW + DAY
    assert doors[Channel.SMS].allowed
    assert [one.kind for one in file.restrictions] == ["HOSPITAL"]
    assert not file.refusals  # looking leaves no trace


def test_everything_that_happened_is_in_order(supervisor, case, baotou):
    scenes.refused(baotou, case=case, now=NOW - timedelta(hours=2))
    followups.promise(case, now=NOW - timedelta(hours=1))

    happenings = file_of(supervisor, case).happenings

    assert [one.at for one in happenings] == sorted((one.at for one in happenings), reverse=True)
    assert {"gate", "promise", "risk", "case"} <= {one.kind for one in happenings}
    told = next(one for one in happenings if one.kind == "gate")
    assert told.told == "1 members of staff would be present; from 2 to 4 are required."


def test_a_visit_is_shown_with_its_record(supervisor, baotou, database_clock):
    visit, *_others = scenes.rounds(baotou)
    database_clock(NOW)
    visits.record(scenes.set_out(visit), now=NOW, notes="Will pay on Friday.")

    page = supervisor.get(page_of(visit.case)).content.decode()

    assert "promise to pay" in page
    assert "Will pay on Friday." in page


def test_a_case_without_anything_is_shown_too(supervisor, baotou):
    bare = CaseFactory(customer__branch=baotou, customer__time_zones=[], opened_at=NOW)

    page = supervisor.get(page_of(bare))

    assert page.status_code == 200
    assert "Not assessed yet." in page.content.decode()
    assert "unknown: every hour is closed" in page.content.decode()


def test_the_case_of_another_branch_does_not_exist(supervisor, new_york):
    foreign = visits.case_to_visit(now=NOW - DAY, branch=new_york)

    assert supervisor.get(page_of(foreign)).status_code == 404
    assert supervisor.get(f"/admin/cases/{uuid.uuid4()}/").status_code == 404


def test_an_auditor_reads_every_case_and_may_show_nothing(auditor, case):
    page = auditor.get(page_of(case))

    assert page.status_code == 200
    assert "Show once" not in page.content.decode()


def test_fifty_rows_cost_as_many_queries_as_one(supervisor, case, baotou):
    scenes.refused(baotou, case=case, now=NOW - DAY)
    followups.promise(case, now=NOW - DAY)
    followups.message(case, due_at=NOW - DAY)
    supervisor.get(page_of(case))
    with CaptureQueriesContext(connection) as few:
        supervisor.get(page_of(case))
    for kind in ("REGISTERED", "WORK"):
        AddressFactory(customer=case.customer, kind=kind)
    for number in range(49):
        AccountFactory(customer=case.customer)
        PhoneFactory(customer=case.customer)
        scenes.refused(baotou, case=case, now=NOW - timedelta(hours=2, minutes=number))
        followups.promise(case, amount=f"{number + 1}.00", now=NOW - DAY)
        followups.message(case, due_at=NOW - DAY)

    with CaptureQueriesContext(connection) as many:
        supervisor.get(page_of(case))

    assert len(many) == len(few) <= 45


def test_the_list_of_cases_leads_here(supervisor, case):
    page = supervisor.get("/admin/accounts/case/").content.decode()

    assert page_of(case) in page
