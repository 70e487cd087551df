"""Seven days of every channel as strips: where each stretch stands, in per cent, and the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Case
from compliance.week import DAYS, ChannelWeek, Stretch, week_of
from compliance.wording import readable, title

NIGHT = frozenset({"WIN-BANK", "WIN-CN"})
CUT_OFF = frozenset({"WIN-CUTOFF"})
KINDS: dict[str, Promise] = {
    "allowed": _("allowed"),
    "cut-off": _("too late to begin"),
    "night": _("outside the hours"),
    "refused": _("refused by a rule"),
}


@dataclass(frozen=True)
class Block:
    """A stretch on the strip; `left` and `width` in per cent of seven days."""

    kind: str
    left: str
    width: str
    told: str


@dataclass(frozen=True)
class Day:
    begins: datetime
    left: str
    middle: str
    today: bool


@dataclass(frozen=True)
class Words:
    """The same for those who read: on one day, from when until when, and what stops it."""

    begins: datetime
    ends: datetime
    kind: str
    name: str | Promise
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Strip:
    channel: str
    purpose: str
    allowed: bool
    reasons: tuple[dict[str, Any], ...]
    next_allowed_at: datetime | None
    blocks: tuple[Block, ...]
    words: tuple[tuple[datetime, tuple[Words, ...]], ...]


@dataclass(frozen=True)
class Week:
    """`zone` is the customer's, where it is known; `other_zone` the branch's, when it differs."""

    case: Case
    now: datetime
    zone: ZoneInfo
    zones: tuple[str, ...]
    other_zone: ZoneInfo | None
    days: tuple[Day, ...]
    marker: str
    strips: tuple[Strip, ...]


def week_of_case(case_id: Any, *, user: Any, now: datetime) -> Week:
    """The week of the customer of a case the user may see. Raises Case.DoesNotExist. A constant number of queries."""
    visible = Case.objects.visible_to(user).select_related("customer", "branch")
    case: Case = visible.defer("customer__identity_number_sealed").get(pk=case_id)
    channels = week_of(case.customer_id, now=now)
    zones = channels[0].now.facts.zones
    branch = case.branch.time_zone
    axis = _Axis.around(now, ZoneInfo(zones[0] if zones else branch))
    return Week(
        case=case,
        now=now,
        zone=axis.zone,
        zones=zones,
        other_zone=ZoneInfo(branch) if _differ(zones, branch, now) else None,
        days=tuple(axis.days()),
        marker=axis.place(now),
        strips=tuple(_strip(channel, axis) for channel in channels),
    )


def _differ(zones: Sequence[str], branch: str, now: datetime) -> bool:
    """Whether the branch's clock shows another time than any of the customer's."""
    here = now.astimezone(ZoneInfo(branch)).utcoffset()
    return any(now.astimezone(ZoneInfo(zone)).utcoffset() != here for zone in zones)


@dataclass(frozen=True)
class _Axis:
    """Seven local days, the first of them today."""

    zone: ZoneInfo
    now: datetime
    midnights: tuple[datetime, ...]

    @classmethod
    def around(cls, now: datetime, zone: ZoneInfo) -> "_Axis":
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=number) for number in range(DAYS + 1))
        return cls(zone, now, tuple(datetime(day.year, day.month, day.day, tzinfo=zone) for day in days))

    def share(self, at: datetime) -> float:
        first, last = self.midnights[0].timestamp(), self.midnights[-1].timestamp()
        return 100 * (min(max(at.timestamp(), first), last) - first) / (last - first)

    def place(self, at: datetime) -> str:
        return f"{self.share(at):.3f}%"

    def days(self) -> Iterable[Day]:
        for begins, ends in zip(self.midnights, self.midnights[1:], strict=False):
            middle = (self.share(begins) + self.share(ends)) / 2
            yield Day(begins, self.place(begins), f"{middle:.3f}%", begins <= self.now < ends)


def _strip(week: ChannelWeek, axis: _Axis) -> Strip:
    verdict = week.now
    return Strip(
        channel=str(week.channel.label),
        purpose=str(week.purpose.label),
        allowed=verdict.allowed,
        reasons=tuple(readable(verdict.reasons)),
        next_allowed_at=None if verdict.allowed else verdict.next_allowed_at,
        blocks=tuple(_blocks(week.stretches, axis)),
        words=tuple(_by_day(week.stretches, axis)),
    )


def kind_of(stretch: Stretch) -> str:
    """How a stretch is drawn. By night it is night, whatever else would stop the contact."""
    if stretch.allowed:
        return "allowed"
    if NIGHT & set(stretch.rules):
        return "night"
    return "cut-off" if CUT_OFF.issuperset(stretch.rules) else "refused"


def _blocks(stretches: Sequence[Stretch], axis: _Axis) -> Iterable[Block]:
    for kind, run in groupby(stretches, key=kind_of):
        alike = list(run)
        left, right = axis.share(alike[0].begins), axis.share(alike[-1].ends)
        if right > left:
            yield Block(kind, f"{left:.3f}%", f"{right - left:.3f}%", str(KINDS[kind]))


def _by_day(stretches: Sequence[Stretch], axis: _Axis) -> Iterable[tuple[datetime, tuple[Words, ...]]]:
    for begins, ends in zip(axis.midnights, axis.midnights[1:], strict=False):
        inside = (one for one in stretches if one.begins < ends and begins < one.ends)
        runs = [(kind, list(run)) for kind, run in groupby(inside, key=kind_of)]
        yield (
            begins,
            tuple(
                Words(
                    begins=max(run[0].begins, begins).astimezone(axis.zone),
                    ends=min(run[-1].ends, ends).astimezone(axis.zone),
                    kind=kind,
                    name=KINDS[kind],
                    rules=_titles(run) if kind == "refused" else (),
                )
                for kind, run in runs
            ),
        )


def _titles(run: Iterable[Stretch]) -> tuple[str, ...]:
    """What stops a contact at any moment of the run, each rule once."""
    return tuple(title(rule) for rule in dict.fromkeys(rule for one in run for rule in one.rules))
