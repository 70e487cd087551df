"""The life of a customer's request: received, identity checked, decided, carried out and answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance import audit
from compliance.data_requests.deadline import due_on
from compliance.data_requests.effects import carry_out, ensure_can_be_granted, take_effect
from compliance.data_requests.terms import (
    DECISIONS,
    FAVOURABLE,
    NEEDS_A_REASON,
    TRANSITIONS,
    IdentityCheck,
    ReceivedThrough,
    RequestKind,
    RequestStatus,
)
from compliance.models import DataRequest, DataRequestEvent
from compliance.terms import Channel


class NotAllowed(Exception):
    """The request is not at this point, or not any more."""


class NeedsReason(Exception):
    """What is refused, in whole or in part, is refused with its reason (PIPL art. 50)."""


class NotAnswered(Exception):
    """A request is done when the customer was told, and it says how."""


@transaction.atomic
def receive(
    *,
    customer: Customer,
    kind: RequestKind,
    through: ReceivedThrough,
    wish: str = "",
    channels: Sequence[Channel] = (),
    by: User,
    now: datetime,
) -> DataRequest:
    """Take a request in. Its deadline counts in the days of the customer's branch."""
    local = now.astimezone(ZoneInfo(customer.branch.time_zone))
    request = DataRequest.objects.create(
        customer=customer,
        kind=kind,
        wish=wish,
        channels=list(channels),
        received_at=now,
        received_by=by,
        received_through=through,
        due_on=due_on(local.date()),
    )
    _remember(request, old="", new=RequestStatus.RECEIVED, by=by, now=now, detail={"through": through})
    return request


def take_on(request: DataRequest, *, by: User) -> None:
    """`by` handles the request from now on. Raises NotAllowed when it is done."""
    if not DataRequest.objects.open().filter(pk=request.pk).update(handler=by):
        raise NotAllowed(gettext("This request is done."))


@transaction.atomic
def check_identity(request: DataRequest, *, how: IdentityCheck, by: User, now: datetime) -> None:
    """It is the customer who asks, or somebody entitled to. Raises NotAllowed."""
    checked = {"identity_check": how, "checked_at": now, "checked_by": by, "handler": by}
    old = _move(request, to=RequestStatus.IDENTITY_CHECKED, **checked)
    _remember(request, old=old, new=RequestStatus.IDENTITY_CHECKED, by=by, now=now, detail={"how": how})


@transaction.atomic
def decide(
    request: DataRequest, *, decision: RequestStatus, reason: str = "", by: User, now: datetime
) -> None:
    """Grant, grant in part or refuse. A restriction or an objection that is granted takes effect at once.

    Raises NotAllowed, NeedsReason, and MustBeKept when a deletion is asked for that nothing allows.
    """
    if decision not in DECISIONS:
        raise NotAllowed(gettext("Grant the request, grant it in part, or refuse it."))
    if decision in NEEDS_A_REASON and not reason.strip():
        raise NeedsReason(gettext("Say why the request is refused or granted in part only."))
    if decision in FAVOURABLE:
        ensure_can_be_granted(request, now=now)
    decided = {"reason": reason.strip(), "decided_at": now, "decided_by": by}
    old = _move(request, to=decision, **decided)
    if decision in FAVOURABLE:
        take_effect(request, by=by, now=now)
    _remember(request, old=old, new=decision, by=by, now=now)


@transaction.atomic
def complete(request: DataRequest, *, answer: str, by: User, now: datetime) -> None:
    """Carry out what was granted, and say how the customer was told.

    Raises NotAllowed, NotAnswered; NotCarriedOut when the package or the correction is still missing; MustBeKept when
    something came in the way of a deletion since it was granted.
    """
    if not answer.strip():
        raise NotAnswered(gettext("Say how and when the customer was told."))
    request = DataRequest.objects.select_for_update().select_related("customer").get(pk=request.pk)
    if request.status in FAVOURABLE:
        carry_out(request, by=by, now=now)
    done = {"answer": answer.strip(), "done_at": now, "done_by": by}
    old = _move(request, to=RequestStatus.DONE, **done)
    _remember(request, old=old, new=RequestStatus.DONE, by=by, now=now)


def _move(request: DataRequest, *, to: RequestStatus, **changes: Any) -> RequestStatus:
    """Compare and swap. Returns the status it had; the caller remembers the step in the same transaction."""
    old = RequestStatus(request.status)
    if to not in TRANSITIONS[old]:
        raise NotAllowed(
            gettext("A request that is “%(old)s” cannot become “%(new)s”.")
            % {"old": old.label, "new": to.label}
        )
    if not DataRequest.objects.filter(pk=request.pk, status=old).update(status=to, **changes):
        raise NotAllowed(gettext("Somebody else has just moved this request on. Load the page again."))
    for name, value in {"status": to, **changes}.items():
        setattr(request, name, value)
    return old


def _remember(
    request: DataRequest,
    *,
    old: RequestStatus | str,
    new: RequestStatus,
    by: User,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """The step, and its link in the chain: the last statements of their transaction."""
    step = DataRequestEvent.objects.create(
        request=request, old=old, new=new, at=now, by=by, detail=detail or {}
    )
    audit.record_rows([step], by=by, now=now)
