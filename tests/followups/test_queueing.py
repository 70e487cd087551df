from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.cases import set_next_action
from accounts.models import Case, Customer, Phone
from accounts.models.cases import NextAction
from accounts.models.customers import PhoneKind
from compliance.restrictions import enter_restriction
from compliance.terms import Purpose, RestrictionKind
from followups.days import end_of_day, local_date, morning_of
from followups.models import Message, Promise
from followups.models.messages import MessageStatus
from followups.queueing import queue_payment_reminders, queue_promise_reminders, queue_visit_notices
from tests.accounts.factories import BranchFactory, PhoneFactory
from tests.followups.factories import DAY, NEW_YORK, SHANGHAI, TEN, TODAY, case_with, close, promise, system
from tests.visits.factories import notified_visit, planned_visit, proposed_visit

NINE = TEN - timedelta(hours=1)
HALF_PAST_NINE = TEN.replace(hour=9, minute=30)

pytestmark = pytest.mark.django_db


def queued(queue, now=TEN):
    return queue(by=system(), now=now)


def queries_of(queue, now=TEN):
    by = system()
    with CaptureQueriesContext(connection) as queries:
        queue(by=by, now=now)
    return len(queries)


def restricted(case, *, until, kind=RestrictionKind.HOSPITAL):
    enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=TEN - DAY,
        ends_at=until,
        evidence="told by the customer",
        by=system(),
        now=TEN - DAY,
    )


class TestVisitNotices:
    def test_a_planned_visit_is_announced_to_the_customers_own_mobile(self):
        visit = planned_visit()

        assert queued(queue_visit_notices, now=NINE) == 1

        row = Message.objects.get()
        assert (row.key, row.purpose, row.status) == (f"visit-notice:{visit.pk}", "VISIT_NOTICE", "PENDING")
        assert (row.case, row.visit, row.phone) == (visit.case, visit, visit.customer.phones.get())
        assert (row.due_at, row.expires_at) == (NINE, visit.planned_start)

    def test_the_second_tick_adds_nothing(self):
        planned_visit()
        queued(queue_visit_notices, now=NINE)

        assert queued(queue_visit_notices, now=NINE) == 0
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("visit_of", [proposed_visit, notified_visit])
    def test_only_planned_visits_are_announced(self, visit_of):
        visit_of()

        assert queued(queue_visit_notices, now=NINE) == 0

    def test_a_visit_whose_time_has_come_is_not_announced_any_more(self):
        visit = planned_visit()

        assert queued(queue_visit_notices, now=visit.planned_start) == 0

    @pytest.mark.parametrize(
        "change",
        [{"kind": PhoneKind.WORK}, {"kind": PhoneKind.HOME}, {"is_mobile": False}, {"withdrawn_at": NINE}],
    )
    def test_no_other_number_will_do(self, change):
        visit = planned_visit()
        Phone.objects.filter(customer=visit.customer).update(**change)

        assert queued(queue_visit_notices, now=NINE) == 0

    def test_of_two_mobiles_the_one_last_reached_is_used(self):
        visit = planned_visit()
        reached = PhoneFactory(customer=visit.customer, last_reached_at=NINE)

        queued(queue_visit_notices, now=NINE)

        assert Message.objects.get().phone == reached

    def test_the_language_is_the_customers(self):
        visit = planned_visit()
        Customer.objects.filter(pk=visit.customer_id).update(language="en")

        queued(queue_visit_notices, now=NINE)

        assert Message.objects.get().language == "en"

    def test_the_number_of_queries_is_the_same_for_one_and_for_many(self):
        planned_visit()
        few = queries_of(queue_visit_notices, now=NINE)
        for _ in range(4):
            planned_visit()

        assert queries_of(queue_visit_notices, now=NINE) == few


class TestPromiseReminders:
    def test_half_past_nine_on_the_day_before_and_on_the_day(self):
        made = promise(due_on=TODAY + 2 * DAY)

        assert queued(queue_promise_reminders, now=TEN + DAY) == 2

        rows = Message.objects.order_by("due_at")
        assert [row.due_at for row in rows] == [HALF_PAST_NINE + DAY, HALF_PAST_NINE + 2 * DAY]
        assert [row.key for row in rows] == [
            f"promise-reminder:{made.pk}:2026-11-21",
            f"promise-reminder:{made.pk}:2026-11-22",
        ]
        assert {row.promise for row in rows} == {made}
        assert rows[0].expires_at == datetime(2026, 11, 21, 21, 0, tzinfo=SHANGHAI)

    def test_the_second_tick_adds_nothing(self):
        promise(due_on=TODAY + 2 * DAY)
        queued(queue_promise_reminders)

        assert queued(queue_promise_reminders) == 0

    @pytest.mark.parametrize(("hours", "reminders"), [(12, 2), (11.99, 1)])
    def test_what_was_just_said_needs_no_reminder(self, hours, reminders):
        promise(due_on=TODAY + 2 * DAY, now=HALF_PAST_NINE + DAY - timedelta(hours=hours))

        assert queued(queue_promise_reminders, now=HALF_PAST_NINE + DAY) == reminders

    def test_a_reminder_that_comes_too_late_in_the_day_is_not_queued(self):
        promise(due_on=TODAY + 2 * DAY)

        queued(queue_promise_reminders, now=TEN.replace(hour=21) + 2 * DAY)

        assert not Message.objects.exists()

    def test_a_promise_far_off_waits(self):
        promise(due_on=TODAY + 10 * DAY)

        assert queued(queue_promise_reminders) == 0

    def test_only_open_promises_are_reminded_of(self):
        made = promise(due_on=TODAY + DAY)
        Promise.objects.filter(pk=made.pk).update(status="KEPT", settled_at=TEN)

        assert queued(queue_promise_reminders) == 0

    def test_the_morning_is_the_customers(self):
        case = case_with(NextAction.CALL, time_zones=["Asia/Shanghai", "Asia/Urumqi"])
        promise(case, due_on=TODAY + DAY)

        queued(queue_promise_reminders)

        half_past_nine_in_urumqi = (HALF_PAST_NINE + DAY).replace(hour=11)
        assert [row.due_at for row in Message.objects.all()] == [half_past_nine_in_urumqi]

    def test_the_number_of_queries_is_the_same_for_one_and_for_many(self):
        promise(due_on=TODAY + 2 * DAY)
        few = queries_of(queue_promise_reminders)
        for _ in range(4):
            promise(due_on=TODAY + 2 * DAY)

        assert queries_of(queue_promise_reminders) == few


class TestPaymentReminders:
    def test_a_case_to_be_reminded_is_reminded_and_comes_round_in_a_week(self):
        case = case_with(NextAction.REMIND)

        assert queued(queue_payment_reminders) == 1

        row = Message.objects.get()
        case.refresh_from_db()
        assert (row.key, row.purpose) == (f"payment-reminder:{case.pk}:2026-11-20", Purpose.PAYMENT_REMINDER)
        assert (row.due_at, row.expires_at) == (TEN, TEN + DAY)
        assert (case.next_action, case.next_action_on) == (NextAction.REMIND, TODAY + 7 * DAY)

    def test_before_half_past_nine_it_waits_until_then(self):
        case_with(NextAction.REMIND)

        queued(queue_payment_reminders, now=TEN.replace(hour=0))

        assert Message.objects.get().due_at == HALF_PAST_NINE

    def test_not_before_its_day(self):
        case_with(NextAction.REMIND, on=TODAY + DAY)

        assert queued(queue_payment_reminders) == 0

    def test_its_day_is_the_branchs(self):
        branch = BranchFactory(time_zone="America/New_York")
        case_with(NextAction.REMIND, on=date(2026, 11, 21), branch=branch)
        evening_in_new_york = datetime(2026, 11, 20, 23, 30, tzinfo=NEW_YORK)

        assert queued(queue_payment_reminders, now=evening_in_new_york) == 0
        assert queued(queue_payment_reminders, now=evening_in_new_york + timedelta(minutes=30)) == 1

    @pytest.mark.parametrize(("later", "reminders"), [(7 * DAY - timedelta(microseconds=1), 0), (7 * DAY, 1)])
    def test_at_most_once_in_seven_days_whatever_the_next_action_says(self, later, reminders):
        case = case_with(NextAction.REMIND)
        queued(queue_payment_reminders)
        set_next_action(case.pk, action=NextAction.REMIND, on=TODAY, by=system(), now=TEN)

        assert queued(queue_payment_reminders, now=TEN + later) == reminders

    @pytest.mark.parametrize("action", [action for action in NextAction if action != NextAction.REMIND])
    def test_no_other_next_action_sends_reminders(self, action):
        case_with(action)

        assert queued(queue_payment_reminders) == 0

    def test_a_closed_case_is_left_alone(self):
        close(case_with(NextAction.REMIND))

        assert queued(queue_payment_reminders) == 0

    def test_without_an_own_mobile_the_supervisor_decides(self):
        case = case_with(NextAction.REMIND)
        Phone.objects.filter(customer=case.customer).update(withdrawn_at=TEN)

        assert queued(queue_payment_reminders) == 0

        assert Case.objects.get(pk=case.pk).next_action == NextAction.SUPERVISOR

    def test_it_waits_for_the_moment_at_which_the_gate_would_let_it_pass(self):
        case = case_with(NextAction.REMIND)
        restricted(case, until=TEN + timedelta(hours=5))

        queued(queue_payment_reminders)

        row = Message.objects.get()
        assert (row.due_at, row.expires_at) == (TEN + timedelta(hours=5), TEN + DAY)

    def test_where_that_moment_is_too_far_off_the_case_is_looked_at_again_on_that_day(self):
        case = case_with(NextAction.REMIND)
        restricted(case, until=TEN + 3 * DAY)

        assert queued(queue_payment_reminders) == 0

        case.refresh_from_db()
        assert (case.next_action, case.next_action_on) == (NextAction.REMIND, TODAY + 3 * DAY)

    def test_whom_nobody_may_write_to_is_the_supervisors_matter(self):
        case = case_with(NextAction.REMIND)
        restricted(case, until=None, kind=RestrictionKind.DO_NOT_CONTACT)

        assert queued(queue_payment_reminders) == 0

        case.refresh_from_db()
        assert (case.next_action, case.next_action_on) == (NextAction.SUPERVISOR, TODAY)

    def test_the_number_of_queries_is_the_same_for_one_and_for_many(self):
        case_with(NextAction.REMIND)
        few = queries_of(queue_payment_reminders)
        for _ in range(4):
            case_with(NextAction.REMIND)

        assert queries_of(queue_payment_reminders) == few
        assert Message.objects.filter(status=MessageStatus.PENDING).count() == 5


class TestDays:
    def test_a_day_ends_at_the_next_local_midnight_also_when_clocks_change(self):
        assert end_of_day(date(2026, 11, 1), zone="America/New_York") == datetime(
            2026, 11, 2, 0, 0, tzinfo=NEW_YORK
        )
        begins = end_of_day(date(2026, 10, 31), zone="America/New_York")
        assert end_of_day(date(2026, 11, 1), zone="America/New_York") - begins == timedelta(hours=25)

    def test_midnight_belongs_to_the_day_that_begins(self):
        midnight = datetime(2026, 11, 21, 0, 0, tzinfo=SHANGHAI)

        assert local_date(midnight, zone="Asia/Shanghai") == date(2026, 11, 21)
        assert local_date(midnight - timedelta(microseconds=1), zone="Asia/Shanghai") == TODAY

    def test_without_a_known_zone_the_branchs_morning_is_taken(self):
        for zones in ([], ["Mars/Base"]):
            assert morning_of(TODAY, zones=zones, otherwise="Asia/Shanghai") == HALF_PAST_NINE
