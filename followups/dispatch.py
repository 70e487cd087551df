"""Sending what is due, each message at most once.

    PENDING → CLAIMED → SENDING (committed before the gateway is called) → SENT | FAILED | UNKNOWN

A message that a killed dispatcher left in CLAIMED never reached the gateway and waits again. One left in SENDING may
have: nobody knows, so it becomes UNKNOWN and a person settles it. `docs/messages.md` goes through every crash.
"""

import logging
import traceback
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from followups import outbox
from followups.gateways import Gateway
from followups.models import Message
from followups.models.messages import MessageStatus
from followups.sending import Clock, Dispatcher, send

log = logging.getLogger(__name__)

BATCH = 20
WORKS_FOR = timedelta(seconds=150)  # well below the soft limit of a task
STUCK_AFTER = timedelta(minutes=5)  # longer than a dispatcher works, and than any gateway's time-out
AFTER_FAULT = timedelta(minutes=10)  # later than this run, so that no message is tried twice in it


def dispatch_due(*, gateway: Gateway, clock: Clock, by: User) -> Counter[str]:
    """Send every message that is due, and clear up after dispatchers that were killed.

    Takes the clock and not the time, unlike everything else: a run lasts minutes, and each message is judged at its
    own moment. Any number of dispatchers may run side by side. Returns how many messages ended in which status.
    """
    dispatcher = Dispatcher(gateway, clock, by)
    stops_at = clock() + WORKS_FOR
    ended: Counter[str] = Counter()
    _clear_up(by=by, now=clock())
    while batch := _claim(by=by, now=clock()):
        for message_id in batch:
            if clock() >= stops_at:
                _unclaim(batch, by=by, now=clock())
                return ended
            ended[_deliver(message_id, dispatcher)] += 1
    return ended


def _clear_up(*, by: User, now: datetime) -> None:
    stuck = Message.objects.stuck(since=now - STUCK_AFTER)
    outbox.move_all(stuck, old=MessageStatus.CLAIMED, to=MessageStatus.PENDING, by=by, now=now)
    outbox.move_all(stuck, old=MessageStatus.SENDING, to=MessageStatus.UNKNOWN, by=by, now=now)


def _claim(*, by: User, now: datetime) -> list[UUID]:
    due = Message.objects.due(at=now)
    return outbox.move_all(
        due, old=MessageStatus.PENDING, to=MessageStatus.CLAIMED, by=by, now=now, most=BATCH
    )


def _unclaim(batch: list[UUID], *, by: User, now: datetime) -> None:
    mine = Message.objects.filter(pk__in=batch)
    outbox.move_all(mine, old=MessageStatus.CLAIMED, to=MessageStatus.PENDING, by=by, now=now)


def _deliver(message_id: UUID, dispatcher: Dispatcher) -> str:
    """One claimed message, come what may: what is wrong with it stops no other."""
    try:
        send(Message.objects.with_all_it_needs().get(pk=message_id), dispatcher)
    except Exception as fault:  # noqa: BLE001
        _put_back(message_id, fault, dispatcher)
    return str(Message.objects.values_list("status", flat=True).get(pk=message_id))


def _put_back(message_id: UUID, fault: Exception, dispatcher: Dispatcher) -> None:
    """Only from CLAIMED: after that nobody knows, and the message is left to become UNKNOWN.

    The exception's text may hold a number; its type and place do not.
    """
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    log.error("Message %s: %s at %s:%s", message_id, type(fault).__name__, frame.filename, frame.lineno)
    message = Message.objects.get(pk=message_id)
    if message.status == MessageStatus.CLAIMED:
        now = dispatcher.clock()
        detail = {"fault": type(fault).__name__}
        outbox.move(
            message,
            to=MessageStatus.PENDING,
            by=dispatcher.by,
            now=now,
            detail=detail,
            due_at=now + AFTER_FAULT,
        )
