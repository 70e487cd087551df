"""What a request does to the customer's data once it is granted, kind by kind."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from accounts.cases import set_next_action
from accounts.models import Case, User
from accounts.models.cases import NextAction
from compliance.data_requests.terms import RequestKind
from compliance.exporting.terms import ExportKind
from compliance.models import Correction, DataRequest, Export
from compliance.restrictions import enter_restriction
from compliance.retention.erasing import erase
from compliance.retention.keeping import ensure_may_go
from compliance.terms import Channel, RestrictionKind


class NotCarriedOut(Exception):
    """What was granted has not been done yet."""


Effect = Callable[[DataRequest, User, datetime], None]


def ensure_can_be_granted(request: DataRequest, *, now: datetime) -> None:
    """Raises MustBeKept for a deletion that retention, a hold or an open case forbids."""
    if request.kind == RequestKind.DELETION:
        ensure_may_go(request.customer, now=now)


def take_effect(request: DataRequest, *, by: User, now: datetime) -> None:
    """What happens the moment the request is granted."""
    AT_ONCE.get(RequestKind(request.kind), _nothing)(request, by, now)


def carry_out(request: DataRequest, *, by: User, now: datetime) -> None:
    """What has to be done before the request is done. Raises NotCarriedOut and MustBeKept."""
    BEFORE_THE_END.get(RequestKind(request.kind), _nothing)(request, by, now)


def _nothing(_request: DataRequest, _by: User, _now: datetime) -> None:
    return


def _restrict(request: DataRequest, by: User, now: datetime) -> None:
    """Contact by the channels the customer named stops (PIPL art. 44), until a person lifts the restriction."""
    enter_restriction(
        customer=request.customer,
        kind=RestrictionKind.DO_NOT_CONTACT,
        channels=[Channel(one) for one in request.channels],
        starts_at=now,
        ends_at=None,
        evidence=f"data request {request.pk}",
        by=by,
        now=now,
    )


def _let_a_person_decide(request: DataRequest, by: User, now: datetime) -> None:
    """The supervisor decides on the open case, not the score (PIPL art. 24)."""
    case = Case.objects.open().filter(customer=request.customer_id).select_related("branch").first()
    if case is not None:
        today = now.astimezone(ZoneInfo(case.branch.time_zone)).date()
        set_next_action(case.pk, action=NextAction.SUPERVISOR, on=today, by=by, now=now)


def _handed_over(request: DataRequest, _by: User, _now: datetime) -> None:
    packages = Export.objects.filter(what=ExportKind.ACCESS_PACKAGE, customer=request.customer_id)
    if not packages.filter(filters__request=str(request.pk)).exists():
        raise NotCarriedOut(gettext("Build the package and hand it over first."))


def _corrected(request: DataRequest, _by: User, _now: datetime) -> None:
    if not Correction.objects.filter(request=request).exists():
        raise NotCarriedOut(gettext("Enter the correction first."))


def _erased(request: DataRequest, by: User, now: datetime) -> None:
    ensure_may_go(request.customer, now=now)
    erase(request.customer, request=request, by=by, now=now)


AT_ONCE: dict[RequestKind, Effect] = {
    RequestKind.RESTRICTION: _restrict,
    RequestKind.OBJECTION: _let_a_person_decide,
}
BEFORE_THE_END: dict[RequestKind, Effect] = {
    RequestKind.ACCESS: _handed_over,
    RequestKind.CORRECTION: _corrected,
    RequestKind.DELETION: _erased,
}
