"""Complaints on the desk and in the file of a case: those that are late, near, or that nobody has taken up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from compliance.complaints.deadlines import NEAR, how_urgent
from compliance.complaints.reading import complaints_visible_to
from compliance.complaints.terms import OPEN, Status
from config.desk.decisions import SHOWN, Waiting
from config.desk.examples import Example
from config.desk.links import Wanted, list_of, page_of
from config.desk.scope import BranchDay, Scope

OWED = ",".join(status.value for status in OPEN)
STILL_GOING_ON = (*OPEN, Status.ANSWERED)
MOST_IN_A_FILE = 10


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint in a customer's file; `urgency` is is-over, is-near or is-calm."""

    complaint: Any
    urgency: str
    url: str


@dataclass(frozen=True)
class Kind:
    title: str | Promise
    lookups: Callable[[BranchDay], dict[str, Wanted]]
    pressing: bool = False


def _late(day: BranchDay) -> dict[str, Wanted]:
    return {"status__in": OWED, "due_on__lt": day.today}


def _near(day: BranchDay) -> dict[str, Wanted]:
    return {"status__in": OWED, "due_on__gte": day.today, "due_on__lte": day.today + NEAR}


def _not_taken_up(day: BranchDay) -> dict[str, Wanted]:
    return {"status__in": f"{Status.RECEIVED},{Status.REOPENED}", "due_on__gt": day.today + NEAR}


KINDS = (
    Kind(_("Complaints past their deadline"), _late, pressing=True),
    Kind(_("Complaints due within five days"), _near, pressing=True),
    Kind(_("Complaints nobody has taken up"), _not_taken_up),
)


def complaints_waiting(scope: Scope) -> list[Waiting]:
    """Every open complaint of the branches that needs somebody, in one of three lines, and those no branch was found
    for. A constant number of queries for any number of branches.
    """
    found = [one for kind in KINDS for one in _of_kind(kind, scope)]
    return [*found, *_without_branch(scope)]


def _of_kind(kind: Kind, scope: Scope) -> Iterable[Waiting]:
    wanted = scope.each("branch", lambda day: Q(**_split(kind.lookups(day))))
    rows = complaints_visible_to(scope.user).filter(wanted)
    counts = dict(rows.order_by().values("branch").annotate(n=Count("pk")).values_list("branch", "n"))
    told = _examples(rows) if counts and scope.only else ()
    for day in scope.days:
        if count := counts.get(day.branch.pk, 0):
            url = list_of(rows.model, branch=day.branch, **kind.lookups(day))
            yield Waiting(kind.title, day.branch, count, url, kind.pressing, told)


def _without_branch(scope: Scope) -> Iterable[Waiting]:
    """For whoever sees every branch, also while one is looked at: nobody else finds these."""
    rows = complaints_visible_to(scope.user).open().filter(branch__isnull=True)
    if scope.user.sees_every_branch and (count := rows.count()):
        url = list_of(rows.model, branch=None, status__in=OWED, branch__isnull="True")
        yield Waiting(
            _("Complaints of unknown branch"), None, count, url, pressing=True, examples=_examples(rows)
        )


def _split(lookups: dict[str, Wanted]) -> dict[str, Any]:
    """The lookups of an address as those of a query."""
    return {
        name: value.split(",") if name.endswith("__in") and isinstance(value, str) else value
        for name, value in lookups.items()
    }


def _examples(rows: Any) -> tuple[Example, ...]:
    first = rows.select_related("customer").order_by("due_on", "pk")[:SHOWN]
    return tuple(_tell(row) for row in first)


def _tell(row: Any) -> Example:
    who = row.customer.masked_name if row.customer else row.reference
    return Example(who, row.get_category_display(), date_format(row.due_on, "MONTH_DAY_FORMAT"), page_of(row))


def complaints_of(customer: Customer, *, user: User, day: BranchDay) -> tuple[ComplaintLine, ...]:
    """The customer's complaints that are not over yet."""
    rows = complaints_visible_to(user).filter(customer=customer, status__in=STILL_GOING_ON)
    shown = rows.select_related("handler").order_by("due_on", "pk")[:MOST_IN_A_FILE]
    return tuple(ComplaintLine(row, how_urgent(row.due_on, today=day.today), page_of(row)) for row in shown)
