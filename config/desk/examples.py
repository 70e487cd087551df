"""One waiting row in a line: who or what, a note beside it, and where to go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Case
from config.desk.links import page_of
from config.desk.money import Money
from config.desk.scope import BranchDay
from followups.models import FollowUp, Message
from visits.models import BreakOff, Incident, Overrun, Plan


@dataclass(frozen=True)
class Example:
    who: str
    what: str
    note: str
    url: str


def incident(row: Incident, day: BranchDay) -> Example:
    who = row.visit.customer.masked_name
    return Example(who, row.get_kind_display(), _moment(row.received_at, day), _case_file(row.visit.case_id))


def overrun(row: Overrun, day: BranchDay) -> Example:
    who = row.visit.customer.masked_name
    return Example(who, row.visit.get_status_display(), _moment(row.at, day), _case_file(row.visit.case_id))


def break_off(row: BreakOff, day: BranchDay) -> Example:
    who, what = row.visit.customer.masked_name, row.visit.team.name
    return Example(who, what, _moment(row.at, day), _case_file(row.visit.case_id))


def review(row: Any, _day: BranchDay) -> Example:
    """A restriction to be looked at again."""
    who, what = row.customer.masked_name, row.get_kind_display()
    return Example(who, what, date_format(row.review_on, "MONTH_DAY_FORMAT"), page_of(row))


def message(row: Message, day: BranchDay) -> Example:
    who, what = row.customer.masked_name, row.get_purpose_display()
    return Example(who, what, _moment(row.status_changed_at, day), page_of(row))


def follow_up(row: FollowUp, _day: BranchDay) -> Example:
    who, what = row.customer.masked_name, row.get_kind_display()
    return Example(who, what, date_format(row.due_on, "MONTH_DAY_FORMAT"), _case_file(row.case_id))


def plan(row: Plan, day: BranchDay) -> Example:
    day_planned = date_format(row.date, "DATE_FORMAT")
    return Example(day_planned, str(row.proposed_by), _moment(row.proposed_at, day), page_of(row))


def case(row: Case, _day: BranchDay) -> Example:
    overdue = Money(row.overdue_amount, row.currency).rounded
    return Example(row.customer.masked_name, row.get_stage_display(), overdue, _case_file(row.pk))


def _case_file(case_id: object) -> str:
    return reverse("case-file", args=[case_id])


def _moment(at: datetime, day: BranchDay) -> str:
    local = at.astimezone(day.zone)
    if local.date() == day.today:
        return f"{local:%H:%M}"
    return f"{date_format(local, 'MONTH_DAY_FORMAT')} {local:%H:%M}"
