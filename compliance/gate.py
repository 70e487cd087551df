"""The one door to a customer. Whoever wants to reach one asks here, and there is no other way in.

    with gate.clearance(ask, by=agent, now=now) as clearance:
        contact = gate.make_contact(clearance, staff=2, by=agent, now=now)
        ...

The success path runs inside the gate's own transaction, with the customer locked. A refusal is committed before
`Refused` is raised. Never ask inside another transaction: the evidence would go with its rollback (Django raises).
Every decision and every contact is added to the audit chain as the last statement of its transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance.asking import Ask
from compliance.audit import record_rows
from compliance.deciding import keep_policies, write_clearances, write_refusals
from compliance.facts import Clock
from compliance.loading.people import ids_literal, load_same_persons
from compliance.models import Clearance, Contact, Refusal
from compliance.rules.checks.hours import BANK_HOURS
from compliance.terms import NOT_A_CONTACT, Channel, Party, Purpose
from compliance.verdicts import Verdict, judge_all
from compliance.windows import is_open
from compliance.wording import readable
from config.ledger import Ledger

__all__ = [
    "Ask",
    "Channel",
    "Clearance",
    "Expired",
    "Party",
    "Purpose",
    "Refusal",
    "Refused",
    "Verdict",
    "clearance",
    "clearances",
    "ensure_still_allowed",
    "make_contact",
    "preview",
    "preview_each",
    "readable",
]


class Refused(Exception):
    """The gate said no; `refusal` is the committed row with every reason."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.pk)

    def __str__(self) -> str:
        return " ".join(reason["sentence"] for reason in readable(self.refusal.reasons))


class Expired(Exception):
    """The permit is older than 60 seconds, or the window has closed since: do not hand over."""


def preview(
    customers: Iterable[UUID],
    *,
    channel: Channel,
    purpose: Purpose,
    at: datetime,
    lasting: timedelta = timedelta(),
    staff: int = 0,
) -> dict[UUID, Verdict]:
    """What the gate would say of the same contact with each of `customers` at the instant `at`. Nothing is written.

    A constant number of queries, for one customer or the whole portfolio.
    """
    asks = {
        customer: Ask(customer, channel, purpose, at, at + lasting, staff=staff) for customer in customers
    }
    verdicts = judge_all(list(asks.values()))
    return {customer: verdicts[ask] for customer, ask in asks.items()}


def preview_each(asks: Sequence[Ask]) -> dict[Ask, Verdict]:
    """What the gate would say to each ask, at the ask's own instant, without writing anything."""
    return judge_all(asks)


@contextmanager
def clearance(ask: Ask, *, by: User, now: datetime) -> Iterator[Clearance]:
    """A transaction that holds the locked customer and a Clearance; or a committed Refusal and `Refused`.

    Raises ValueError when an act is asked for another instant than `now`: only plans look ahead.
    """
    if ask.purpose not in NOT_A_CONTACT and ask.at != now:
        raise ValueError("A contact is cleared for the moment it is made; only plans look ahead.")
    with transaction.atomic(durable=True):
        _lock([ask.customer_id])
        verdict = judge_all([ask], clocks=_clocks(ask, now=now))[ask]
        policies = keep_policies([verdict], now=now)
        if verdict.allowed:
            granted = write_clearances([(ask, verdict)], by=by, now=now)[ask]
            yield granted
            record_rows([*policies, *_with_what_hangs_on_it(granted)], by=by, now=now)
            return
        refusal = write_refusals([(ask, verdict)], by=by, now=now)[ask]
        record_rows([*policies, refusal], by=by, now=now)
    raise Refused(refusal)


@contextmanager
def clearances(asks: Sequence[Ask], *, by: User, now: datetime) -> Iterator[dict[Ask, Clearance | Refusal]]:
    """The answers to many planned visits at once, committed together with the body; set-wise.

    For plans only: an act is cleared one by one, when it happens.
    """
    if any(ask.purpose not in NOT_A_CONTACT for ask in asks):
        raise ValueError("Only plans are cleared in sets.")
    with transaction.atomic(durable=True):
        _lock([ask.customer_id for ask in asks])
        verdicts = judge_all(asks)
        policies = keep_policies(verdicts.values(), now=now)
        granted = [(ask, verdict) for ask, verdict in verdicts.items() if verdict.allowed]
        refused = [(ask, verdict) for ask, verdict in verdicts.items() if not verdict.allowed]
        answers: dict[Ask, Clearance | Refusal] = {
            **write_clearances(granted, by=by, now=now),
            **write_refusals(refused, by=by, now=now),
        }
        yield answers
        decided = chain.from_iterable(map(_with_what_hangs_on_it, answers.values()))
        record_rows([*policies, *decided], by=by, now=now)


def make_contact(clearance: Clearance, *, staff: int = 0, by: User, now: datetime) -> Contact:
    """Write the contact that `clearance` allows; call it inside the `with` that gave the clearance.

    The database refuses it (IntegrityError) outside the customer's window by its own clock, after the permit's
    60 seconds, or when the clearance was used before.
    """
    facts = clearance.facts
    clearance.made = Contact.objects.create(
        clearance=clearance,
        customer_id=clearance.customer_id,
        channel=clearance.channel,
        purpose=clearance.purpose,
        party=clearance.party,
        phone_id=facts.get("number") or None,
        contact_person_id=facts.get("person") or None,
        staff_present=staff,
        made_at=now,
        made_by=by,
    )
    return clearance.made


def ensure_still_allowed(contact: Contact, *, now: datetime) -> None:
    """The last look before hand-over: raises Expired when the permit ran out or the window closed."""
    zones = tuple(contact.customer.time_zones)
    if now >= contact.clearance.expires_at or not is_open(BANK_HOURS, at=now, zones=zones):
        raise Expired(gettext("The permit expired before the message could be handed over."))


def _with_what_hangs_on_it(answer: Clearance | Refusal) -> list[Ledger]:
    """The answer, the use of an override that made it possible, and the contact that was made with it."""
    if isinstance(answer, Refusal):
        return [answer]
    return [answer, *(row for row in (answer.used, answer.made) if row)]


def _lock(customer_ids: Sequence[UUID]) -> None:
    """One decision at a time for each person; in the order of keys, so that two sets cannot deadlock."""
    wanted = {str(pk) for pk in customer_ids}
    twins = {other for _one, other in load_same_persons(ids_literal(wanted))}
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=wanted | twins)
    list(rows.order_by("pk").values_list("pk"))


def _clocks(ask: Ask, *, now: datetime) -> tuple[Clock, ...]:
    """How far the other clocks are ahead of the application's, for an act. A plan is no matter of seconds."""
    if ask.purpose in NOT_A_CONTACT:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT compliance_now()")
        found = [Clock("database", (cursor.fetchone()[0] - now).total_seconds())]
    if ask.device_at is not None:
        found.append(Clock("device", (ask.device_at - now).total_seconds()))
    return tuple(found)
