import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Address
from tests.desk import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def drawn(answer):
    """What the page hands to the script that draws."""
    text = answer.content.decode().split('<script id="map-data" type="application/json">')[1]
    return json.loads(text.split("</script>")[0])


def test_each_team_has_its_stops_in_order(supervisor, baotou):
    scenes.rounds(baotou, each=3)

    data = drawn(supervisor.get("/admin/map/"))

    assert [[stop["number"] for stop in route["stops"]] for route in data["routes"]] == [[1, 2, 3]] * 2
    first = data["routes"][0]["stops"][0]
    assert first["who"] == "李*"
    assert first["time"] == "10:30–11:00"
    assert first["said"] == ["planned", "high"]
    assert len(first["place"]) == 2


def test_the_page_names_nobody(supervisor, baotou):
    scenes.rounds(baotou)

    assert "李明" not in supervisor.get("/admin/map/").content.decode()


def test_a_stop_without_coordinates_is_listed_and_not_drawn(supervisor, baotou):
    visit, *_others = scenes.rounds(baotou)
    Address.objects.filter(pk=visit.address_id).update(latitude=None, longitude=None)

    page = supervisor.get("/admin/map/")

    places = [stop["place"] for route in drawn(page)["routes"] for stop in route["stops"]]
    assert places.count(None) == 1
    assert "The address has no coordinates." in page.content.decode()


def test_a_proposal_is_shown_until_a_plan_is_accepted(supervisor, baotou):
    plan = scenes.proposed_plan(baotou)

    page = supervisor.get(f"/admin/map/?date={plan.date}")

    assert page.context["shown"].plan == plan
    assert "Plan proposed" in page.content.decode()


def test_another_day_is_another_map(supervisor, baotou):
    scenes.rounds(baotou)

    page = supervisor.get("/admin/map/?date=2026-11-19")

    assert drawn(page)["routes"] == []
    assert "No plan for this day." in page.content.decode()


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "20261120x"])
def test_what_is_no_date_is_not_found(supervisor, date):
    assert supervisor.get("/admin/map/", {"date": date}).status_code == 404


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_shown_too(supervisor, date):
    assert supervisor.get("/admin/map/", {"date": date}).status_code == 200


def test_many_stops_cost_as_many_queries_as_two(auditor, baotou, new_york):
    scenes.rounds(new_york)
    auditor.get("/admin/map/?branch=NY")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/admin/map/?branch=NY")
    scenes.rounds(baotou, each=12)

    with CaptureQueriesContext(connection) as many:
        auditor.get("/admin/map/?branch=BT")

    assert len(many) == len(few) <= 16
