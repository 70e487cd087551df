from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Case
from accounts.models.cases import NextAction, Stage
from followups.queueing import queue_payment_reminders
from followups.returning import return_to_assessment
from tests.accounts.factories import BranchFactory
from tests.followups.factories import DAY, NEW_YORK, TEN, TODAY, case_with, close, system

pytestmark = pytest.mark.django_db


def returned(now=TEN):
    return return_to_assessment(by=system(), now=now)


def test_a_watch_that_is_over_hands_the_case_back_to_risk():
    case = case_with(NextAction.WATCH)

    assert returned() == 1

    case.refresh_from_db()
    assert (case.stage, case.next_action) == (Stage.ASSESSMENT, NextAction.WATCH)
    assert case.facts_changed_at == TEN


def test_not_before_its_day():
    case_with(NextAction.WATCH, on=TODAY + DAY)

    assert returned() == 0


def test_its_day_is_the_branchs():
    case_with(NextAction.WATCH, on=TODAY + DAY, branch=BranchFactory(time_zone="America/New_York"))
    midnight_in_new_york = datetime(2026, 11, 21, 0, 0, tzinfo=NEW_YORK)

    assert returned(now=midnight_in_new_york - timedelta(microseconds=1)) == 0
    assert returned(now=midnight_in_new_york) == 1


def test_a_reminder_is_sent_once_and_a_week_later_risk_looks_again():
    case = case_with(NextAction.REMIND)
    assert returned() == 0

    queue_payment_reminders(by=system(), now=TEN)
    assert returned(now=TEN + 6 * DAY) == 0
    assert returned(now=TEN + 7 * DAY) == 1

    assert Case.objects.get(pk=case.pk).stage == Stage.ASSESSMENT
    assert queue_payment_reminders(by=system(), now=TEN + 7 * DAY) == 0


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.FOLLOW_UP, Stage.CLOSED)])
def test_only_cases_in_follow_up_are_handed_back(stage):
    case_with(NextAction.WATCH, stage=stage)

    assert returned() == 0


@pytest.mark.parametrize(
    "action", [action for action in NextAction if action not in (NextAction.WATCH, NextAction.REMIND)]
)
def test_what_waits_for_a_person_or_a_payment_stays(action):
    case_with(action)

    assert returned() == 0


def test_a_closed_case_is_left_alone():
    close(case_with(NextAction.WATCH))

    assert returned() == 0


def test_the_number_of_queries_is_the_same_for_one_and_for_many():
    def queries():
        by = system()
        with CaptureQueriesContext(connection) as caught:
            return_to_assessment(by=by, now=TEN)
        return len(caught)

    case_with(NextAction.WATCH)
    few = queries()
    for _ in range(4):
        case_with(NextAction.WATCH)

    assert queries() == few
