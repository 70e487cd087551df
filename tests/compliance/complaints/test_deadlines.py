from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis.strategies import dates, sampled_from

from accounts.models import User
from compliance.complaints import handling
from compliance.complaints.deadlines import (
    BANK,
    BUREAU,
    DEADLINES,
    deadline_of,
    due_on,
    how_urgent,
    late_from,
    local_day,
)
from compliance.complaints.terms import Category, Step
from compliance.complaints.watch import watch_deadlines
from compliance.complaints.wording import deadline_in_words
from compliance.models import Complaint, ComplaintEvent
from compliance.tasks import watch_complaint_deadlines
from tests.accounts.factories import BranchFactory, CustomerFactory
from tests.compliance.complaints.factories import NOON, answer, answered, officer, received, under_review

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
TINY = timedelta(microseconds=1)


def customer_in(zone):
    return CustomerFactory(branch=BranchFactory(time_zone=zone))


def alerts(complaint):
    rows = complaint.events.filter(step__in=(Step.ALERT, Step.OVERDUE)).order_by("alert_on", "step")
    return [(row.step, (row.alert_on - complaint.counted_from).days) for row in rows]


def watch(now):
    return watch_deadlines(by=User.objects.system(), now=now)


# Arithmetic


def test_an_objection_to_a_bureau_record_has_twenty_days_by_regulation():
    assert (BUREAU.days, BUREAU.alert_days, BUREAU.source) == (20, (10, 15), "CREDIT-25")
    assert (BUREAU.authority, BUREAU.verification) == ("REGULATION", "CONFIRMED")
    assert deadline_of(Category.BUREAU_OBJECTION.value) is BUREAU
    assert "20" in deadline_in_words(Category.BUREAU_OBJECTION)


def test_everything_else_is_the_banks_own_word_and_says_so():
    assert set(DEADLINES) < set(Category.values)
    for category in set(Category) - {Category.BUREAU_OBJECTION}:
        assert deadline_of(category.value) is BANK
    assert (BANK.authority, BANK.verification) == ("BANK_POLICY", "OWN")


def test_alerts_come_before_the_deadline():
    for deadline in (BANK, BUREAU):
        assert all(0 < day < deadline.days for day in deadline.alert_days)


@given(
    dates(date(2000, 1, 1), date(2100, 1, 1)),
    sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_the_last_day_counts_as_a_whole_also_where_clocks_change(day, zone):
    due = due_on("BUREAU_OBJECTION", counted_from=day)
    late = late_from(due, zone=zone)

    assert due - day == timedelta(days=20)
    assert local_day(late, zone=zone) == due + DAY
    assert local_day((late.astimezone(UTC) - TINY), zone=zone) == due


@pytest.mark.parametrize(("left", "shown"), [(-1, "is-over"), (0, "is-near"), (5, "is-near"), (6, "is-calm")])
def test_how_near_it_is(left, shown):
    assert how_urgent(NOON.date() + left * DAY, today=NOON.date()) == shown


# On rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "at", "received_on"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 20, 0, 0, tzinfo=SHANGHAI), date(2026, 11, 20)),
        ("Asia/Shanghai", datetime(2026, 11, 20, 23, 59, 59, 999_999, tzinfo=SHANGHAI), date(2026, 11, 20)),
        ("America/New_York", datetime(2026, 11, 20, 12, 59, 59, tzinfo=SHANGHAI), date(2026, 11, 19)),
        ("America/New_York", datetime(2026, 11, 20, 13, 0, tzinfo=SHANGHAI), date(2026, 11, 20)),
        # clocks go back on 1 November and forward on 8 March: twenty calendar days all the same
        ("America/New_York", datetime(2026, 10, 20, 23, 30, tzinfo=NEW_YORK), date(2026, 10, 20)),
        ("America/New_York", datetime(2027, 3, 1, 0, 30, tzinfo=NEW_YORK), date(2027, 3, 1)),
    ],
)
def test_days_are_counted_by_the_clock_of_the_branch(zone, at, received_on):
    complaint = received(category=Category.BUREAU_OBJECTION, customer=customer_in(zone), now=at)

    assert complaint.received_on == complaint.counted_from == received_on
    assert complaint.due_on == received_on + 20 * DAY


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_each_alert_comes_at_its_midnight_and_once(zone):
    """Over the end of summer time in New York."""
    begun = datetime(2026, 10, 20, 15, tzinfo=ZoneInfo(zone))
    complaint = under_review(category=Category.BUREAU_OBJECTION, customer=customer_in(zone), now=begun)
    heard = []

    for day in (10, 15, 21):
        midnight = datetime(2026, 10, 20, tzinfo=ZoneInfo(zone)) + day * DAY
        heard.append(watch(midnight.astimezone(UTC) - TINY))
        heard.append(watch(midnight))
        heard.append(watch(midnight + timedelta(hours=1)))

    assert heard == [0, 1, 0] * 3
    assert alerts(complaint) == [("ALERT", 10), ("ALERT", 15), ("OVERDUE", 21)]


@pytest.mark.django_db
def test_what_nobody_took_up_by_the_next_day_is_told():
    complaint = received()
    taken_up = under_review()

    assert watch(NOON + DAY) == 0
    assert watch(NOON + 2 * DAY) == 1

    assert alerts(complaint) == [("ALERT", 2)]
    assert alerts(taken_up) == []


@pytest.mark.django_db
def test_a_watch_that_slept_tells_everything_at_once():
    complaint = received()

    assert watch(NOON + 40 * DAY) == 4
    assert alerts(complaint) == [("ALERT", 2), ("ALERT", 7), ("ALERT", 12), ("OVERDUE", 16)]
    assert watch(NOON + 41 * DAY) == 0


@pytest.mark.django_db
def test_what_is_answered_is_silent_and_taken_up_again_counts_anew():
    complaint = answered()
    assert watch(NOON + 40 * DAY) == 0

    handling.reopen_complaint(complaint, reason="It goes on.", by=officer(), now=NOON + 40 * DAY)

    assert complaint.counted_from == NOON.date() + 40 * DAY
    assert complaint.due_on == NOON.date() + 55 * DAY
    assert watch(NOON + 46 * DAY) == 1  # nobody has taken it up
    assert watch(NOON + 47 * DAY) == 1
    assert alerts(complaint) == [("ALERT", 2), ("ALERT", 7)]


@pytest.mark.django_db
def test_a_deadline_may_come_nearer_and_never_later():
    objection = received(category=Category.BUREAU_OBJECTION)
    service = received(category=Category.SERVICE)

    handling.classify_complaint(objection, category=Category.SERVICE, by=officer(), now=NOON)
    handling.classify_complaint(service, category=Category.BUREAU_OBJECTION, by=officer(), now=NOON)

    assert objection.due_on == service.due_on == NOON.date() + 15 * DAY
    assert watch(NOON + 16 * DAY) >= 2
    assert ("OVERDUE", 16) in alerts(service)


@pytest.mark.django_db
def test_the_watch_costs_one_statement(django_assert_num_queries):
    for _number in range(5):
        received()
    by = User.objects.system()

    with django_assert_num_queries(1):
        watch_deadlines(by=by, now=NOON + 30 * DAY)


@pytest.mark.django_db
def test_the_tick_watches_and_may_come_twice(monkeypatch):
    complaint = received()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 8 * DAY)

    for _time in range(2):
        watch_complaint_deadlines.apply(throw=True)

    assert alerts(complaint) == [("ALERT", 2), ("ALERT", 7)]


def test_two_watches_at_once_write_each_alert_once(committed_db):
    complaints = [received() for _number in range(20)]
    system, start, counts = User.objects.system(), Barrier(4), []

    def go():
        try:
            start.wait(timeout=10)
            counts.append(watch_deadlines(by=system, now=NOON + 30 * DAY))
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sum(counts) == 4 * len(complaints)
    assert ComplaintEvent.objects.filter(alert_on__isnull=False).count() == 4 * len(complaints)


def test_of_two_who_answer_at_once_one_does(committed_db):
    complaint = under_review()
    start, outcomes = Barrier(2), []

    def go():
        mine = Complaint.objects.select_related("handler").get(pk=complaint.pk)
        try:
            start.wait(timeout=10)
            answer(mine)
            outcomes.append("answered")
        except handling.NotAllowed:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["answered", "too late"]
    assert complaint.events.filter(step=Step.ANSWERED).count() == 1
