"""Near the end of the contact hours the desk shows who is still at a door, and which records are missing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.visits import factories as visits
from visits.models.on_site import Party, Result
from visits.overruns import watch_overruns

SEVEN_PM = visits.TEN.replace(hour=19)
NINE = SEVEN_PM.replace(hour=21)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch, database_clock):
    def set_clock(now):
        monkeypatch.setattr(timezone, "now", lambda: now)

    database_clock(SEVEN_PM)
    set_clock(SEVEN_PM)
    return set_clock


def at_the_door(branch, **fields):
    return visits.visit_under_way(
        start=SEVEN_PM, case=visits.case_to_visit(branch=branch, now=SEVEN_PM), **fields
    )


@pytest.mark.parametrize(
    ("clock", "level", "said"),
    [
        ((20, 30), "soon", "30 min left"),
        ((20, 50), "now", "10 min left"),
        ((20, 59), "now", "1 min left"),
        ((21, 0), "over", "0 min past the contact hours"),
        ((21, 40), "over", "40 min past the contact hours"),
        ((22, 59), "over", "119 min past the contact hours"),
        ((23, 0), "over", "2 h past the contact hours"),
    ],
)
def test_who_is_still_there_is_shown_with_the_time_that_is_left(supervisor, baotou, at, clock, level, said):
    visit = at_the_door(baotou)
    at(SEVEN_PM.replace(hour=clock[0], minute=clock[1]))

    page = supervisor.get("/admin/")

    (one,) = page.context["closing"].doors
    assert (one.level, one.said, one.team) == (level, said, visit.team.name)
    assert one.url == f"/admin/cases/{visit.case_id}/"
    assert said in page.content.decode()


def test_earlier_there_is_nothing_to_show(supervisor, baotou, at):
    at_the_door(baotou)
    at(SEVEN_PM.replace(hour=20, minute=29))

    page = supervisor.get("/admin/")

    assert not page.context["closing"]
    assert "closing-title" not in page.content.decode()


def test_a_missing_record_is_shown_until_it_comes(supervisor, baotou, at):
    visit = at_the_door(baotou)
    visits.check_out(visit, now=SEVEN_PM)
    at(SEVEN_PM + timedelta(days=1))

    (one,) = supervisor.get("/admin/").context["closing"].missing
    visits.record(visit, party=Party.FAMILY, result=Result.MESSAGE_LEFT, now=SEVEN_PM)

    assert (one.late, one.due) == (True, SEVEN_PM + timedelta(days=1))
    assert not supervisor.get("/admin/").context["closing"]


@pytest.mark.parametrize(
    ("ended", "listed"), [("NOT_YET", [0]), ("CHECKED_OUT", [1]), ("ABORTED", []), ("nonsense", [0, 1])]
)
def test_the_list_can_be_narrowed_by_how_it_ended(auditor, baotou, at, ended, listed):
    made = [at_the_door(baotou) for _ in range(2)]
    watch_overruns(now=NINE)
    visits.check_out(made[1], now=NINE)

    rows = auditor.get(f"/admin/visits/overrun/?ended={ended}").context["cl"].queryset

    assert {row.visit for row in rows} == {made[number] for number in listed}


def test_of_other_branches_nothing_is_shown(supervisor, new_york, at):
    visit = visits.visit_under_way(
        start=SEVEN_PM,
        case=visits.case_to_visit(branch=new_york, time_zones=["Asia/Shanghai"], now=SEVEN_PM),
    )
    visits.check_out(visit, now=SEVEN_PM)

    assert not supervisor.get("/admin/").context["closing"]


def test_an_overrun_waits_for_a_decision_and_its_link_leads_to_it(supervisor, auditor, baotou, at):
    visit = at_the_door(baotou)
    watch_overruns(now=NINE)
    visits.check_out(visit, now=NINE + timedelta(minutes=5))
    at(NINE + timedelta(hours=1))

    for browser in (supervisor, auditor):
        (one,) = (
            it
            for it in browser.get("/admin/").context["waiting"]
            if str(it.title) == "Visits past the contact hours"
        )
        listed = browser.get(one.url)
        assert (one.count, one.pressing, listed.context["cl"].result_count) == (1, True, 1)
        assert "checked out" in listed.content.decode()


def test_many_cost_as_many_queries_as_two(auditor, baotou, at):
    for _ in range(2):
        at_the_door(baotou)
        visits.check_out(at_the_door(baotou), now=SEVEN_PM)
    watch_overruns(now=NINE)
    at(NINE)
    auditor.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/admin/")
    for _ in range(8):
        at_the_door(baotou)
        visits.check_out(at_the_door(baotou), now=SEVEN_PM)

    with CaptureQueriesContext(connection) as many:
        page = auditor.get("/admin/")

    assert len(page.context["closing"].doors) == 10
    assert len(many) == len(few)
