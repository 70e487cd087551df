"""The HTTP surface of the API on one page: its routes, and which fact becomes which answer (RFC 9457)."""

from typing import Any

from django.http import Http404
from django.urls import include, path
from django.utils.translation import gettext
from drf_spectacular.views import SpectacularAPIView
from rest_framework import status
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.cases import CaseClosed
from compliance.gate import Refused, readable
from visits.life import NotAllowed

Problem = dict[str, Any]


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as `application/problem+json`: type, title, status, detail, and what helps to mend it."""
    fact = _fact(exc)
    if fact is not None:
        problem, response = fact, Response(status=fact["status"])
    else:
        answered = exception_handler(exc, context)
        if answered is None:
            return None
        problem, response = _framework_error(exc, answered), answered
    response.data = problem
    response.content_type = "application/problem+json"
    return response


def _fact(exc: Exception) -> Problem | None:
    if isinstance(exc, Refused):
        return {
            "type": "refused",
            "title": gettext("Refused by the compliance gate"),
            "status": status.HTTP_403_FORBIDDEN,
            "detail": str(exc),
            "refusal": str(exc.refusal.pk),
            "reasons": readable(exc.refusal.reasons),
            "next_allowed_at": exc.refusal.next_allowed_at,
        }
    if isinstance(exc, NotAllowed | CaseClosed):
        return {
            "type": "not-allowed",
            "title": gettext("Not possible now"),
            "status": status.HTTP_409_CONFLICT,
            "detail": str(exc),
        }
    return None


def _framework_error(exc: Exception, answered: Response) -> Problem:
    if isinstance(exc, ValidationError):
        return {
            "type": "invalid",
            "title": gettext("The request is not valid"),
            "status": answered.status_code,
            "detail": gettext("See `errors`: each field with what is wrong with it."),
            "errors": answered.data,
        }
    if isinstance(exc, Http404):
        detail = gettext("There is nothing here that you may see.")
        return {"type": "not-found", "title": gettext("Not found"), "status": 404, "detail": detail}
    if isinstance(exc, APIException):
        kind = "forbidden" if isinstance(exc, PermissionDenied) else str(exc.default_code).replace("_", "-")
        return {
            "type": kind,
            "title": str(exc.default_detail),
            "status": answered.status_code,
            "detail": str(exc.detail),
        }
    return {"type": "error", "title": gettext("Error"), "status": answered.status_code, "detail": ""}


urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[]),
        name="schema",
    ),
    path("", include("visits.api")),
    path("", include("followups.api")),
]
