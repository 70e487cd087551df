"""What is done to a case by anyone: its next action, its stage, and the news that its facts changed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Case, CaseEvent, Customer, User
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


@dataclass(frozen=True)
class NextStep:
    """What happens next on a case and by which local date."""

    case_id: UUID
    action: NextAction
    on: date
    stage: Stage


@transaction.atomic
def set_next_actions(steps: Sequence[NextStep], *, by: User, now: datetime) -> int:
    """Say what happens next on many cases at once. Closed cases are left alone. Returns how many were told."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_case AS c SET next_action = step.action, next_action_on = step.day, stage = step.stage
            FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::text[]) AS step (id, action, day, stage)
            WHERE c.id = step.id AND c.status = 'OPEN'
            RETURNING c.id
            """,
            [
                [step.case_id for step in steps],
                [str(step.action) for step in steps],
                [step.on for step in steps],
                [str(step.stage) for step in steps],
            ],
        )
        told = {row[0] for row in cursor.fetchall()}
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case_id=step.case_id,
            kind=CaseEventKind.NEXT_ACTION,
            at=now,
            by=by,
            detail={"next_action": step.action, "next_action_on": str(step.on), "stage": step.stage},
        )
        for step in steps
        if step.case_id in told
    )
    return len(told)


def note_changed_facts(*, customers: Iterable[UUID], now: datetime) -> int:
    """Mark open cases of these customers for a fresh assessment. Returns how many were marked."""
    return Case.objects.open().filter(customer_id__in=list(customers)).update(facts_changed_at=now)


def note_of_customers(
    customers: QuerySet[Customer],
    *,
    kind: CaseEventKind,
    detail: Mapping[str, Any],
    by: User,
    now: datetime,
) -> int:
    """Write the same event into the open case of each of these customers. One statement, however many they are.

    Returns how many cases were told.
    """
    cases = Case.objects.open().filter(customer__in=customers.values("pk")).values("pk")
    which, parameters = cases.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO accounts_caseevent (case_id, kind, at, by_id, detail)
            SELECT found.id, %s, %s, %s, %s::jsonb FROM ({which}) AS found (id)
            """,  # noqa: S608 - the ORM's own words
            [str(kind), now, by.pk, json.dumps(detail), *parameters],
        )
        return int(cursor.rowcount)
