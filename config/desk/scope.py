"""Which branches a member of staff looks at, and what day and hour it is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Branch, User
from accounts.models.staff import within_branch
from compliance.rules.checks.hours import BANK_HOURS
from compliance.windows import is_open, next_close, next_open


class NoSuchBranch(Exception):
    """There is no such branch, or it is not the asker's to see."""


@dataclass(frozen=True)
class BranchDay:
    """One branch's local day around the instant `now`."""

    branch: Branch
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.branch.time_zone)

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def begins(self) -> datetime:
        """Local midnight, as an instant in UTC."""
        return self.midnight(self.today)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone).astimezone(UTC)

    @property
    def open(self) -> bool:
        """Whether customers living by the branch's clock may be contacted now."""
        return is_open(BANK_HOURS, at=self.now, zones=(self.branch.time_zone,))

    @property
    def turns_at(self) -> datetime | None:
        """When the contact hours end, or else when they begin again; in local time."""
        zones = (self.branch.time_zone,)
        if self.open:
            return next_close(BANK_HOURS, after=self.now, zones=zones).astimezone(self.zone)
        opens = next_open(BANK_HOURS, after=self.now, zones=zones)
        return opens.astimezone(self.zone) if opens else None


@dataclass(frozen=True)
class Scope:
    """The branches on the desk. `chosen` is None when several are looked at together."""

    user: User
    now: datetime
    days: tuple[BranchDay, ...]
    choices: tuple[Branch, ...]
    chosen: Branch | None

    @property
    def only(self) -> BranchDay | None:
        """The one day there is, when there is one branch only."""
        return self.days[0] if len(self.days) == 1 else None

    def day_of(self, branch_id: int) -> BranchDay:
        return next(day for day in self.days if day.branch.pk == branch_id)

    def each(self, path: str, condition: Callable[[BranchDay], Q]) -> Q:
        """Rows of any of the branches, found along `path`, each meeting its own branch's condition."""
        matches = (Q(**{path: day.branch.pk}) & condition(day) for day in self.days)
        return _any_of(matches)


def _any_of(conditions: Iterable[Q]) -> Q:
    nothing = Q(pk__in=[])
    found = nothing
    for condition in conditions:
        found = condition if found is nothing else found | condition
    return found


def look_at(*, user: User, code: str, now: datetime) -> Scope:
    """The branch called `code`, or all the user may see when `code` is empty. Raises NoSuchBranch."""
    choices = tuple(within_branch(Branch.objects.order_by("code"), user, path="pk"))
    chosen = next((branch for branch in choices if branch.code == code), None)
    if code and chosen is None:
        raise NoSuchBranch(code)
    seen = (chosen,) if chosen else choices
    days = tuple(BranchDay(branch, now) for branch in seen)
    return Scope(user, now, days, choices, chosen)
