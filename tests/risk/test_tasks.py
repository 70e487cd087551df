from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.models import JobRun
from risk import tasks
from risk.models import Assessment
from tests.accounts.factories import CaseFactory

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TWO_IN_SHANGHAI = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    def clock(now):
        monkeypatch.setattr(timezone, "now", lambda: now)

    return clock


def assessments():
    return Assessment.objects.count()


def test_every_minute_once_for_the_changed_cases(at):
    CaseFactory(opened_at=MORNING)
    at(MORNING)
    tasks.assess_changed_cases()
    CaseFactory(opened_at=MORNING)

    tasks.assess_changed_cases()
    assert assessments() == 1

    at(MORNING + timedelta(minutes=1))
    tasks.assess_changed_cases()
    assert assessments() == 2
    assert JobRun.objects.filter(name="assess changed cases", result="1").count() == 2


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        (TWO_IN_SHANGHAI - timedelta(microseconds=1), False),
        (TWO_IN_SHANGHAI, True),
        (TWO_IN_SHANGHAI + timedelta(hours=5) - timedelta(microseconds=1), True),
        (TWO_IN_SHANGHAI + timedelta(hours=5), False),
    ],
)
def test_the_portfolio_is_assessed_between_two_and_seven_at_night(at, now, quiet):
    CaseFactory(opened_at=MORNING)
    at(now)

    tasks.assess_portfolio_nightly()

    assert assessments() == quiet


def test_once_a_night(at):
    CaseFactory(opened_at=MORNING)
    for now in (TWO_IN_SHANGHAI, TWO_IN_SHANGHAI + timedelta(hours=1)):
        at(now)
        tasks.assess_portfolio_nightly()
    assert assessments() == 1

    at(TWO_IN_SHANGHAI + timedelta(days=1))
    tasks.assess_portfolio_nightly()
    assert assessments() == 2


def test_the_command_tells_what_it_did():
    CaseFactory(opened_at=MORNING)

    said = [StringIO() for _ in range(3)]
    call_command("assess", stdout=said[0])
    call_command("assess", stdout=said[1])
    call_command("assess", "--all", stdout=said[2])

    assert [it.getvalue().splitlines()[-1] for it in said] == [
        "Assessed 1 cases.",
        "No case needed an assessment.",
        "Assessed 1 cases.",
    ]
