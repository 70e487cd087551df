"""A restriction calls off visits at once, and the phones learn of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from accounts.models.staff import Role
from compliance.area_restrictions import enter_area_restriction
from compliance.evidence import EvidenceKind
from compliance.models import Stoppage
from compliance.restrictions import enter_restriction
from compliance.special_care import EFFECTS
from compliance.terms import Channel, RestrictionKind
from tests.accounts.factories import BranchFactory, UserFactory
from tests.accounts.people import make_everybody_somebody_else
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    abort,
    case_to_visit,
    members,
    notified_visit,
    planned_visit,
    proposed_visit,
    team,
    visit_in,
    visit_under_way,
)
from visits.models import BreakOff, Visit
from visits.models.on_site import AbortReason
from visits.models.visits import CancelReason, Status
from visits.stopping import BREAK_OFF

HOUR, DAY, A_MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
NOT_BEGUN = [Status.PROPOSED, Status.PLANNED, Status.NOTIFIED]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture(autouse=True)
def clock(db, database_clock):
    database_clock(TEN)


def restrict(visit, kind=RestrictionKind.HOSPITAL, *, now=TEN - HOUR, **changes):
    given = {
        "customer": visit.customer,
        "kind": kind,
        "channels": [],
        "starts_at": now,
        "ends_at": now + DAY,
        "evidence": "no. 17",
        "evidence_kind": EFFECTS[kind].proof[0],
        "by": User.objects.system(),
        "now": now,
    }
    return enter_restriction(**{**given, **changes})


def restrict_area(prefix="1502", *, now=TEN - HOUR):
    return enter_area_restriction(
        prefix=prefix,
        name="包头市",
        starts_at=now,
        ends_at=None,
        declared_by="内蒙古自治区",
        evidence="通告 17 号",
        by=User.objects.system(),
        now=now,
    )


def status_of(visit):
    return Visit.objects.get(pk=visit.pk).status


@pytest.mark.parametrize("status", NOT_BEGUN)
def test_a_visit_that_has_not_begun_is_called_off_with_its_event(status):
    visit = visit_in(status)

    restrict(visit)

    row = Visit.objects.get(pk=visit.pk)
    assert (row.status, row.cancel_reason) == (Status.CANCELLED, CancelReason.HOLD)
    step = row.events.get(new=Status.CANCELLED)
    assert (step.old, step.at, step.detail) == (status, TEN - HOUR, {"reason": "HOLD"})


@pytest.mark.parametrize(
    ("status", "action", "days", "stage"),
    [
        (Status.PROPOSED, NextAction.VISIT, 0, Stage.PLANNING),
        (Status.PLANNED, NextAction.SUPERVISOR, 1, Stage.FOLLOW_UP),
        (Status.NOTIFIED, NextAction.SUPERVISOR, 0, Stage.FOLLOW_UP),
    ],
)
def test_the_case_learns_what_is_next(status, action, days, stage):
    visit = visit_in(status)

    restrict(visit)

    case = Case.objects.get(pk=visit.case_id)
    assert (case.next_action, case.stage) == (action, stage)
    assert case.next_action_on == TEN.date() + timedelta(days=days)


@pytest.mark.parametrize("status", [Status.DONE, Status.ABORTED, Status.CANCELLED])
def test_what_is_over_is_left_alone(status):
    visit = visit_in(status)

    restrict(visit, now=TEN + HOUR)

    assert status_of(visit) == status
    assert not BreakOff.objects.exists()


@pytest.mark.parametrize("kind", RestrictionKind)
def test_each_kind_stops_visits_as_the_table_says(kind):
    visit = planned_visit()

    restrict(visit, kind)

    assert status_of(visit) == (Status.CANCELLED if EFFECTS[kind].visit.stops else Status.PLANNED)


def test_a_restriction_of_other_channels_lets_the_visit_be():
    visit = planned_visit()

    restrict(visit, RestrictionKind.DO_NOT_CONTACT, channels=[Channel.CALL, Channel.SMS])

    assert status_of(visit) == Status.PLANNED


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "off"),
    [
        (TEN - DAY, TEN, False),
        (TEN - DAY, TEN + A_MOMENT, True),
        (TEN + HOUR / 2 - A_MOMENT, TEN + DAY, True),
        (TEN + HOUR / 2, TEN + DAY, False),
    ],
)
def test_only_visits_that_fall_into_its_time_are_called_off(starts_at, ends_at, off):
    visit = planned_visit()

    restrict(visit, starts_at=starts_at, ends_at=ends_at)

    assert status_of(visit) == (Status.CANCELLED if off else Status.PLANNED)


def test_somebody_elses_visit_goes_on():
    visit, other = planned_visit(), planned_visit()

    restrict(visit)

    assert status_of(other) == Status.PLANNED


def test_a_visit_under_way_is_not_cancelled_but_to_be_broken_off():
    visit = visit_under_way()

    restrict(visit, now=TEN + HOUR / 6)
    restrict(visit, RestrictionKind.BEREAVEMENT, now=TEN + HOUR / 5)

    assert status_of(visit) == Status.UNDER_WAY
    assert BreakOff.objects.get().at == TEN + HOUR / 6
    assert Stoppage.objects.order_by("at").first().under_way == 1


def test_a_restriction_that_begins_later_does_not_call_the_team_away():
    visit = visit_under_way()

    restrict(visit, starts_at=TEN + DAY, ends_at=TEN + 2 * DAY)

    assert not BreakOff.objects.exists()


def test_breaking_off_ends_as_any_other_does():
    visit = visit_under_way()
    restrict(visit, now=TEN)

    abort(visit, kind=AbortReason.COMPLIANCE)

    assert status_of(visit) == Status.ABORTED
    assert Case.objects.get(pk=visit.case_id).next_action == NextAction.SUPERVISOR


def test_being_asked_to_leave_stops_the_visits_that_were_planned_after():
    visit = visit_under_way()
    later = proposed_visit(
        case=visit.case, start=TEN + DAY, crew=team(visit.case.branch, date=(TEN + DAY).date())
    )

    abort(visit)

    assert status_of(later) == Status.CANCELLED
    assert Case.objects.get(pk=visit.case_id).next_action == NextAction.REMIND


# The phone


def phone_of(visit):
    token = uuid4().hex
    DeviceFactory(user=members(visit)[0], token=token)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}", HTTP_ACCEPT_LANGUAGE="en")
    return client


@pytest.fixture
def it_is_ten(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)


def stop_on(client):
    (shown,) = client.get(reverse("today")).data
    return shown["stop"]


def test_the_phone_says_nothing_while_nothing_is_stopped(it_is_ten):
    assert stop_on(phone_of(planned_visit())) is None
    assert stop_on(phone_of(visit_under_way())) is None


@pytest.mark.parametrize("kind", RestrictionKind)
def test_the_phone_learns_of_it_and_not_why(it_is_ten, kind):
    visit = visit_under_way()
    phone = phone_of(visit)

    restrict(visit, kind, now=TEN)

    answer = phone.get(reverse("today"))
    (shown,) = answer.data
    if not EFFECTS[kind].visit.stops:
        assert shown["stop"] is None
        return
    assert shown["stop"]["act"] == "BREAK_OFF"
    with translation.override("zh-hans"):
        assert shown["stop"]["said"] == str(BREAK_OFF.said)
    assert str(kind.label) not in answer.content.decode()
    assert kind.value not in answer.content.decode()


@pytest.mark.parametrize("made", [planned_visit, notified_visit])
def test_the_phone_says_not_to_go(it_is_ten, made):
    visit = made()
    phone = phone_of(visit)

    restrict(visit)

    assert stop_on(phone)["act"] == "DO_NOT_GO"
    assert phone.get(reverse("visit", args=[visit.pk])).data["stop"]["act"] == "DO_NOT_GO"


def test_the_phones_list_costs_as_many_queries_as_before(it_is_ten):
    visit = visit_under_way()
    phone = phone_of(visit)
    phone.get(reverse("today"))
    with CaptureQueriesContext(connection) as before:
        phone.get(reverse("today"))
    restrict(visit, now=TEN)

    with CaptureQueriesContext(connection) as after:
        phone.get(reverse("today"))

    assert len(after) == len(before)


# Areas


def test_a_disaster_area_stops_everybody_there_and_nobody_else():
    branch = BranchFactory()
    crew = team(branch, size=2)
    here = [planned_visit(case=case_to_visit(branch=branch, now=TEN - HOUR), crew=crew) for _ in range(2)]
    away = planned_visit()
    away.customer.addresses.update(district_code="110101")
    at_the_door = visit_under_way(case=case_to_visit(branch=branch, now=TEN - HOUR), crew=crew)

    entered = restrict_area(now=TEN)

    assert [status_of(visit) for visit in here] == [Status.CANCELLED] * 2
    assert (status_of(away), status_of(at_the_door)) == (Status.PLANNED, Status.UNDER_WAY)
    kept = entered.stoppages.get(branch=branch)
    assert (kept.visits, kept.under_way) == (2, 1)


def test_many_visits_take_as_many_queries_as_two():
    branch = BranchFactory()
    crew = team(branch, size=2)

    def visits(number, *, code):
        for made in [planned_visit] * number + [notified_visit]:
            case = case_to_visit(branch=branch, now=TEN - HOUR)
            case.customer.addresses.update(district_code=code)
            made(case=case, crew=crew)

    visits(1, code="110101")
    visits(12, code="120101")
    with CaptureQueriesContext(connection) as few:
        restrict_area("11")
    with CaptureQueriesContext(connection) as many:
        restrict_area("12")

    assert len(many) == len(few)
    assert not Visit.objects.live().exists()


def test_a_restriction_entered_at_the_door_by_an_agent():
    visit = planned_visit()
    agent = UserFactory(role=Role.FIELD_AGENT, branch=visit.case.branch)

    restrict(visit, RestrictionKind.BEREAVEMENT, by=agent, evidence_kind=EvidenceKind.WORD)

    assert Visit.objects.get(pk=visit.pk).events.get(new=Status.CANCELLED).by == agent


def test_the_same_person_under_another_number_of_the_bank_is_stopped_too():
    visit = planned_visit(case=case_to_visit(now=TEN - HOUR, identity_number="150203198801012343"))
    twin = case_to_visit(now=TEN - HOUR, identity_number="150203198801012343")

    restrict(visit, customer=twin.customer)

    assert status_of(visit) == Status.CANCELLED
    assert visit.case.events.filter(kind="RESTRICTION_ENTERED").exists()
