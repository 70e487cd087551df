"""One message on its way: pointless, refused, or cleared, committed as leaving, and handed over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from compliance import gate
from compliance.content_checking import Unacceptable
from compliance.content_wording import as_json
from compliance.gate import Ask, Channel, Expired, Purpose, Refused
from followups import outbox
from followups.gateways import Gateway, NotDelivered
from followups.models import Message
from followups.models.messages import MessageStatus
from followups.staleness import why_pointless
from followups.wording import NothingToSay, Wording, wording_of

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

AFTER_EXPIRED_PERMIT = timedelta(minutes=1)
AFTER_WRONG_CLOCK = timedelta(minutes=10)  # somebody sets it right, and nothing is lost
WITHOUT_WORDS = timedelta(minutes=10)
FAILURE_SHOWN = 200


@dataclass(frozen=True)
class Dispatcher:
    gateway: Gateway
    clock: Clock
    by: User


def send(message: Message, dispatcher: Dispatcher) -> None:
    """Take a claimed message as far as it gets now. Raises whatever is wrong with it; its row tells how far it got."""
    now = dispatcher.clock()
    if message.status != MessageStatus.CLAIMED:
        return
    if reason := why_pointless(message, now=now):
        outbox.cancel(message, reason=reason, by=dispatcher.by, now=now)
        return
    try:
        hand_over = _clear(message, wording_of(message, now=now), dispatcher, now=now)
    except Unacceptable as no:
        _block(message, no, dispatcher)
    except NothingToSay as nothing:
        _wait_for_words(message, nothing, dispatcher)
    except Refused as no:
        _wait(message, no, dispatcher)
    else:
        hand_over()


def _clear(
    message: Message, wording: Wording, dispatcher: Dispatcher, *, now: datetime
) -> Callable[[], None]:
    """Ask the gate; with its yes, commit that the message is about to leave. Returns what is then to be done.

    Nothing is unsealed before the gate said yes, and nothing that can fail is left for after.
    """
    ask = Ask(
        message.customer_id,
        Channel(message.channel),
        Purpose(message.purpose),
        at=now,
        until=now,
        phone_id=message.phone_id,
    )
    with gate.clearance(ask, by=dispatcher.by, now=now) as clearance:
        number = message.phone.unseal_number()
        contact = gate.make_contact(clearance, by=dispatcher.by, now=now)
        outbox.move(
            message,
            to=MessageStatus.SENDING,
            by=dispatcher.by,
            now=now,
            contact=contact,
            template=wording.template,
            facts=wording.facts,
            failure="",
        )
    return lambda: _hand_over(message, number, wording.text, dispatcher)


def _block(message: Message, no: Unacceptable, dispatcher: Dispatcher) -> None:
    """The finished text breaks a content rule. The gate was not asked; every reason stays with the message."""
    outbox.move(
        message,
        to=MessageStatus.BLOCKED,
        by=dispatcher.by,
        now=dispatcher.clock(),
        detail={"content": [as_json(hit) for hit in no.hits]},
        failure=str(no)[:FAILURE_SHOWN],
    )


def _wait_for_words(message: Message, nothing: NothingToSay, dispatcher: Dispatcher) -> None:
    """It waits until somebody mends what is missing, or until it expires; the reason is on its page."""
    now = dispatcher.clock()
    log.error("Message %s: nothing to say (%s)", message.pk, nothing)
    outbox.move(
        message,
        to=MessageStatus.PENDING,
        by=dispatcher.by,
        now=now,
        detail={"nothing to say": str(nothing)},
        failure=str(nothing)[:FAILURE_SHOWN],
        due_at=now + WITHOUT_WORDS,
    )


def _wait(message: Message, no: Refused, dispatcher: Dispatcher) -> None:
    allowed_at = no.refusal.next_allowed_at
    told: dict[str, Any] = {
        "by": dispatcher.by,
        "now": dispatcher.clock(),
        "detail": {"refusal": str(no.refusal.pk)},
        "last_refusal": no.refusal,
    }
    if no.refusal.only_clocks_stand_in_the_way:
        outbox.move(message, to=MessageStatus.PENDING, due_at=dispatcher.clock() + AFTER_WRONG_CLOCK, **told)
    elif allowed_at is None:
        outbox.move(message, to=MessageStatus.BLOCKED, **told)
    else:
        outbox.move(
            message,
            to=MessageStatus.PENDING,
            due_at=allowed_at,
            deferrals=message.deferrals + 1,
            **told,
        )


def _hand_over(message: Message, number: str, text: str, dispatcher: Dispatcher) -> None:
    """From here on the message has left as far as anyone can know, unless the gateway surely was not called."""
    by, clock = dispatcher.by, dispatcher.clock
    if not _may_still_go(message, now=clock()):
        _call_back(message, dispatcher)
        return
    try:
        provider_id = dispatcher.gateway.send(message_id=message.pk, to=number, text=text)
    except NotDelivered as no:
        outbox.mark_failed(message, failure=str(no)[:200], by=by, now=clock())
    except Exception as fault:  # noqa: BLE001
        failure = type(fault).__name__
        log.warning("Message %s: nobody knows whether it was sent (%s)", message.pk, failure)
        outbox.move(message, to=MessageStatus.UNKNOWN, by=by, now=clock(), failure=failure)
    else:
        outbox.mark_sent(message, provider_id=provider_id, by=by, now=clock())


def _may_still_go(message: Message, *, now: datetime) -> bool:
    if message.contact is None:
        return False
    try:
        gate.ensure_still_allowed(message.contact, now=now)
    except Expired:
        return False
    return True


def _call_back(message: Message, dispatcher: Dispatcher) -> None:
    """The gateway was not called. At the next try the gate says no and for how long, on record."""
    now = dispatcher.clock()
    outbox.move(
        message,
        to=MessageStatus.PENDING,
        by=dispatcher.by,
        now=now,
        detail={"reason": "permit expired"},
        contact=None,
        due_at=now + AFTER_EXPIRED_PERMIT,
    )
