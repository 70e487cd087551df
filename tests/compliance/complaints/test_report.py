from datetime import date, timedelta

import pytest

from accounts.models.staff import Role
from compliance.complaints.handling import reopen_complaint
from compliance.complaints.report import EndsBeforeItStarts, complaint_report
from compliance.complaints.terms import Category, Outcome
from tests.accounts.factories import BranchFactory, CustomerFactory, UserFactory
from tests.compliance.complaints.factories import NOON, answer, officer, received, under_review

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def report(*, user=None, now=NOON + 30 * DAY, first=FIRST, last=LAST):
    return complaint_report(first=first, last=last, user=user or officer(), now=now)


def solved(*, after, outcome=Outcome.NOT_UPHELD, **said):
    complaint = under_review(**said)
    answer(complaint, outcome=outcome, now=NOON + after)


def test_the_numbers():
    here, there = BranchFactory(), BranchFactory(time_zone="America/New_York")
    customer = CustomerFactory(branch=here)
    solved(after=2 * DAY, customer=customer, outcome=Outcome.UPHELD)
    solved(after=4 * DAY, customer=customer, outcome=Outcome.PARTLY, category=Category.ALREADY_PAID)
    solved(after=20 * DAY, customer=CustomerFactory(branch=there))  # late
    solved(after=5 * DAY, customer=None, outcome=Outcome.SETTLED)
    received(customer=customer, now=NOON + 8 * DAY)  # 28 November, due on 13 December: late on the 20th
    received(customer=customer, now=NOON + 11 * DAY)  # of December
    again = under_review(customer=customer)
    answer(again, now=NOON + DAY)
    reopen_complaint(again, reason="no", by=officer(), now=NOON + 29 * DAY)  # owed, and in time

    found = report()

    assert (found.total, found.still_open, found.overdue) == (6, 2, 1)
    assert (found.answered, found.answered_late) == (4, 1)
    assert found.upheld_share == 0.5
    assert found.median_days == 4.5
    assert found.categories == {Category.FREQUENCY: 5, Category.ALREADY_PAID: 1}
    assert found.branches == {here.pk: 4, there.pk: 1, None: 1}
    assert found.outcomes == dict.fromkeys(
        (Outcome.NOT_UPHELD, Outcome.PARTLY, Outcome.SETTLED, Outcome.UPHELD), 1
    )


def test_late_is_by_the_clock_of_the_branch():
    """Due on 5 December; at noon of the 6th in Shanghai it is still the 5th in New York."""
    for zone in ("Asia/Shanghai", "America/New_York"):
        customer = CustomerFactory(branch=BranchFactory(time_zone=zone))
        received(customer=customer, now=NOON + timedelta(hours=2))
        solved(after=16 * DAY, customer=customer, now=NOON + timedelta(hours=2))

    found = report(now=NOON + 16 * DAY)

    assert (found.overdue, found.answered_late) == (1, 1)


def test_nothing_answered_has_no_share_and_no_median():
    received()

    found = report()

    assert (found.upheld_share, found.median_days, found.outcomes) == (None, None, {})


def test_the_days_of_the_period_are_both_included():
    received()
    day = NOON.date()

    totals = [
        report(first=first, last=last).total
        for first, last in ((day, day), (FIRST, day - DAY), (day + DAY, LAST))
    ]

    assert totals == [1, 0, 0]
    with pytest.raises(EndsBeforeItStarts):
        report(first=LAST, last=FIRST)


def test_one_counts_what_one_may_see():
    mine = received()
    received()
    supervisor = UserFactory(role=Role.SUPERVISOR, branch=mine.branch)
    received(customer=mine.customer, about_staff=supervisor)

    assert report(user=supervisor).total == 1


def test_it_costs_the_same_for_any_number(django_assert_num_queries):
    user = officer()
    for _number in range(10):
        received()

    with django_assert_num_queries(4):
        report(user=user)
