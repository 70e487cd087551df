"""The next seven days of one customer by every channel: when each may be used, as the gate would decide it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from compliance.asking import Ask
from compliance.terms import Channel, Purpose
from compliance.verdicts import Verdict, judge, judge_all

DAYS = 7
STEP = timedelta(minutes=15)
VISIT_LASTS = timedelta(minutes=30)
VISIT_TEAM = 2
USUAL_PURPOSE = {
    Channel.VISIT: Purpose.VISIT_START,
    Channel.CALL: Purpose.FOLLOW_UP_CALL,
    Channel.ROBOT_CALL: Purpose.FOLLOW_UP_CALL,
}


@dataclass(frozen=True)
class Stretch:
    """[begins, ends) in which the answer is the same, to the quarter of an hour; `rules` are those that stop it."""

    begins: datetime
    ends: datetime
    allowed: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class ChannelWeek:
    """One channel: the verdict at this moment, exactly, and the week ahead in stretches."""

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
    """Every channel's week from `now` on, other facts unchanged. The same queries as for one decision."""
    asks = [usual_ask(customer_id, channel, at=now) for channel in Channel]
    verdicts = judge_all(asks)
    return tuple(
        ChannelWeek(ask.channel, ask.purpose, verdicts[ask], tuple(_stretches(verdicts[ask], now)))
        for ask in asks
    )


def _stretches(verdict: Verdict, now: datetime) -> Iterator[Stretch]:
    begins, answer = now, _answer(verdict)
    moment = _next_step(now)
    end = now + timedelta(days=DAYS)
    while moment < end:
        later = _answer(judge(verdict.facts.moved_to(moment), verdict.policy))
        if later != answer:
            yield Stretch(begins, moment, *answer)
            begins, answer = moment, later
        moment += STEP
    yield Stretch(begins, end, *answer)


def _answer(verdict: Verdict) -> tuple[bool, tuple[str, ...]]:
    return verdict.allowed, tuple(hit.rule for hit in verdict.stops)


def _next_step(now: datetime) -> datetime:
    """The next full quarter of an hour: every zone on earth is a multiple of it away from UTC."""
    seconds = STEP.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, tz=now.tzinfo)
