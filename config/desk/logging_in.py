"""The desk's door: Django's own log-in and log-out, each remembered before it takes effect."""

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.asking import asking
from compliance.audit.log_ins import Door, note_failed_log_in, note_log_in, note_log_out


@never_cache
def log_in(request: HttpRequest) -> HttpResponseBase:
    """The log-in page. Whoever cannot be recorded does not come in."""
    with transaction.atomic():
        answer: HttpResponseBase = admin.site.login(request)
        if request.method == "POST":
            _note_try(request, answer)
    return answer


def _note_try(request: HttpRequest, answer: HttpResponseBase) -> None:
    if not isinstance(answer, TemplateResponse):
        note_log_in(asking(request), door=Door.DESK, now=timezone.now())
        return
    form = (answer.context_data or {})["form"]
    if form.non_field_errors():  # a name and a password were given, and not accepted
        name = form.cleaned_data.get("username", "")
        note_failed_log_in(username=name, door=Door.DESK, now=timezone.now())


def log_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session; by POST only."""
    user = asking(request)
    with transaction.atomic():
        answer: HttpResponseBase = admin.site.logout(request)
        if not request.user.is_authenticated:
            note_log_out(user, door=Door.DESK, by=user, now=timezone.now())
    return answer
