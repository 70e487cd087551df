"""The strip of a customer's week says what the gate would say, at every instant."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.staff import Role
from compliance import gate
from compliance.amendments import AMENDABLE, approve_amendment, propose_amendment
from compliance.restrictions import enter_restriction
from compliance.terms import Channel, RestrictionKind
from compliance.week import DAYS, usual_ask, week_of
from tests.accounts.factories import UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, sms

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def case(db):
    return overdue_case(now=NOON)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def stretch_at(week, moment):
    return next(one for one in week.stretches if one.begins <= moment < one.ends)


def sampled(weeks):
    """The edges of every stretch, an instant on either side, and every 37 minutes between."""
    for week in weeks:
        for one in week.stretches:
            yield from ((week, one.begins), (week, one.ends - MICROSECOND))
        end = NOON + timedelta(days=DAYS)
        moment = NOON
        while moment < end:
            yield week, moment
            moment += timedelta(minutes=37)


def ensure_agreed(case, weeks):
    samples = list(sampled(weeks))
    asks = [usual_ask(case.customer_id, week.channel, at=moment) for week, moment in samples]
    said = gate.preview_each(asks)
    for (week, moment), ask in zip(samples, asks, strict=True):
        stretch = stretch_at(week, moment)
        told = (stretch.allowed, stretch.rules)
        assert told == (said[ask].allowed, tuple(hit.rule for hit in said[ask].stops)), (week.channel, moment)


def test_the_week_is_covered_without_a_gap_for_every_channel(case):
    weeks = week_of(case.customer_id, now=NOON)

    assert [week.channel for week in weeks] == list(Channel)
    for week in weeks:
        assert week.stretches[0].begins == NOON
        assert week.stretches[-1].ends == NOON + timedelta(days=DAYS)
        for one, following in zip(week.stretches, week.stretches[1:], strict=False):
            assert one.ends == following.begins
            assert (one.allowed, one.rules) != (following.allowed, following.rules)


@pytest.mark.parametrize(
    "zones", [["Asia/Shanghai"], ["Asia/Shanghai", "Asia/Urumqi"], ["America/New_York"], []]
)
def test_it_agrees_with_the_gate(case, zones):
    case.customer.time_zones = zones
    case.customer.save()

    ensure_agreed(case, week_of(case.customer_id, now=NOON))


def test_it_agrees_after_contacts_and_until_a_restriction_ends_between_two_steps(case, officer):
    make(sms(case), by=officer, now=NOON)
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.DO_NOT_CONTACT,
        channels=[],
        starts_at=NOON,
        ends_at=at(15, 7, 3, 5, day=25),
        evidence="asked by telephone",
        by=officer,
        now=NOON,
    )

    weeks = week_of(case.customer_id, now=NOON)

    ensure_agreed(case, weeks)
    letters = next(week for week in weeks if week.channel == Channel.LETTER)
    assert at(15, 7, 3, 5, day=25) in {one.begins for one in letters.stretches}


def test_the_cut_off_of_messages_is_exact(case):
    weeks = {week.channel: week for week in week_of(case.customer_id, now=NOON)}

    ends = [
        one.ends.astimezone(ZoneInfo("Asia/Shanghai")).time()
        for one in weeks[Channel.SMS].stretches
        if one.allowed
    ]

    assert {f"{end:%H:%M:%S.%f}" for end in ends} <= {"20:50:00.000000", "12:00:00.000000"}


def test_it_knows_of_an_amendment_that_comes_into_force_in_the_week(case, officer):
    rule = AMENDABLE["WIN-CUTOFF"]
    usual = {param.name: param.value for param in rule.settings}
    amendment = propose_amendment(
        rule="WIN-CUTOFF",
        settings={**usual, "messages": 18 * 3600},
        effective_from=at(0, day=25),
        reason="quieter evenings",
        by=officer,
        now=NOON,
    )
    approve_amendment(amendment, by=UserFactory(role=Role.COMPLIANCE_OFFICER), now=NOON)

    weeks = week_of(case.customer_id, now=NOON)

    ensure_agreed(case, weeks)
    messages = next(week for week in weeks if week.channel == Channel.SMS)
    assert stretch_at(messages, at(19, day=24)).allowed
    assert not stretch_at(messages, at(19, day=25)).allowed


def test_a_week_takes_the_queries_of_one_decision(case):
    with CaptureQueriesContext(connection) as one:
        gate.preview_each([usual_ask(case.customer_id, Channel.SMS, at=NOON)])

    with CaptureQueriesContext(connection) as all_channels:
        week_of(case.customer_id, now=NOON)

    assert len(all_channels) <= len(one) + 1
