"""The record follows within a day, or whoever was there begins no other visit."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Case
from accounts.models.cases import NextAction
from compliance.gate import Refused
from compliance.models import Contact, Refusal
from compliance.terms import RestrictionKind
from followups.models import Promise
from tests.accounts.factories import BranchFactory
from tests.followups.factories import promise
from tests.visits.factories import (
    TEN,
    DeviceFactory,
    abort,
    case_to_visit,
    check_in,
    check_out,
    confirmed_visit,
    members,
    notified_visit,
    record,
    team,
    visit_under_way,
)
from visits.life import RecordMissing
from visits.models import TeamMember, Visit
from visits.models.on_site import AbortReason, Party, Result
from visits.models.visits import Status
from visits.overruns import watch_overruns
from visits.unreported import record_due_by

A_DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
TOMORROW = TEN + A_DAY


@pytest.fixture
def branch(db, database_clock):
    database_clock(TEN)
    return BranchFactory()


def left(visit, *, now=TEN):
    check_out(visit, now=now)
    return Visit.objects.get(pk=visit.pk)


def same_people(visit, *, date):
    """A team of another day with the people of this visit."""
    crew = team(visit.plan.branch, date=date, size=0)
    for user in members(visit):
        TeamMember.objects.create(team=crew, user=user, date=date)
    return crew


def next_visit(visit, *, start=TOMORROW, crew=None):
    """Another customer, the day after."""
    case = case_to_visit(branch=visit.plan.branch, now=start - timedelta(hours=2))
    crew = crew or same_people(visit, date=start.date())
    return notified_visit(case=case, start=start, crew=crew)


class TestLeavingFirst:
    def test_the_team_may_leave_at_once_and_record_later(self, branch):
        visit = left(confirmed_visit())

        found = record(visit, now=TEN + timedelta(hours=3))

        assert visit.status == Status.DONE
        assert found.visit == visit
        case = Case.objects.get(pk=visit.case_id)
        assert (case.next_action, case.next_action_on) == (
            NextAction.AWAIT_PAYMENT,
            TEN.date() + timedelta(days=7),
        )

    def test_until_then_a_person_looks_after_the_case(self, branch):
        visit = left(visit_under_way())

        assert Case.objects.get(pk=visit.case_id).next_action == NextAction.SUPERVISOR

    def test_a_promise_taken_at_the_door_keeps_its_day(self, branch):
        visit = confirmed_visit()
        made = promise(visit.case, visit=visit, due_on=TEN.date() + 20 * A_DAY)

        left(visit)
        record(visit)

        assert Case.objects.get(pk=visit.case_id).next_action_on == Promise.objects.get(pk=made.pk).last_day

    def test_after_breaking_off_a_record_keeps_the_next_step(self, branch):
        visit = visit_under_way()
        abort(visit, kind=AbortReason.ASKED_TO_LEAVE)

        record(visit, party=Party.DEBTOR, result=Result.REFUSES_TO_TALK)

        assert Case.objects.get(pk=visit.case_id).next_action == NextAction.REMIND

    def test_after_a_locked_gate_too(self, branch):
        visit = visit_under_way()
        abort(visit, kind=AbortReason.NO_ACCESS)

        record(visit, party=Party.NOBODY, result=Result.NO_CONTACT)

        assert Case.objects.get(pk=visit.case_id).next_action == NextAction.VISIT

    def test_but_a_complaint_stops_contact_in_any_case(self, branch):
        visit = visit_under_way()
        abort(visit, kind=AbortReason.SAFETY, danger="VERBAL")

        record(visit, result=Result.COMPLAINT)

        assert visit.customer.restrictions.get().kind == RestrictionKind.COMPLAINT


class TestTheBlock:
    def test_a_day_after_the_end_nobody_of_the_team_begins_another(self, branch, database_clock):
        late = left(visit_under_way())
        waiting = next_visit(late)
        database_clock(TOMORROW)

        with pytest.raises(RecordMissing, match=r"李\* on 2026-11-20 at 10:00"):
            check_in(waiting, now=TOMORROW)

        assert Visit.objects.get(pk=waiting.pk).status == Status.NOTIFIED
        assert Contact.objects.count() == 1

    def test_a_microsecond_before_they_do(self, branch, database_clock):
        waiting = next_visit(left(visit_under_way()))
        database_clock(TOMORROW)

        check_in(waiting, now=TOMORROW - MICROSECOND)

        assert Visit.objects.get(pk=waiting.pk).status == Status.UNDER_WAY

    def test_filing_it_opens_the_way(self, branch, database_clock):
        late = left(visit_under_way())
        waiting = next_visit(late)
        record(late, party=Party.FAMILY, result=Result.MESSAGE_LEFT, now=TOMORROW)
        database_clock(TOMORROW)

        check_in(waiting, now=TOMORROW)

        assert Visit.objects.get(pk=waiting.pk).status == Status.UNDER_WAY

    def test_a_visit_broken_off_wants_its_record_too(self, branch, database_clock):
        visit = visit_under_way()
        abort(visit, now=TEN)
        waiting = next_visit(visit)
        database_clock(TOMORROW)

        with pytest.raises(RecordMissing):
            check_in(waiting, now=TOMORROW)

    def test_of_a_visit_never_checked_out_the_day_counts_from_nine(self, branch, database_clock):
        visit = visit_under_way()
        nine = TEN.replace(hour=21)
        watch_overruns(now=nine)
        waiting = next_visit(visit, start=TEN + 2 * A_DAY)
        assert record_due_by(Visit.objects.get(pk=visit.pk)) == nine + A_DAY
        database_clock(TEN + 2 * A_DAY)

        with pytest.raises(RecordMissing):
            check_in(waiting, now=TEN + 2 * A_DAY)

    def test_others_are_not_held_up(self, branch, database_clock):
        late = left(visit_under_way())
        waiting = next_visit(late, crew=team(late.plan.branch, date=TOMORROW.date()))
        database_clock(TOMORROW)

        check_in(waiting, now=TOMORROW)

        assert Visit.objects.get(pk=waiting.pk).status == Status.UNDER_WAY

    def test_one_of_the_two_is_enough(self, branch, database_clock):
        late = left(visit_under_way())
        crew = team(late.plan.branch, date=TOMORROW.date(), size=1)
        TeamMember.objects.create(team=crew, user=members(late)[0], date=TOMORROW.date())
        waiting = next_visit(late, crew=crew)
        database_clock(TOMORROW)

        with pytest.raises(RecordMissing):
            check_in(waiting, now=TOMORROW)


class TestTheWarning:
    @pytest.fixture
    def phone(self, branch, monkeypatch):
        """`phone(visit, now)`: what the team's phone is told is still to be recorded."""

        def ask(visit, now):
            monkeypatch.setattr("django.utils.timezone.now", lambda: now)
            user = members(visit)[0]
            token = f"{user.pk} {now}".replace(" ", "-")
            DeviceFactory(user=user, token=token, enrolled_at=now - timedelta(hours=1))
            client = APIClient()
            client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
            return client.get(reverse("unreported")).data

        return ask

    def test_a_visit_of_yesterday_is_named_with_its_time(self, phone):
        visit = left(visit_under_way())

        (shown,) = phone(visit, TEN + timedelta(hours=20))

        assert (shown["id"], shown["record_due_by"]) == (str(visit.pk), "2026-11-21T10:00:00+08:00")

    def test_with_its_record_it_is_gone(self, phone):
        visit = left(visit_under_way())
        record(visit, party=Party.FAMILY, result=Result.MESSAGE_LEFT)

        assert phone(visit, TOMORROW) == []
        assert record_due_by(Visit.objects.get(pk=visit.pk)) is None

    def test_while_it_goes_on_nothing_is_due(self, phone):
        assert phone(visit_under_way(), TEN) == []

    def test_of_other_teams_nothing_is_told(self, phone):
        left(visit_under_way())

        assert phone(visit_under_way(), TEN) == []

    @pytest.mark.parametrize("visits", [1, 4])
    def test_four_cost_as_many_queries_as_one(self, branch, monkeypatch, visits, django_assert_num_queries):
        crew = team(branch)
        for _ in range(visits):
            left(visit_under_way(case=case_to_visit(branch=branch, now=TEN), crew=crew))
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
        DeviceFactory(user=crew.members.first(), token="here", enrolled_at=TEN)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Device here")

        with django_assert_num_queries(5):
            assert len(client.get(reverse("unreported")).data) == visits


def test_with_two_planned_and_one_at_the_door_no_visit_begins(branch):
    """Test vector 8 of the rule book: the gate refuses, and remembers."""
    visit = notified_visit()
    assert len(members(visit)) == 2

    with pytest.raises(Refused):
        check_in(visit, present=[members(visit)[0].pk])

    assert "VIS-TEAM" in Refusal.objects.get().rule_ids
    assert Visit.objects.get().status == Status.NOTIFIED
