"""The supervisors' pages: parse, read the clock, one call each, render."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.asking import asking
from config.desk.decisions import waiting
from config.desk.messages import messages_today
from config.desk.pipeline import pipelines
from config.desk.promises import promises_due
from config.desk.refusals import refusals_today
from config.desk.rounds import rounds
from config.desk.scope import NoSuchBranch, Scope, look_at


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The home page: where all cases stand, what waits for a decision, and how the day goes."""
    scope = _scope(request)
    panels = {
        "pipelines": pipelines(scope),
        "waiting": waiting(scope),
        "rounds": rounds(scope),
        "refusals": refusals_today(scope),
        "promises": promises_due(scope),
        "messages_by_state": messages_today(scope),
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


def day_map(request: HttpRequest) -> HttpResponse:
    raise Http404


def case_file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    raise Http404


def show_identity_number(request: HttpRequest, case_id: UUID) -> HttpResponse:
    raise Http404


def show_phone(request: HttpRequest, case_id: UUID, phone_id: UUID) -> HttpResponse:
    raise Http404
