"""What waits for a person to decide, with the first few of each kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Case
from accounts.models.cases import CaseStatus, NextAction
from compliance.reviews import restrictions_to_review
from config.desk import examples
from config.desk.counted import Counted
from config.desk.examples import Example
from config.desk.links import Wanted, list_of
from config.desk.scope import BranchDay, Scope
from followups.models import FollowUp, Message
from followups.models.actions import FollowUpStatus
from followups.models.messages import MessageStatus
from visits.models import BreakOff, Incident, Overrun, Plan
from visits.models.plans import PlanStatus
from visits.models.visits import Status

INCIDENTS_STAY = timedelta(days=7)
SHOWN = 3


@dataclass(frozen=True)
class Waiting(Counted):
    """`count` things of one kind at one branch, or that no branch was found for; `pressing` ones come first and are marked."""

    title: str | Promise
    branch: Branch | None
    count: int
    url: str
    pressing: bool
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Kind:
    """Rows that wait: of which model, by which lookups on a branch's day, and how one is told."""

    title: str | Promise
    model: type[Any]
    lookups: Callable[[BranchDay], dict[str, Wanted]]
    order: tuple[str, ...]
    related: tuple[str, ...]
    tell: Callable[[Any, BranchDay], Example]
    pressing: bool = False

    @property
    def path(self) -> str:
        return str(self.model._default_manager.all().branch_path)


def _incidents(day: BranchDay) -> dict[str, Wanted]:
    return {"received_at__gte": day.begins - INCIDENTS_STAY}


def _overruns(day: BranchDay) -> dict[str, Wanted]:
    return {"at__gte": day.begins - INCIDENTS_STAY}


def _plans(day: BranchDay) -> dict[str, Wanted]:
    return {"status__exact": PlanStatus.PROPOSED.value, "date__gte": day.today}


def _unknown_messages(_day: BranchDay) -> dict[str, Wanted]:
    return {"status__exact": MessageStatus.UNKNOWN.value}


def _overdue_follow_ups(day: BranchDay) -> dict[str, Wanted]:
    return {"status__exact": FollowUpStatus.OPEN.value, "due_on__lt": day.today}


def _follow_ups_today(day: BranchDay) -> dict[str, Wanted]:
    return {"status__exact": FollowUpStatus.OPEN.value, "due_on__exact": day.today}


def _for_the_supervisor(_day: BranchDay) -> dict[str, Wanted]:
    return {"status__exact": CaseStatus.OPEN.value, "next_action__exact": NextAction.SUPERVISOR.value}


def _to_break_off(_day: BranchDay) -> dict[str, Wanted]:
    return {"visit__status__exact": Status.UNDER_WAY.value}


KINDS: Sequence[Kind] = (
    Kind(
        _("Teams to be called away from the door"),
        BreakOff,
        _to_break_off,
        ("at",),
        ("visit__customer", "visit__team"),
        examples.break_off,
        pressing=True,
    ),
    Kind(
        _("Incidents on visits"),
        Incident,
        _incidents,
        ("-received_at",),
        ("visit__customer",),
        examples.incident,
        pressing=True,
    ),
    Kind(
        _("Visits past the contact hours"),
        Overrun,
        _overruns,
        ("-at",),
        ("visit__customer",),
        examples.overrun,
        pressing=True,
    ),
    Kind(
        _("Messages whose fate is unknown"),
        Message,
        _unknown_messages,
        ("status_changed_at",),
        ("customer",),
        examples.message,
        pressing=True,
    ),
    Kind(
        _("Follow-ups overdue"),
        FollowUp,
        _overdue_follow_ups,
        ("due_on", "created_at"),
        ("customer",),
        examples.follow_up,
        pressing=True,
    ),
    Kind(
        _("Plans awaiting acceptance"),
        Plan,
        _plans,
        ("date", "-proposed_at"),
        ("proposed_by",),
        examples.plan,
    ),
    Kind(
        _("Follow-ups due today"),
        FollowUp,
        _follow_ups_today,
        ("created_at",),
        ("customer",),
        examples.follow_up,
    ),
    Kind(
        _("Cases for the supervisor"),
        Case,
        _for_the_supervisor,
        ("-overdue_amount",),
        ("customer",),
        examples.case,
    ),
)


def waiting(scope: Scope) -> list[Waiting]:
    """Everything that waits, most pressing kind first. Two queries a kind at most, for any number of branches."""
    return [*(one for kind in KINDS for one in _of_kind(kind, scope)), *_reviews(scope)]


def _reviews(scope: Scope) -> Iterable[Waiting]:
    """Restrictions whose review has come, for the one who may lift them."""
    rows = restrictions_to_review(scope.user).not_over(at=scope.now)
    rows = rows.filter(scope.each("customer__branch", lambda day: Q(review_on__lte=day.today)))
    path = "customer__branch"
    counts = dict(rows.order_by().values(path).annotate(n=Count("pk")).values_list(path, "n"))
    first = (
        rows.select_related("customer").order_by("review_on", "pk")[:SHOWN] if counts and scope.only else ()
    )
    told = tuple(examples.review(row, day) for row in first for day in scope.days)
    for day in scope.days:
        if count := counts.get(day.branch.pk, 0):
            url = list_of(rows.model, branch=day.branch, review="due")
            yield Waiting(_("Restrictions to be reviewed"), day.branch, count, url, False, told)


def _of_kind(kind: Kind, scope: Scope) -> Iterable[Waiting]:
    rows = kind.model._default_manager.all().visible_to(scope.user)
    rows = rows.filter(scope.each(kind.path, lambda day: Q(**kind.lookups(day))))
    counts = dict(rows.order_by().values(kind.path).annotate(n=Count("pk")).values_list(kind.path, "n"))
    told = _examples(kind, rows, scope) if counts else ()
    for day in scope.days:
        if count := counts.get(day.branch.pk, 0):
            url = list_of(kind.model, branch=day.branch, **kind.lookups(day))
            yield Waiting(kind.title, day.branch, count, url, kind.pressing, told)


def _examples(kind: Kind, rows: QuerySet[Any], scope: Scope) -> tuple[Example, ...]:
    """The first few, where one branch is looked at."""
    if scope.only is None:
        return ()
    first = rows.select_related(*kind.related).order_by(*kind.order)[:SHOWN]
    return tuple(kind.tell(row, scope.only) for row in first)
