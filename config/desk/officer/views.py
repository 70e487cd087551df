"""The compliance officer's pages: parse, read the clock, one call each, render."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import asking
from accounts.models import Case, User
from accounts.models.staff import Role
from compliance.certificate import (
    ISSUE,
    Certificate,
    NoSuchCertificate,
    issue_certificate,
    issued_certificate,
    issued_certificates,
)
from compliance.decided import NoSuchDecision, explain
from compliance.report import compliance_report
from config.desk.officer.certificate_pdf import export_certificate
from config.desk.officer.certificate_wording import figures, how_to_verify, statement
from config.desk.officer.explorer import page_of_decisions
from config.desk.officer.filters import DecisionsForm, OverPeriodForm, PeriodForm
from config.desk.officer.report import share_of, tables
from config.desk.officer.rule_book import open_book
from config.desk.officer.strip import week_of_case
from config.desk.officer.tabs import DECISIONS, REPORT, tabs
from config.desk.privacy.pages import handed_over
from config.desk.scope import look_at

A_WEEK, A_MONTH = timedelta(days=6), timedelta(days=29)


@require_safe
def rule_book(request: HttpRequest) -> HttpResponse:
    """Every rule with its authority, settings and sources."""
    book = open_book(now=timezone.now())
    user = asking(request)
    rights = {
        "may_amend": user.role == Role.COMPLIANCE_OFFICER
        and user.has_perm("compliance.change_ruleamendment"),
        "may_see_sources": user.has_perm("compliance.view_legalsource"),
    }
    return _page(request, "rule_book", gettext("Rule book"), book=book, **rights)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Every contact that was asked for, allowed or refused; the last seven days at first."""
    user, now = _allowed(request, *DECISIONS), timezone.now()
    branches = look_at(user=user, code="", now=now).choices
    with _times_of(user):
        today = timezone.localdate(now)
        asked = {"first": today - A_WEEK, "last": today, **request.GET.dict()}
        form = DecisionsForm(asked, branches=branches)
        shown = page_of_decisions(form, user=user) if form.is_valid() else None
        return _page(request, "decisions", gettext("Decisions"), form=form, shown=shown)


@require_safe
def decision(request: HttpRequest, kind: str, decision_id: UUID) -> HttpResponse:
    """One decision: who, when, why, under which version of which rule."""
    user = _allowed(request, *DECISIONS)
    try:
        told = explain(kind, decision_id, user=user)
    except NoSuchDecision as missing:
        raise Http404(gettext("There is no decision here that you may see.")) from missing
    with _times_of(user):
        facts = json.dumps(told.facts, indent=1, ensure_ascii=False)
        return _page(request, "decision", gettext("Decision"), told=told, facts=facts)


@require_safe
def may_contact(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Whether the customer may be contacted now, and if not when, by every channel."""
    try:
        week = week_of_case(case_id, user=asking(request), now=timezone.now())
    except Case.DoesNotExist as missing:
        raise Http404(gettext("There is no case here that you may see.")) from missing
    with timezone.override(week.zone):
        return _page(request, "may_contact", gettext("May we contact this customer?"), week=week)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Refusals and overrides by rule, branch and person; the last thirty days at first."""
    user, now = _allowed(request, *REPORT), timezone.now()
    with _times_of(user):
        today = timezone.localdate(now)
        form = PeriodForm(request.GET or {"first": today - A_MONTH, "last": today})
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            since, until = form.span
            found = compliance_report(since=since, until=until, user=user)
            context |= {"found": found, "approved_share": share_of(found.approved, found.decided)}
            context |= tables(found, **form.cleaned_data)
        return _page(request, "report", gettext("Refusals and overrides"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """Issue the certificate about a period, or look at those issued before."""
    user, now = _allowed(request, ISSUE), timezone.now()
    with _times_of(user):
        today = timezone.localdate(now)
        asked = request.POST if request.method == "POST" else None
        form = OverPeriodForm(asked, initial={"first": today - A_MONTH, "last": today}, now=now)
        if form.is_valid():
            since, until = form.span
            issued = issue_certificate(since=since, until=until, by=user, now=now)
            return redirect("issued-certificate", issued.number)
        earlier = issued_certificates(user=user)
        return _page(request, "certificate", gettext("Certificate"), form=form, earlier=earlier)


@require_safe
def issued(request: HttpRequest, number: int) -> HttpResponse:
    """A certificate as it was issued."""
    user = _allowed(request, ISSUE)
    with _times_of(user):
        one = _issued(number, user)
        said = {"statement": statement(one), "figures": figures(one), "how": how_to_verify()}
        return _page(request, "issued", gettext("Certificate"), one=one, **said)


@require_POST
def issued_pdf(request: HttpRequest, number: int) -> HttpResponseBase:
    """The same as a file to hand on, which by then is in the ledger of exports."""
    user = _allowed(request, ISSUE)
    with _times_of(user):
        return handed_over(export_certificate(_issued(number, user), by=user, now=timezone.now()))


def _issued(number: int, user: User) -> Certificate:
    try:
        return issued_certificate(number, user=user)
    except NoSuchCertificate as missing:
        raise Http404(gettext("No certificate was issued under this number.")) from missing


def _allowed(request: HttpRequest, *rights: str) -> User:
    user = asking(request)
    if not user.has_perms(rights):
        raise PermissionDenied
    return user


@contextmanager
def _times_of(user: User) -> Iterator[None]:
    """Days and times by the clock of the one branch that is seen, else by that of the head office."""
    one = user.branch if user.branch and not user.sees_every_branch else None
    with timezone.override(one.time_zone if one else timezone.get_default_timezone()):
        yield


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title, "tabs": tabs(request, asking(request))}
    return render(request, f"desk/officer/{name}.html", {**frame, **context})
