"""One team's day on the ruler: its visits as blocks, and in a sentence where the team is now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from config.desk.ruler import Ruler
from config.desk.scope import BranchDay
from visits.models import Team, Visit
from visits.models.visits import Status

SIGNS = {
    Status.PROPOSED: "?",
    Status.PLANNED: "",
    Status.NOTIFIED: "✉",
    Status.UNDER_WAY: "▶",
    Status.DONE: "✓",
    Status.ABORTED: "!",
    Status.CANCELLED: "×",
}

NOT_BEGUN = (Status.PLANNED, Status.NOTIFIED)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Tally:
    status: Status
    sign: str
    count: int


@dataclass(frozen=True)
class Track:
    """From check-in to check-out, or until now."""

    x1: str
    x2: str


@dataclass(frozen=True)
class Block:
    """A visit on the ruler where it is planned, with the track of what it really was."""

    x: str
    width: str
    real: Track | None
    number: int
    status: Status
    sign: str
    late: bool
    told: str
    url: str


@dataclass(frozen=True)
class Lane:
    team: Team
    members: tuple[User, ...]
    begins: str
    lasts: str
    blocks: tuple[Block, ...]
    tallies: tuple[Tally, ...]
    now: str
    late: int


def lane(team: Team, visits: Sequence[Visit], *, ruler: Ruler, day: BranchDay) -> Lane:
    blocks = tuple(_block(visit, ruler=ruler, day=day) for visit in visits)
    return Lane(
        team=team,
        members=tuple(sorted(team.members.all(), key=lambda user: user.role == Role.SECURITY_OFFICER)),
        begins=ruler.at(team.starts_at),
        lasts=ruler.width(team.starts_at, team.ends_at),
        blocks=blocks,
        tallies=tallies(Counter(Status(visit.status) for visit in visits)),
        now=_where_now(visits, day),
        late=sum(block.late for block in blocks),
    )


def tallies(counts: Counter[Status]) -> tuple[Tally, ...]:
    """How many visits stand where, in the order a visit goes through."""
    return tuple(Tally(status, SIGNS[status], counts[status]) for status in Status if counts[status])


def real_times(visit: Visit, *, now: datetime) -> tuple[datetime, datetime] | None:
    """From check-in until check-out, or until now while it lasts; None before."""
    check_in, check_out = getattr(visit, "check_in", None), getattr(visit, "check_out", None)
    if check_in is None:
        return None
    since: datetime = check_in.client_at
    if check_out is not None:
        return since, max(check_out.client_at, since)
    under_way = visit.status == Status.UNDER_WAY
    return since, max(now if under_way else visit.status_changed_at, since)


def _block(visit: Visit, *, ruler: Ruler, day: BranchDay) -> Block:
    real = real_times(visit, now=day.now)
    return Block(
        x=ruler.at(visit.planned_start),
        width=ruler.width(visit.planned_start, visit.planned_end),
        real=Track(*(ruler.at(instant) for instant in real)) if real else None,
        number=visit.position,
        status=Status(visit.status),
        sign=SIGNS[Status(visit.status)],
        late=is_late(visit, day.now),
        told=_told(visit, real or (visit.planned_start, visit.planned_end), day),
        url=reverse("case-file", args=[visit.case_id]),
    )


def is_late(visit: Visit, now: datetime) -> bool:
    return visit.status in NOT_BEGUN and visit.planned_start + LATE_AFTER < now


def _told(visit: Visit, times: tuple[datetime, datetime], day: BranchDay) -> str:
    record = getattr(visit, "record", None)
    parts = [
        "–".join(_clock(instant, day) for instant in times),
        visit.customer.masked_name,
        visit.address.district,
        record.get_result_display() if record else visit.get_status_display(),
    ]
    return " · ".join(parts)


def _where_now(visits: Sequence[Visit], day: BranchDay) -> str:
    if not visits:
        return gettext("No visits planned")
    at_door = next((visit for visit in visits if visit.status == Status.UNDER_WAY), None)
    if at_door:
        since, _now = real_times(at_door, now=day.now) or (at_door.status_changed_at, day.now)
        return gettext("With %(customer)s since %(time)s") % _names(at_door, since, day)
    ahead = _soonest(visit for visit in visits if visit.status in NOT_BEGUN)
    if ahead:
        return gettext("Next: %(customer)s at %(time)s") % _names(ahead, ahead.planned_start, day)
    return gettext("Round finished")


def _soonest(visits: Iterable[Visit]) -> Visit | None:
    return min(visits, key=lambda visit: visit.planned_start, default=None)


def _names(visit: Visit, at: datetime, day: BranchDay) -> dict[str, str]:
    return {"customer": visit.customer.masked_name, "time": _clock(at, day)}


def _clock(at: datetime, day: BranchDay) -> str:
    return f"{at.astimezone(day.zone):%H:%M}"
