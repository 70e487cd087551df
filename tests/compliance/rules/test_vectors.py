"""The twelve test vectors of the reference on contact rules, as far as they are about the rules themselves.

Numbers 6 (two at once), 8 (one of two checked in), 11 (recording indoors) and 12 (a looser limit is not saved) are
tested where they happen: `test_races.py`, `tests/visits/test_life.py`, `tests/visits/test_consents.py`, `test_amendments.py`.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from compliance.rules import packaged
from compliance.rules.bureau import ReportFacts, problems_with_report
from compliance.rules.checks.hours import BANK_HOURS
from compliance.rules.rule import Decision
from compliance.verdicts import judge
from compliance.windows import is_open
from tests.compliance.rules.ordinary import CALL, MICROSECOND, SMS, after, at, call, moved, restricted

POLICY = packaged()


def stopped_by(facts):
    return {hit.rule for hit in judge(facts, POLICY).stops}


def decision_of(rule, facts):
    return next(hit.decision for hit in POLICY.evaluate(facts) if hit.rule == rule)


@pytest.mark.parametrize(
    ("moment", "rules"),
    [
        (at(7, 59, 59, 999_999), {"WIN-BANK", "WIN-CN"}),
        (at(8), set()),
        (at(20, 59, 59, 999_999), {"WIN-CUTOFF"}),
        (at(21), {"WIN-BANK"}),
        (at(22), {"WIN-BANK", "WIN-CN"}),
    ],
)
def test_1_the_edges_of_the_day(moment, rules):
    assert stopped_by(moved(SMS, moment)) == rules
    assert stopped_by(moved(CALL, moment)) == rules
    assert is_open(BANK_HOURS, at=moment, zones=("Asia/Shanghai",)) is ("WIN-BANK" not in rules)


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [(at(9, 30), False), (at(10), True), (at(20, 59), True), (at(21), False), (at(22, 30), False)],
)
def test_2_xinjiang_is_open_when_both_of_its_clocks_are(moment, is_it):
    assert is_open(BANK_HOURS, at=moment, zones=("Asia/Shanghai", "Asia/Urumqi")) is is_it


def test_3_overseas_without_a_time_zone_is_closed_to_everybody():
    nowhere = replace(SMS, zones=(), places=(("VN", ()),), policies=())

    assert decision_of("TZ-UNKNOWN", nowhere) == Decision.FORBID
    assert judge(nowhere, POLICY).next_allowed_at is None


def test_4_a_message_approved_in_time_and_taken_up_too_late_is_not_sent():
    assert stopped_by(moved(SMS, at(20, 49, 59))) == set()
    assert stopped_by(moved(SMS, at(20, 50, 1))) == {"WIN-CUTOFF"}
    assert judge(moved(SMS, at(20, 50, 1)), POLICY).next_allowed_at == at(8, day=24)


def test_5_new_york_opens_by_summer_time_on_the_day_it_begins():
    new_york = ZoneInfo("America/New_York")
    there = replace(SMS, zones=("America/New_York",), places=(("US", ("NY",)),), policies=("US-REG-F",))
    night = there.moved_to(datetime(2027, 3, 13, 22, tzinfo=new_york))

    opens = judge(night, POLICY).next_allowed_at

    assert opens == datetime(2027, 3, 14, 8, tzinfo=new_york)
    assert opens.astimezone(new_york).utcoffset() == timedelta(hours=-4)
    assert opens - night.at == timedelta(hours=9)


def test_7_the_fourth_conversation_and_the_seventh_attempt_have_no_override():
    talked = after(
        CALL,
        call(at(8), reached=True),
        call(at(8, 30), reached=True),
        call(at(9), reached=True, channel="ROBOT_CALL"),
    )
    tried = after(CALL, *(call(at(8, 5 * n), reached=False) for n in range(6)))

    assert decision_of("FRQ-EFF", talked) == Decision.FORBID
    assert decision_of("FRQ-ATT", tried) == Decision.FORBID


def test_9_a_plan_stops_collection_and_lets_the_neutral_notice_through():
    under_a_plan = restricted(CALL, "PERFORMING_PLAN")
    notice = restricted(replace(SMS, purpose="INSTALMENT_NOTICE"), "PERFORMING_PLAN")

    assert stopped_by(under_a_plan) == {"ST-PLAN"}
    assert stopped_by(notice) == set()
    assert stopped_by(moved(notice, at(21))) == {"WIN-BANK"}


REPORT = ReportFacts(
    defaulted_at=at(0, day=1),
    noticed_at=at(10, day=2),
    notice_delivered=True,
    notice_separate=True,
    reports_at=at(10, day=5),
    fields=("amount", "overdue_since"),
)


def test_10_a_notice_before_the_default_is_no_notice():
    assert problems_with_report(REPORT) == ()
    assert [
        hit.rule
        for hit in problems_with_report(replace(REPORT, noticed_at=REPORT.defaulted_at - MICROSECOND))
    ] == ["CB-NOTICE"]


@pytest.mark.parametrize(
    "change",
    [
        {"noticed_at": None},
        {"notice_delivered": False},
        {"notice_separate": False},
        {"reports_at": at(10, day=5) - MICROSECOND},
        {"fields": ("amount", "health")},
    ],
)
def test_10_a_report_without_a_good_notice_or_with_other_data_is_stopped(change):
    assert problems_with_report(replace(REPORT, **change))
