"""The next seven days of one customer by every channel: when each may be used, as the gate would decide it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from compliance.asking import Ask
from compliance.facts import Facts
from compliance.loading import load_facts, load_policies
from compliance.loading.policies import Policies
from compliance.rules import stopping
from compliance.terms import Channel, Purpose
from compliance.verdicts import Verdict, judge

DAYS = 7
STEP = timedelta(minutes=15)
MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)
VISIT_LASTS = timedelta(minutes=30)
VISIT_TEAM = 2
USUAL_PURPOSE = {
    Channel.VISIT: Purpose.VISIT_START,
    Channel.CALL: Purpose.FOLLOW_UP_CALL,
    Channel.ROBOT_CALL: Purpose.FOLLOW_UP_CALL,
}

Answer = tuple[bool, tuple[str, ...]]


@dataclass(frozen=True)
class Stretch:
    """[begins, ends) in which the answer is the same; `rules` are those that stop the contact."""

    begins: datetime
    ends: datetime
    allowed: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ChannelWeek:
    """One channel: the verdict at this moment, and the week ahead in stretches."""

    channel: Channel
    purpose: Purpose
    now: Verdict
    stretches: tuple[Stretch, ...]


def usual_ask(customer_id: UUID, channel: Channel, *, at: datetime) -> Ask:
    """What one usually wants of a channel: a visit by two people for half an hour, a call, a reminder."""
    visit = channel == Channel.VISIT
    purpose = USUAL_PURPOSE.get(channel, Purpose.PAYMENT_REMINDER)
    until = at + VISIT_LASTS if visit else at
    return Ask(customer_id, channel, purpose, at, until, staff=VISIT_TEAM if visit else 0)


def week_of(customer_id: UUID, *, now: datetime) -> tuple[ChannelWeek, ...]:
    """Every channel's week from `now` on, other facts unchanged. The same queries as for one decision.

    An answer that holds for less than a quarter of an hour between two others is not found; where one answer ends
    and the next begins is exact.
    """
    policies = load_policies()
    known = load_facts([usual_ask(customer_id, channel, at=now) for channel in Channel])
    return tuple(
        ChannelWeek(
            ask.channel,
            ask.purpose,
            judge(facts, policies.at(now)),
            tuple(_stretches(_asked(facts, policies), now)),
        )
        for ask, facts in known.items()
    )


def _asked(facts: Facts, policies: Policies) -> Callable[[datetime], Answer]:
    """The gate's answer at any instant, under the settings that will be in force then."""

    def at(moment: datetime) -> Answer:
        moved = facts.moved_to(moment)
        stops = stopping(policies.at(moment).evaluate(moved), moved)
        return not stops, tuple(hit.rule for hit in stops)

    return at


def _stretches(ask: Callable[[datetime], Answer], now: datetime) -> Iterator[Stretch]:
    end = now + timedelta(days=DAYS)
    begins, left, answer = now, now, ask(now)
    for moment in _steps(now, end):
        while ask(moment) != answer:
            left = _change(ask, left, moment, answer)
            yield Stretch(begins, left, *answer)
            begins, answer = left, ask(left)
        left = moment
    yield Stretch(begins, end, *answer)


def _steps(now: datetime, end: datetime) -> Iterator[datetime]:
    """Every full quarter of an hour: all zones on earth are a multiple of it away from UTC."""
    moment = _full(now, STEP) + STEP
    while moment < end:
        yield moment
        moment += STEP


def _full(moment: datetime, unit: timedelta) -> datetime:
    seconds = int(unit.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, tz=moment.tzinfo)


def _change(ask: Callable[[datetime], Answer], left: datetime, right: datetime, answer: Answer) -> datetime:
    """The first instant after `left` at which the answer is another; at `right` it is. Most are full minutes."""
    minute = _full(left, MINUTE) + MINUTE
    while minute < right and ask(minute) == answer:
        left, minute = minute, minute + MINUTE
    right = min(minute, right)
    if ask(right - MICROSECOND) == answer:
        return right
    while right - left > MICROSECOND:
        middle = left + (right - left) // 2
        left, right = (middle, right) if ask(middle) == answer else (left, middle)
    return right
