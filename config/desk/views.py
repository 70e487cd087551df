"""The supervisors' pages: parse, read the clock, one call each, render."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.asking import asking
from accounts.models import Case
from compliance.disclosure_reasons import CHOICES
from config.desk.calendar import calendar_notices
from config.desk.case_file import open_case_file
from config.desk.closing import closing
from config.desk.complaints import complaints_waiting
from config.desk.contact_people import SEARCH
from config.desk.decisions import waiting
from config.desk.disclosing import DISCLOSE
from config.desk.messages import messages_today
from config.desk.pipeline import pipelines
from config.desk.privacy.seen import SEE_DISCLOSURES
from config.desk.promises import promises_due
from config.desk.refusals import refusals_today
from config.desk.rounds import rounds
from config.desk.route_map import draw_map
from config.desk.scope import NoSuchBranch, Scope, look_at
from config.desk.stops import stops_today

ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The home page: where all cases stand, what waits for a decision, and how the day goes."""
    scope = _scope(request)
    panels = {
        "pipelines": pipelines(scope),
        "closing": closing(scope),
        "waiting": [*complaints_waiting(scope), *waiting(scope)],
        "rounds": rounds(scope),
        "refusals": refusals_today(scope),
        "stops": stops_today(scope),
        "promises": promises_due(scope),
        "messages_by_state": messages_today(scope),
        "calendar": calendar_notices(scope),
    }
    return _page(request, "desk/desk.html", gettext("Desk"), scope=scope, **panels)


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """Every kind of record the member of staff may look at, by package."""
    return admin.site.index(request, {"title": gettext("All records")})


def _scope(request: HttpRequest) -> Scope:
    try:
        return look_at(user=asking(request), code=request.GET.get("branch", ""), now=timezone.now())
    except NoSuchBranch as wrong:
        raise Http404(gettext("There is no branch of this code that you may see.")) from wrong


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})


@require_safe
def day_map(request: HttpRequest) -> HttpResponse:
    """The day's routes of one branch: the chosen one, or the first the user may see."""
    scope = _scope(request)
    if not scope.choices:
        raise Http404(gettext("You belong to no branch whose routes could be shown."))
    branch = scope.chosen or scope.choices[0]
    shown = draw_map(branch, on=_date(request), user=scope.user, now=scope.now)
    days = {"before": shown.date - ONE_DAY, "after": shown.date + ONE_DAY}
    with timezone.override(shown.day.zone):
        return _page(request, "desk/map.html", gettext("Map"), scope=scope, shown=shown, **days)


def _date(request: HttpRequest) -> date | None:
    """The day asked for; none is the branch's today. Raises Http404 for what is no date."""
    asked = request.GET.get("date", "")
    try:
        wanted = date.fromisoformat(asked) if asked else None
        return wanted and min(max(wanted, EARLIEST), LATEST)
    except ValueError as wrong:
        raise Http404(gettext("The date is written as 2026-11-20.")) from wrong


@require_safe
def case_file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everything on one customer and their case."""
    try:
        file = open_case_file(case_id, user=asking(request), now=timezone.now())
    except Case.DoesNotExist as missing:
        raise Http404(gettext("There is no case here that you may see.")) from missing
    rights = {
        "may_disclose": CHOICES if request.user.has_perm(DISCLOSE) else (),
        "may_see_disclosures": request.user.has_perm(SEE_DISCLOSURES),
        "may_search": request.user.has_perm(SEARCH),
        "may_name": request.user.has_perm("accounts.add_contactperson"),
    }
    with timezone.override(file.day.zone):
        title = file.case.customer.masked_name
        return _page(request, "desk/case_file.html", title, file=file, **rights)
