"""What is done to a case by anyone: its next action, its stage, and the news that its facts changed."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Case, CaseEvent, User
from accounts.models.cases import CaseEventKind, CaseStatus, NextAction, Stage


class CaseClosed(Exception):
    """The case is closed: nothing can be planned on it any more."""


@transaction.atomic
def set_next_action(
    case_id: UUID, *, action: NextAction, on: date, stage: Stage | None = None, by: User, now: datetime
) -> None:
    """Say what happens next on an open case and by which local date. Raises CaseClosed."""
    changes: dict[str, object] = {"next_action": action, "next_action_on": on}
    if stage:
        changes["stage"] = stage
    if not Case.objects.filter(pk=case_id, status=CaseStatus.OPEN).update(**changes):
        raise CaseClosed(case_id)
    CaseEvent.objects.create(
        case_id=case_id,
        kind=CaseEventKind.NEXT_ACTION,
        at=now,
        by=by,
        detail={key: str(value) for key, value in changes.items()},
    )


def note_changed_facts(*, customers: Iterable[UUID], now: datetime) -> int:
    """Mark open cases of these customers for a fresh assessment. Returns how many were marked."""
    return Case.objects.open().filter(customer_id__in=list(customers)).update(facts_changed_at=now)
