"""What was stopped today, teams to be called away, and restrictions to be looked at again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.models.staff import Role
from compliance.area_restrictions import enter_area_restriction
from compliance.restrictions import enter_restriction
from compliance.special_care import EFFECTS
from compliance.terms import RestrictionKind
from tests.accounts.people import make_everybody_somebody_else
from tests.desk import scenes
from tests.desk.scenes import DAY, HOUR, NOW

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


def restrict(case, kind=RestrictionKind.BEREAVEMENT, *, now=NOW):
    return enter_restriction(
        customer=case.customer, kind=kind, channels=[], starts_at=now, ends_at=None, evidence="no. 17",
        evidence_kind=EFFECTS[kind].proof[0], by=User.objects.system(), now=now,
    )  # fmt: skip


def waiting(page):
    return {str(one.title): one for one in page.context["waiting"]}


def test_a_stop_is_told_with_its_reason_and_what_it_called_off(supervisor, baotou):
    visit, *_others = scenes.rounds(baotou)
    restrict(visit.case)
    restrict(scenes.for_the_supervisor(baotou), now=NOW - DAY)

    page = supervisor.get("/admin/")

    (today,) = page.context["stops"]
    assert today.count == 1
    (line,) = today.lines
    assert (line.who, line.why) == (visit.customer.masked_name, "death in the family")
    assert line.what == "visits called off: 1"
    assert "visits called off: 1 ·" in page.content.decode()


def test_an_area_is_told_by_its_name(supervisor, baotou):
    visit, *_others = scenes.rounds(baotou)

    enter_area_restriction(
        prefix="15", name="内蒙古", starts_at=NOW, ends_at=None, declared_by="x", evidence="x",
        by=User.objects.system(), now=NOW,
    )  # fmt: skip

    (line,) = supervisor.get("/admin/").context["stops"][0].lines
    assert (line.who, line.what) == ("内蒙古", "visits called off: 2")
    file = supervisor.get(f"/admin/cases/{visit.case_id}/").context["file"]
    assert [str(one) for one in file.restrictions] == ["内蒙古 15"]


def test_another_branch_is_none_of_hers(supervisor, new_york):
    restrict(scenes.for_the_supervisor(new_york))

    page = supervisor.get("/admin/")

    assert [one.count for one in page.context["stops"]] == [0]
    assert "Nobody's contact was stopped today." in page.content.decode()


def test_a_team_at_the_door_is_the_most_pressing(supervisor, baotou, database_clock):
    visit, *_others = scenes.rounds(baotou)
    database_clock(NOW)
    scenes.set_out(visit)
    restrict(visit.case)

    page = supervisor.get("/admin/")

    first = page.context["waiting"][0]
    assert (str(first.title), first.count, first.pressing) == (
        "Teams to be called away from the door",
        1,
        True,
    )
    assert supervisor.get(first.url).context["cl"].result_count == 1


def test_a_review_waits_for_the_one_who_may_lift(supervisor, browser_of, baotou):
    restrict(scenes.for_the_supervisor(baotou), RestrictionKind.DISPUTE, now=NOW - 20 * DAY)
    restrict(scenes.for_the_supervisor(baotou), RestrictionKind.DISPUTE, now=NOW - 19 * DAY)
    restrict(scenes.for_the_supervisor(baotou), RestrictionKind.PERFORMING_PLAN, now=NOW - 180 * DAY)
    officer = browser_of(Role.COMPLIANCE_OFFICER)

    hers = waiting(supervisor.get("/admin/"))["Restrictions to be reviewed"]
    theirs = waiting(officer.get("/admin/?branch=BT"))["Restrictions to be reviewed"]

    assert (hers.count, theirs.count) == (1, 2)
    assert [example.what for example in hers.examples] == ["keeps to a repayment plan"]
    assert officer.get(theirs.url).context["cl"].result_count == 2


def test_the_case_file_tells_the_stop_without_its_reason_in_the_timeline(supervisor, baotou):
    case = scenes.for_the_supervisor(baotou)
    restrict(case, RestrictionKind.SERIOUS_ILLNESS, now=NOW - HOUR)

    happenings = supervisor.get(f"/admin/cases/{case.pk}/").context["file"].happenings

    told = [one for one in happenings if one.what == "restriction entered"]
    assert [one.told for one in told] == ["Contact is restricted until further notice."]
    assert not any("ill" in one.told for one in happenings if one.kind == "gate")


def test_many_stops_cost_as_many_queries_as_one(supervisor, baotou):
    restrict(scenes.for_the_supervisor(baotou))
    restrict(scenes.for_the_supervisor(baotou), RestrictionKind.PERFORMING_PLAN, now=NOW - 200 * DAY)
    supervisor.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        supervisor.get("/admin/")
    for number in range(12):
        restrict(scenes.for_the_supervisor(baotou), now=NOW - timedelta(minutes=number))
        restrict(scenes.for_the_supervisor(baotou), RestrictionKind.PERFORMING_PLAN, now=NOW - 200 * DAY)

    with CaptureQueriesContext(connection) as many:
        supervisor.get("/admin/")

    assert len(many) == len(few)
