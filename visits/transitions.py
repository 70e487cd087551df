"""The only two ways a visit's status changes: compare-and-swap, with an event in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext

from accounts.models import User
from visits.models import Visit, VisitEvent
from visits.models.visits import TRANSITIONS, Status


class NotAllowed(Exception):
    """This step cannot be taken on this visit or plan now; the sentence says why."""


def ensure(visit: Visit, status: Status) -> None:
    """Raises NotAllowed unless the visit has this status."""
    if visit.status != status:
        raise NotAllowed(
            gettext("This visit is “%(now)s”; the step needs “%(needed)s”.")
            % {"now": visit.get_status_display(), "needed": status.label}
        )


def move(
    visit: Visit,
    *,
    to: Status,
    by: User,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take `visit` from the status its reader saw to `to`, with `changes` to other fields. Raises NotAllowed."""
    move_all([visit], to=to, by=by, now=now, detail=detail, **changes)


@transaction.atomic
def move_all(
    visits: Sequence[Visit],
    *,
    to: Status,
    by: User,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    each: Mapping[UUID, Mapping[str, Any]] | None = None,
    **changes: Any,
) -> None:
    """Take visits that share a status to `to`, all or none; `each` holds the changes of single visits by their ids.

    Two queries however many there are. Raises NotAllowed when the table has no such step, or when somebody moved
    one of the visits in the meantime.
    """
    if not visits:
        return
    old = Status(visits[0].status)
    if to not in TRANSITIONS[old] or any(visit.status != old for visit in visits):
        raise NotAllowed(_no_way(old, to))
    unmoved = Visit.objects.filter(pk__in=[visit.pk for visit in visits], status=old)
    moved = unmoved.update(status=to, status_changed_at=now, **changes, **_by_visit(each or {}))
    if moved != len(visits):
        raise NotAllowed(gettext("Somebody else has moved this visit in the meantime. Look at it again."))
    VisitEvent.objects.bulk_create(
        VisitEvent(visit=visit, old=old, new=to, at=now, by=by, detail=dict(detail or {})) for visit in visits
    )
    for visit in visits:
        visit.status = to
        visit.status_changed_at = now


def _no_way(old: Status, new: Status) -> str:
    return gettext("A visit that is “%(old)s” cannot become “%(new)s”.") % {
        "old": old.label,
        "new": new.label,
    }


def _by_visit(each: Mapping[UUID, Mapping[str, Any]]) -> dict[str, models.Case]:
    names = {name for changes in each.values() for name in changes}
    return {
        name: models.Case(
            *(models.When(pk=pk, then=models.Value(changes[name])) for pk, changes in each.items()),
            output_field=cast("models.Field[Any, Any]", Visit._meta.get_field(name)),
        )
        for name in names
    }
