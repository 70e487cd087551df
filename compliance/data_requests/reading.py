"""Requests of customers for those who may look."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from compliance.models import Correction, DataRequest, DataRequestEvent
from compliance.models.data_requests import DataRequestQuerySet

__all__ = [
    "DataRequest",
    "corrections_of",
    "days_left",
    "open_requests",
    "requests_visible_to",
    "steps_of",
]


def requests_visible_to(user: User) -> DataRequestQuerySet:
    rows: DataRequestQuerySet = DataRequest.objects.visible_to(user).select_related(
        "customer__branch", "handler", "received_by", "checked_by", "decided_by", "done_by"
    )
    return rows


def open_requests(user: User) -> QuerySet[DataRequest]:
    """What is not answered yet, the most pressing first. One query."""
    return requests_visible_to(user).open().order_by("due_on", "pk")


def steps_of(request: DataRequest) -> QuerySet[DataRequestEvent]:
    return DataRequestEvent.objects.filter(request=request).select_related("by").order_by("at", "pk")


def corrections_of(request: DataRequest) -> QuerySet[Correction]:
    return Correction.objects.filter(request=request).select_related("by").order_by("at", "pk")


def days_left(request: DataRequest, *, today: date) -> int:
    """Days until the deadline, negative when it has passed."""
    return (request.due_on - today).days
