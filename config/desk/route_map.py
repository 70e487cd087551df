"""The routes of one branch's day for the map: stops in order, with what became of each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Address, Branch, User
from accounts.models.cases import CaseStatus
from config.desk.lanes import SIGNS, is_late
from config.desk.scope import BranchDay
from visits.models import Plan, Team, Visit
from visits.models.plans import PlanStatus
from visits.models.visits import Status

HUES = 8
HOMES = 1200


@dataclass(frozen=True)
class Stop:
    """One visit on the map. `place` is (latitude, longitude), None when the address has none."""

    visit: Visit
    place: tuple[float, float] | None
    sign: str
    late: bool
    url: str

    def as_data(self, zone: Any) -> dict[str, Any]:
        visit = self.visit
        return {
            "id": str(visit.pk),
            "place": self.place,
            "number": visit.position,
            "status": visit.status.lower(),
            "sign": self.sign,
            "late": self.late,
            "who": visit.customer.masked_name,
            "where": f"{visit.address.district} {visit.address.street}",
            "time": f"{visit.planned_start.astimezone(zone):%H:%M}–{visit.planned_end.astimezone(zone):%H:%M}",
            "said": [visit.get_status_display(), visit.assessment.get_tier_display()],
            "url": self.url,
        }


@dataclass(frozen=True)
class Route:
    """One team's way; `hue` numbers its colour."""

    team: Team
    hue: int
    stops: tuple[Stop, ...]

    @property
    def done(self) -> int:
        return sum(stop.visit.status == Status.DONE for stop in self.stops)


@dataclass(frozen=True)
class DayMap:
    day: BranchDay
    date: date
    plan: Plan | None
    routes: tuple[Route, ...]
    homes: tuple[tuple[str, float, float], ...]

    def as_data(self) -> dict[str, Any]:
        """What the map draws. Names are masked; homes carry no name at all."""
        branch = self.day.branch
        return {
            "branch": {"name": branch.name, "place": [float(branch.latitude), float(branch.longitude)]},
            "homes": self.homes,
            "routes": [
                {"hue": route.hue, "stops": [stop.as_data(self.day.zone) for stop in route.stops]}
                for route in self.routes
            ],
        }


def draw_map(branch: Branch, *, on: date | None, user: User, now: datetime) -> DayMap:
    """The accepted plan of `on` (the branch's today when None), else the newest proposal. Five queries."""
    day = BranchDay(branch, now)
    shown = on or day.today
    plan = _plan(Plan.objects.visible_to(user).filter(branch=branch, date=shown))
    return DayMap(day, shown, plan, _routes(plan, user=user, now=now), _homes(branch, user))


def _plan(plans: QuerySet[Plan]) -> Plan | None:
    shown = plans.exclude(status=PlanStatus.REJECTED).order_by("status", "-proposed_at")
    return shown.first()  # ACCEPTED sorts before PROPOSED


def _routes(plan: Plan | None, *, user: User, now: datetime) -> tuple[Route, ...]:
    if plan is None:
        return ()
    stops: dict[UUID, list[Stop]] = defaultdict(list)
    for visit in _visits(plan, user):
        stops[visit.team_id].append(_stop(visit, now))
    teams = Team.objects.filter(pk__in=stops).prefetch_related("members").order_by("name")
    return tuple(Route(team, hue % HUES, tuple(stops[team.pk])) for hue, team in enumerate(teams))


def _visits(plan: Plan, user: User) -> Iterable[Visit]:
    rows = Visit.objects.visible_to(user).filter(plan=plan).order_by("team", "position")
    return rows.select_related("customer", "address", "assessment")


def _stop(visit: Visit, now: datetime) -> Stop:
    return Stop(
        visit=visit,
        place=_place(visit.address),
        sign=SIGNS[Status(visit.status)],
        late=is_late(visit, now),
        url=reverse("case-file", args=[visit.case_id]),
    )


def _place(address: Address) -> tuple[float, float] | None:
    if address.latitude is None or address.longitude is None:
        return None
    return float(address.latitude), float(address.longitude)


def _homes(branch: Branch, user: User) -> tuple[tuple[str, float, float], ...]:
    """A sample of the places of open cases: together they draw the town without a map of it."""
    rows = Address.objects.visible_to(user).filter(
        customer__branch=branch, customer__cases__status=CaseStatus.OPEN, latitude__isnull=False
    )
    places = rows.values_list("district", "latitude", "longitude")[:HOMES]
    return tuple((district, float(north), float(east)) for district, north, east in places)
