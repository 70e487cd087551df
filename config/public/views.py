"""The customers' pages: parse, read the clock, one call each, render. Nothing of them is kept by browsers or proxies."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compliance.complaints.public import (
    MOST_FILINGS,
    NoSuchComplaint,
    TooMany,
    file_complaint,
    status_for,
    token_of,
)
from compliance.complaints.steps import NotAllowed
from compliance.complaints.terms import Category
from config.public.addresses import address_of
from config.public.forms import ComplaintForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form, and where it is sent to. Whoever sends it is led to the status page, which shows the reference."""
    if request.method != "POST":
        return _form(request, ComplaintForm())
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    said = form.cleaned_data
    try:
        complaint = file_complaint(
            category=Category(said["category"]),
            told=said["told"],
            bank_number=said["bank_number"],
            contact_details=said["contact_details"],
            origin=str(said["once"]),
            address=address_of(request, proxies=settings.PROXIES),
            now=timezone.now(),
        )
    except TooMany:
        form.add_error(
            None,
            gettext(
                "%(most)d complaints came from your connection within an hour. Please wait an hour, or call the "
                "hotline of your branch."
            )
            % {"most": MOST_FILINGS},
        )
        return _form(request, form, status=429)
    except NotAllowed as reason:
        form.add_error(None, str(reason))
        return _form(request, form, status=422)
    return redirect("complaint-status", token=token_of(complaint))


def _form(request: HttpRequest, form: ComplaintForm, *, status: int = 200) -> HttpResponse:
    return _page(request, "public/complaint.html", status=status, form=form)


@never_cache
@require_safe
def complaint_status(request: HttpRequest, token: str) -> HttpResponse:
    """Where one complaint stands, for whoever holds its address."""
    try:
        complaint = status_for(token, now=timezone.now())
    except NoSuchComplaint:
        return _page(request, "public/no_such_complaint.html", status=404)
    with timezone.override(complaint.zone):
        return _page(request, "public/complaint_status.html", complaint=complaint)


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Not for search engines: the address of a status page is its key."""
    response = render(request, template, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
