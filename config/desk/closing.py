"""Teams still at a door near the end of the contact hours, and records that are missing: what is to be done now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from config.desk.scope import Scope
from visits.models import Visit
from visits.models.visits import Status
from visits.overruns import closing_of
from visits.unreported import FILE_WITHIN

SHOWN = 20
MINUTE, HOUR, LONG = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2)


@dataclass(frozen=True)
class AtTheDoor:
    """A visit that must be over soon, or should be over. `level` is soon, now or over."""

    level: str
    team: str
    customer: str
    branch: str
    said: str
    ends: datetime
    url: str


@dataclass(frozen=True)
class Missing:
    """A visit that ended without a record. `late`: its time is up, and whoever was there begins no other."""

    team: str
    customer: str
    branch: str
    due: datetime
    late: bool
    url: str


@dataclass(frozen=True)
class Closing:
    doors: tuple[AtTheDoor, ...]
    missing: tuple[Missing, ...]

    def __bool__(self) -> bool:
        return bool(self.doors or self.missing)


def closing(scope: Scope) -> Closing:
    """Two queries for any number of branches; the first twenty of each, the most pressing first."""
    visits = Visit.objects.visible_to(scope.user).select_related("customer", "team", "plan__branch")
    here = visits.filter(scope.each("plan__branch", lambda _day: Q()))
    under_way = here.filter(status=Status.UNDER_WAY).select_related("check_in")
    unreported = here.unreported().exclude(status=Status.UNDER_WAY).order_by("ended_at", "pk")[:SHOWN]
    doors = sorted(_doors(under_way, scope), key=lambda one: one.ends)
    return Closing(tuple(doors[:SHOWN]), tuple(_missing(visit, scope) for visit in unreported))


def _doors(visits: Iterable[Visit], scope: Scope) -> Iterable[AtTheDoor]:
    for visit in visits:
        ends = closing_of(visit)
        due = ends.due(at=scope.now)
        if due:
            level = "over" if ends.is_over(at=scope.now) else due[-1].value.lower()
            day = scope.day_of(visit.plan.branch_id)
            yield AtTheDoor(
                level=level,
                team=visit.team.name,
                customer=visit.customer.masked_name,
                branch=day.branch.name,
                said=_said(scope.now, ends.ends),
                ends=ends.ends.astimezone(day.zone),
                url=_case_file(visit),
            )


def _missing(visit: Visit, scope: Scope) -> Missing:
    day = scope.day_of(visit.plan.branch_id)
    due = visit.status_changed_at + FILE_WITHIN
    return Missing(
        team=visit.team.name,
        customer=visit.customer.masked_name,
        branch=day.branch.name,
        due=due.astimezone(day.zone),
        late=due <= scope.now,
        url=_case_file(visit),
    )


def _said(now: datetime, ends: datetime) -> str:
    if now - ends >= LONG:
        return gettext("%(hours)d h past the contact hours") % {"hours": (now - ends) // HOUR}
    if ends <= now:
        return gettext("%(minutes)d min past the contact hours") % {"minutes": (now - ends) // MINUTE}
    return gettext("%(minutes)d min left") % {"minutes": -((now - ends) // MINUTE)}


def _case_file(visit: Visit) -> str:
    return reverse("case-file", args=[visit.case_id])
