from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models.staff import Role
from tests.accounts.factories import BranchFactory, UserFactory
from visits.models import Shift
from visits.rota import create_shifts

pytestmark = pytest.mark.django_db

SUNDAY_OF_THE_CHANGE = date(2026, 11, 1)
FRIDAY = date(2026, 11, 20)


def staff(branch, number=4, **fields):
    return [UserFactory(branch=branch, **fields) for _ in range(number)]


def create(branch, day=FRIDAY):
    return create_shifts(
        branch=branch, date=day, by=UserFactory(branch=branch, role=Role.SUPERVISOR), now=timezone.now()
    )


def hours(branch):
    zone = ZoneInfo(branch.time_zone)
    return [
        f"{shift.starts_at.astimezone(zone):%H:%M}–{shift.ends_at.astimezone(zone):%H:%M}"
        for shift in Shift.objects.order_by("user")
    ]


def test_pairs_alternate_between_an_early_and_a_late_day():
    branch = BranchFactory()
    staff(branch)

    assert create(branch) == 4
    assert hours(branch) == ["08:30–18:30", "08:30–18:30", "10:30–20:30", "10:30–20:30"]


def test_by_the_branchs_clock_also_on_the_day_it_is_changed():
    branch = BranchFactory(time_zone="America/New_York")
    staff(branch, 2)

    create(branch, SUNDAY_OF_THE_CHANGE)

    assert hours(branch) == ["08:30–18:30"] * 2
    assert {shift.date for shift in Shift.objects.all()} == {SUNDAY_OF_THE_CHANGE}


def test_nobody_is_given_a_second_shift():
    branch = BranchFactory()
    first, *_others = staff(branch, 2)
    zone = ZoneInfo(branch.time_zone)
    Shift.objects.create(
        user=first,
        date=FRIDAY,
        starts_at=datetime(2026, 11, 20, 12, tzinfo=zone),
        ends_at=datetime(2026, 11, 20, 16, tzinfo=zone),
    )

    assert create(branch) == 1
    assert create(branch) == 0
    assert hours(branch) == ["12:00–16:00", "08:30–18:30"]


def test_only_the_branchs_active_field_staff_work():
    branch = BranchFactory()
    staff(branch, 1, is_active=False)
    staff(branch, 1, role=Role.SUPERVISOR)
    staff(BranchFactory(), 1)
    officer = UserFactory(branch=branch, role=Role.SECURITY_OFFICER)

    create(branch)

    assert Shift.objects.get().user == officer
