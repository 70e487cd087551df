"""The steps of a message. Each is compare-and-swap and leaves its event in the same transaction."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from accounts.models import User
from compliance.terms import Purpose
from followups.models import Message, MessageEvent
from followups.models.messages import TRANSITIONS, CancelReason, MessageQuerySet, MessageStatus
from visits.life import NotAllowed, mark_notified
from visits.models import Visit


def move(
    message: Message,
    *,
    to: MessageStatus,
    by: User,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    **changes: Any,
) -> None:
    """Take `message` from the status it was read with to the next. Raises NotAllowed when it has moved on."""
    old = MessageStatus(message.status)
    if to not in TRANSITIONS[old]:
        steps = {"old": old.label, "new": to.label}
        raise NotAllowed(gettext("A message that is “%(old)s” cannot become “%(new)s”.") % steps)
    changes |= {"status": to, "status_changed_at": now}
    with transaction.atomic(savepoint=False):
        if not Message.objects.filter(pk=message.pk, status=old).update(**changes):
            raise NotAllowed(gettext("The message has moved on meanwhile. Look at it again."))
        MessageEvent.objects.create(
            message=message, old=old, new=to, at=now, by=by, detail=dict(detail or {})
        )
    for field, value in changes.items():
        setattr(message, field, value)


def move_all(
    messages: MessageQuerySet,
    *,
    old: MessageStatus,
    to: MessageStatus,
    by: User,
    now: datetime,
    most: int | None = None,
    **changes: Any,
) -> list[UUID]:
    """Take up to `most` messages in status `old` to `to`, passing over those that another process holds.

    Set-wise. Returns their ids, in the order of `messages`.
    """
    with transaction.atomic():
        rows = messages.filter(status=old).select_for_update(skip_locked=True)
        ids = list(rows.values_list("pk", flat=True)[:most])
        if not ids:
            return []
        Message.objects.filter(pk__in=ids).update(status=to, status_changed_at=now, **changes)
        MessageEvent.objects.bulk_create(
            MessageEvent(message_id=pk, old=old, new=to, at=now, by=by) for pk in ids
        )
    return ids


def cancel_all(messages: MessageQuerySet, *, reason: CancelReason, by: User, now: datetime) -> Counter[int]:
    """Call off all of these that have not left yet, in one statement; one in the hands of a dispatcher stops there.

    Waits for a step that is being taken and then looks at it again. Returns how many of which branch.
    """
    waiting = messages.filter(status__in=(MessageStatus.PENDING, MessageStatus.CLAIMED)).order_by("pk")
    rows = waiting.values("pk", "status").select_for_update()
    found, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found (id, old) AS ({found}),
            gone AS (
                UPDATE followups_message AS m SET status = %s, cancel_reason = %s, status_changed_at = %s
                FROM found WHERE m.id = found.id RETURNING m.id, found.old, m.case_id
            ),
            told AS (
                INSERT INTO followups_messageevent (message_id, old, new, at, by_id, detail)
                SELECT id, old, %s, %s, %s, %s::jsonb FROM gone
            )
            SELECT c.branch_id, count(*) FROM gone JOIN accounts_case AS c ON c.id = gone.case_id GROUP BY 1
            """,  # noqa: S608 - the ORM's own words
            [
                *parameters,
                *(str(MessageStatus.CANCELLED), str(reason), now),
                *(str(MessageStatus.CANCELLED), now, by.pk, json.dumps({"reason": str(reason)})),
            ],
        )
        return Counter(dict(cursor.fetchall()))


def cancel(message: Message, *, reason: CancelReason, by: User, now: datetime) -> None:
    """Call off a message that has not left yet. Raises NotAllowed."""
    move(message, to=MessageStatus.CANCELLED, by=by, now=now, detail={"reason": reason}, cancel_reason=reason)


def mark_sent(message: Message, *, provider_id: str, by: User, now: datetime) -> None:
    """The gateway has taken the message, or a person found out that it had. Raises NotAllowed.

    The visit a message announces is notified by it, in the same transaction; unless the visit was called off
    meanwhile, which cannot unsend the message.
    """
    with transaction.atomic():
        move(message, to=MessageStatus.SENT, by=by, now=now, provider_id=provider_id)
        if message.visit is not None and message.purpose == Purpose.VISIT_NOTICE:
            _tell_the_visit(message.visit, by=by, now=now)


def _tell_the_visit(visit: Visit, *, by: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            mark_notified(visit, by=by, now=now)
    except NotAllowed:
        return


def mark_failed(message: Message, *, failure: str, by: User, now: datetime) -> None:
    """The message certainly did not reach the customer. Raises NotAllowed."""
    move(message, to=MessageStatus.FAILED, by=by, now=now, detail={"failure": failure}, failure=failure)


def settle_as_sent(message: Message, *, by: User, now: datetime) -> None:
    """A person found out, from the provider or the customer, that an unknown message arrived. Raises NotAllowed."""
    _ensure_unknown(message)
    mark_sent(message, provider_id=message.provider_id, by=by, now=now)


def settle_as_failed(message: Message, *, by: User, now: datetime) -> None:
    """A person found out that an unknown message never arrived. It is not sent again by itself. Raises NotAllowed."""
    _ensure_unknown(message)
    mark_failed(message, failure=message.failure, by=by, now=now)


def _ensure_unknown(message: Message) -> None:
    if message.status != MessageStatus.UNKNOWN:
        raise NotAllowed(gettext("Only a message of which nobody knows whether it was sent can be settled."))


def call_off_closed_cases(*, by: User, now: datetime) -> int:
    """Cancel what waits for customers who owe nothing any more. Returns how many; set-wise."""
    gone = move_all(
        Message.objects.of_closed_cases(),
        old=MessageStatus.PENDING,
        to=MessageStatus.CANCELLED,
        by=by,
        now=now,
        cancel_reason=CancelReason.CASE_CLOSED,
    )
    return len(gone)
