"""The desk: its numbers are the rows behind their links, and it costs the same for one row or fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from followups.models.messages import MessageStatus
from tests.accounts.factories import UserFactory
from tests.desk import scenes
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def numbers_of(page):
    """Every number on the desk that leads to a list: (what, number, address)."""
    for pipeline in page["pipelines"]:
        for step in (*pipeline.steps, pipeline.closed_today):
            yield f"{pipeline.day.branch} {step.stage}", step.count, step.url
            if step.late:
                yield f"{pipeline.day.branch} {step.stage} late", step.late, step.late_url
    for waiting in page["waiting"]:
        yield str(waiting.title), waiting.count, waiting.url
    for refusals in page["refusals"]:
        yield "refusals", refusals.count, refusals.url
        yield from ((line.rule, line.count, line.url) for line in refusals.rules)
    for promises in page["promises"]:
        for due in (*promises.days, promises.ahead, promises.all):
            yield f"promises {due.on}", due.count, due.url
            yield from ((part.status, part.count, part.url) for part in due.parts)
    for messages in page["messages_by_state"]:
        yield from ((line.status, line.count, line.url) for line in messages.lines)


def disagreements(browser, address):
    page = browser.get(address).context
    numbers = list(numbers_of(page))
    assert any(number for _what, number, _url in numbers)
    lists = ((what, number, browser.get(url)) for what, number, url in numbers)
    return [
        (what, number, rows.status_code if rows.context is None else rows.context["cl"].result_count)
        for what, number, rows in lists
        if rows.context is None or rows.context["cl"].result_count != number
    ]


def test_every_number_is_the_rows_behind_its_link(supervisor, baotou, new_york):
    scenes.everything(baotou, each=2)
    scenes.everything(new_york)

    assert disagreements(supervisor, "/admin/") == []


@pytest.mark.parametrize("address", ["/admin/", "/admin/?branch=BT", "/admin/?branch=NY"])
def test_so_it_is_for_who_sees_every_branch(auditor, baotou, new_york, address):
    scenes.everything(baotou, each=2)
    scenes.everything(new_york)

    assert disagreements(auditor, address) == []


def test_the_numbers(supervisor, baotou):
    scenes.everything(baotou, each=2)

    page = supervisor.get("/admin/").context

    steps = {step.stage: step for step in page["pipelines"][0].steps}
    assert steps["VERIFICATION"].count == 2
    assert steps["VERIFICATION"].late == 1
    assert steps["VERIFICATION"].overdue[0].exact == "¥10,000.00"
    assert page["pipelines"][0].closed_today.count == 2
    assert {str(one.title): one.count for one in page["waiting"]} == {
        "Follow-ups overdue": 2,
        "Plans awaiting acceptance": 2,
        "Follow-ups due today": 2,
        "Cases for the supervisor": 2,
    }
    assert page["refusals"][0].count == 2
    assert [(line.rule, line.count) for line in page["refusals"][0].rules] == [("VIS-TEAM", 2)]
    assert (page["promises"][0].today.count, page["promises"][0].ahead.count) == (2, 2)
    lines = {line.status: line.count for line in page["messages_by_state"][0].lines}
    assert (lines[MessageStatus.PENDING], lines[MessageStatus.CANCELLED]) == (2, 2)


def test_an_incident_waits_for_a_decision(supervisor, baotou, database_clock):
    visit, *_others = scenes.rounds(baotou)
    database_clock(scenes.NOW)
    visits.abort(scenes.set_out(visit), now=scenes.NOW)

    (first, *_rest) = supervisor.get("/admin/").context["waiting"]

    assert (str(first.title), first.count, first.pressing) == ("Incidents on visits", 1, True)
    assert first.examples[0].url == f"/admin/cases/{visit.case_id}/"
    assert supervisor.get(first.url).context["cl"].result_count == 1


def test_nothing_waits_on_an_empty_desk(supervisor):
    page = supervisor.get("/admin/")

    assert page.context["waiting"] == []
    assert "Nothing waits for a decision." in page.content.decode()


@pytest.mark.parametrize("address", ["/admin/", "/admin/?branch=BT"])
def test_fifty_rows_cost_as_many_queries_as_one(auditor, baotou, address):
    scenes.everything(baotou)
    auditor.get(address)
    with CaptureQueriesContext(connection) as few:
        auditor.get(address)
    scenes.portfolio(baotou, each=9)
    scenes.rounds(baotou, each=1, date=scenes.local(baotou).date() + scenes.DAY)
    for _number in range(49):
        scenes.follow_up(baotou)
        scenes.promised(baotou)
        scenes.message(baotou)
        scenes.refused(baotou)

    with CaptureQueriesContext(connection) as many:
        auditor.get(address)

    assert len(many) == len(few) <= 34


def test_fifty_visits_cost_as_many_queries_as_two(supervisor, baotou, new_york, auditor):
    scenes.rounds(new_york)
    auditor.get("/admin/?branch=NY")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/admin/?branch=NY")
    scenes.rounds(baotou, each=12)

    with CaptureQueriesContext(connection) as many:
        page = auditor.get("/admin/?branch=BT")

    assert sum(len(lane.blocks) for lane in page.context["rounds"][0].lanes) == 24
    assert len(many) == len(few)


def test_a_team_is_shown_where_it_is(supervisor, baotou, database_clock):
    visit, *_others = scenes.rounds(baotou, each=2)
    database_clock(scenes.NOW)
    scenes.set_out(visit)

    rounds = supervisor.get("/admin/").context["rounds"][0]

    lane = next(lane for lane in rounds.lanes if lane.team == visit.team)
    assert lane.now == "With 李* since 10:30"
    assert [block.real is not None for block in lane.blocks] == [True, False]
    assert [(tally.status, tally.count) for tally in lane.tallies] == [("PLANNED", 1), ("UNDER_WAY", 1)]
    other = next(lane for lane in rounds.lanes if lane.team != visit.team)
    assert other.now == "Next: 李* at 10:30"
    (escorted,) = (one for one in rounds.lanes if Role.SECURITY_OFFICER in {who.role for who in one.members})
    assert escorted.members[-1].role == Role.SECURITY_OFFICER


def test_the_clock_and_the_hours_are_the_branches_own(auditor, baotou, new_york):
    page = auditor.get("/admin/").content.decode()

    assert "Contact hours, until 21:00" in page
    assert "No contact now; hours begin at 08:00" in page
    assert "Nov. 19, 2026" in page
    assert "Nov. 20, 2026" in page


def test_names_are_masked(supervisor, baotou):
    scenes.everything(baotou)

    page = supervisor.get("/admin/").content.decode()

    assert "李*" in page
    assert "李明" not in page


def test_a_supervisor_is_offered_no_other_branch(supervisor, baotou, new_york):
    scenes.everything(new_york)

    page = supervisor.get("/admin/")

    assert [day.branch for day in page.context["scope"].days] == [baotou]
    assert page.context["pipelines"][0].open_cases == 0
    assert supervisor.get("/admin/?branch=NY").status_code == 404
    assert supervisor.get("/admin/map/?branch=NY").status_code == 404


@pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.SECURITY_OFFICER])
def test_field_staff_do_not_come_in(client, baotou, role):
    agent = UserFactory(role=role, branch=baotou, username="agent")
    agent.set_password("a long pass phrase")
    agent.save()

    answer = client.post("/admin/login/", {"username": "agent", "password": "a long pass phrase"})

    assert answer.status_code == 200  # the form again
    client.force_login(agent)
    assert client.get("/admin/").status_code == 302


def test_who_sees_all_branches_may_not_change_anything_there(auditor, baotou):
    scenes.everything(baotou)
    assert auditor.get("/admin/").status_code == 200
    assert auditor.post("/admin/").status_code == 405
    assert auditor.get("/admin/followups/followup/add/").status_code == 403
