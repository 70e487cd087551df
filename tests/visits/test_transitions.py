from importlib import import_module
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from compliance.gate import Ask, Channel, Purpose, clearance, make_contact
from tests.accounts.factories import UserFactory
from tests.visits.factories import TEN, team, visit_in
from visits.models import Visit, VisitEvent
from visits.models.visits import TRANSITIONS, CancelReason, Status
from visits.transitions import NotAllowed, move, move_all

pytestmark = pytest.mark.django_db

ALLOWED = {(old, new) for old, targets in TRANSITIONS.items() for new in targets}


def needed_for(visit, new):
    """The other columns a visit must have in its new status."""
    if new == Status.CANCELLED:
        return {"cancel_reason": CancelReason.SUPERVISOR}
    if new == Status.PLANNED:
        return {"plan_clearance_id": permit(visit, Purpose.VISIT_PLAN).pk}
    if new == Status.UNDER_WAY:
        return {"start_contact_id": contact(visit).pk}
    return {}


def permit(visit, purpose):
    ask = Ask(visit.customer_id, Channel.VISIT, purpose, at=TEN, until=visit.planned_end, staff=2)
    with clearance(ask, by=visit.plan.proposed_by, now=TEN) as given:
        return given


def contact(visit):
    ask = Ask(visit.customer_id, Channel.VISIT, Purpose.VISIT_START, at=TEN, until=TEN, staff=2)
    with clearance(ask, by=visit.plan.proposed_by, now=TEN) as given:
        return make_contact(given, staff=2, by=visit.plan.proposed_by, now=TEN)


@pytest.fixture(autouse=True)
def ten_o_clock(database_clock):
    database_clock(TEN)


@pytest.mark.parametrize(("old", "new"), sorted(ALLOWED))
def test_every_step_of_the_table_is_taken_and_told(old, new):
    visit = visit_in(old)

    move(visit, to=new, by=visit.plan.proposed_by, now=TEN, detail={"a": 1}, **needed_for(visit, new))

    assert Visit.objects.get(pk=visit.pk).status == visit.status == new
    told = VisitEvent.objects.filter(visit=visit).latest("pk")
    assert (told.old, told.new, told.at, told.detail) == (old, new, TEN, {"a": 1})


@pytest.mark.parametrize(("old", "new"), sorted(set(product(Status, Status)) - ALLOWED))
def test_no_other_step_is_taken(old, new):
    visit = visit_in(old)
    told = VisitEvent.objects.count()

    with pytest.raises(NotAllowed, match=str(new.label)):
        move(visit, to=new, by=visit.plan.proposed_by, now=TEN)

    assert Visit.objects.get(pk=visit.pk).status == old
    assert VisitEvent.objects.count() == told


@pytest.mark.parametrize(
    ("old", "new"),
    sorted((old, new) for old, new in set(product(Status, Status)) - ALLOWED if old != new),
)
def test_the_database_takes_no_other_step_either(old, new):
    visit = visit_in(old)

    with (
        pytest.raises(IntegrityError, match="does not go from"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE visits_visit SET status = %s WHERE id = %s", [new, visit.pk])

    assert Visit.objects.get(pk=visit.pk).status == old


def test_the_wall_was_built_from_the_table():
    wall = import_module("visits.migrations.0002_walls")

    assert set(wall.TRANSITIONS) == ALLOWED


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PROPOSED}))
def test_a_visit_begins_as_a_proposal(status):
    visit = visit_in(Status.PROPOSED)
    visit.pk, visit.status, visit._state.adding = None, status, True

    with pytest.raises(IntegrityError, match="begins as a proposal"), transaction.atomic():
        visit.save(force_insert=True)


def test_a_step_from_a_status_that_somebody_changed_meanwhile_is_not_taken():
    visit = visit_in(Status.PLANNED)
    stale = Visit.objects.get(pk=visit.pk)
    move(visit, to=Status.NOTIFIED, by=visit.plan.proposed_by, now=TEN)

    with pytest.raises(NotAllowed, match="Somebody else"):
        move(stale, to=Status.NOTIFIED, by=visit.plan.proposed_by, now=TEN)

    assert VisitEvent.objects.filter(visit=visit, new=Status.NOTIFIED).count() == 1


def test_of_several_visits_all_move_or_none():
    moved, left = visit_in(Status.PLANNED), visit_in(Status.PLANNED)
    stale = Visit.objects.get(pk=moved.pk)
    move(moved, to=Status.NOTIFIED, by=moved.plan.proposed_by, now=TEN)

    with pytest.raises(NotAllowed):
        move_all([left, stale], to=Status.NOTIFIED, by=moved.plan.proposed_by, now=TEN)

    assert Visit.objects.get(pk=left.pk).status == Status.PLANNED


def test_many_visits_move_in_two_queries(django_assert_num_queries):
    visits = [visit_in(Status.PLANNED) for _ in range(3)]
    by = UserFactory()

    with django_assert_num_queries(2 + 2):  # and the savepoint of the transaction
        move_all(visits, to=Status.NOTIFIED, by=by, now=TEN)


class TestWalls:
    def test_nobody_goes_alone(self):
        alone = visit_in(Status.NOTIFIED)
        someone = alone.team.teammember_set.first()
        start = contact(alone)
        someone.delete()

        with pytest.raises(IntegrityError, match="fewer than two"), transaction.atomic():
            move(alone, to=Status.UNDER_WAY, by=someone.user, now=TEN, start_contact=start)

    def test_a_visit_is_not_planned_with_a_clearance_of_another_customer(self):
        visit, other = visit_in(Status.PROPOSED), visit_in(Status.PROPOSED)
        borrowed = permit(other, Purpose.VISIT_PLAN)

        with (
            pytest.raises(IntegrityError, match="visit_planned_with_its_own_clearance"),
            transaction.atomic(),
        ):
            move(visit, to=Status.PLANNED, by=visit.plan.proposed_by, now=TEN, plan_clearance=borrowed)

    def test_a_visit_is_not_planned_with_a_clearance_to_another_purpose(self):
        visit = visit_in(Status.PROPOSED)
        other = permit(visit, Purpose.VISIT_START)

        with (
            pytest.raises(IntegrityError, match="visit_planned_with_its_own_clearance"),
            transaction.atomic(),
        ):
            move(visit, to=Status.PLANNED, by=visit.plan.proposed_by, now=TEN, plan_clearance=other)

    def test_a_visit_is_not_started_with_a_contact_of_another_customer(self):
        visit, other = visit_in(Status.NOTIFIED), visit_in(Status.NOTIFIED)
        borrowed = contact(other)

        with pytest.raises(IntegrityError, match="visit_started_with_its_own_contact"), transaction.atomic():
            move(visit, to=Status.UNDER_WAY, by=visit.plan.proposed_by, now=TEN, start_contact=borrowed)

    def test_a_visit_belongs_to_the_customer_of_its_case(self):
        visit, other = visit_in(Status.PROPOSED), visit_in(Status.PROPOSED)

        with pytest.raises(IntegrityError, match="visit_of_its_case"), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(customer=other.customer)

    def test_a_member_is_of_the_date_of_the_team(self):
        crew = team(UserFactory().branch)

        with pytest.raises(IntegrityError, match="member_on_the_date_of_the_team"), transaction.atomic():
            crew.teammember_set.create(user=UserFactory(), date=TEN.date().replace(day=21))

    @pytest.mark.parametrize(
        "table",
        ["visitevent", "checkin", "checkin_present", "record", "checkout", "incident"],
    )
    def test_what_was_reported_stays(self, table):
        with (
            pytest.raises(Exception, match=r"ledger|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM visits_{table}")
