"""The one door to a customer. Whoever wants to reach one asks here, and there is no other way in.

    with gate.clearance(ask, by=agent, now=now) as clearance:
        contact = gate.make_contact(clearance, staff=2, by=agent, now=now)
        ...

The success path runs inside the gate's own transaction, with the customer locked. A refusal is committed before
`Refused` is raised. Never ask inside another transaction: the evidence would go with its rollback (Django raises).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance import rules
from compliance.facts import Facts
from compliance.loading import Ask, load_facts
from compliance.models import Clearance, Contact, Refusal
from compliance.rules import Hit
from compliance.rules.hours import BANK_HOURS
from compliance.terms import NOT_A_CONTACT, Channel, Party, Purpose
from compliance.windows import is_open, next_close
from compliance.wording import sentence, title

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
]

PERMIT_LIVES = timedelta(seconds=60)


class Refused(Exception):
    """The gate said no; `refusal` is the committed row with every reason."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.pk)

    def __str__(self) -> str:
        return " ".join(reason["sentence"] for reason in readable(self.refusal.reasons))


class Expired(Exception):
    """The permit is older than 60 seconds, or the window has closed since: do not hand over."""


@dataclass(frozen=True)
class Verdict:
    """What the gate would say. `next_allowed_at` is the first instant it would say yes; None: not by waiting."""

    facts: Facts
    hits: tuple[Hit, ...]
    next_allowed_at: datetime | None

    @property
    def allowed(self) -> bool:
        return not self.hits

    @property
    def reasons(self) -> list[dict[str, Any]]:
        return [
            {
                "rule": hit.rule,
                "version": hit.version,
                "saw": hit.saw,
                "next": hit.next.isoformat() if hit.next else None,
            }
            for hit in self.hits
        ]


def readable(reasons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The stored reasons with their titles and sentences in the reader's language."""
    return [
        {
            **reason,
            "title": title(reason["rule"]),
            "sentence": sentence(reason["rule"], reason["saw"]),
        }
        for reason in reasons
    ]


def preview(asks: Sequence[Ask]) -> dict[Ask, Verdict]:
    """What the gate would say to each ask, at the ask's own instant, without writing anything. Six queries."""
    return {ask: _verdict(facts) for ask, facts in load_facts(asks).items()}


def _verdict(facts: Facts) -> Verdict:
    hits = rules.evaluate(facts, rules.RULES)
    return Verdict(facts, hits, rules.next_allowed(facts, hits, rules.RULES) if hits else facts.at)


@contextmanager
def clearance(ask: Ask, *, by: User, now: datetime) -> Iterator[Clearance]:
    """A transaction that holds the locked customer and a Clearance; or a committed Refusal and `Refused`.

    Raises ValueError when an act is asked for another instant than `now`: only plans look ahead.
    """
    if ask.purpose not in NOT_A_CONTACT and ask.at != now:
        raise ValueError("A contact is cleared for the moment it is made; only plans look ahead.")
    with transaction.atomic(durable=True):
        _lock([ask.customer_id])
        verdict = _verdict(load_facts([ask])[ask])
        if verdict.allowed:
            yield _write_clearances([(ask, verdict)], by=by, now=now)[ask]
            return
        refusal = _write_refusals([(ask, verdict)], by=by, now=now)[ask]
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
        verdicts = {ask: _verdict(facts) for ask, facts in load_facts(asks).items()}
        granted = [(ask, verdict) for ask, verdict in verdicts.items() if verdict.allowed]
        refused = [(ask, verdict) for ask, verdict in verdicts.items() if not verdict.allowed]
        yield {
            **_write_clearances(granted, by=by, now=now),
            **_write_refusals(refused, by=by, now=now),
        }


def make_contact(clearance: Clearance, *, staff: int = 0, by: User, now: datetime) -> Contact:
    """Write the contact that `clearance` allows; call it inside the `with` that gave the clearance.

    The database refuses it (IntegrityError) outside the customer's window by its own clock, after the permit's
    60 seconds, or when the clearance was used before.
    """
    return Contact.objects.create(
        clearance=clearance,
        customer_id=clearance.customer_id,
        channel=clearance.channel,
        purpose=clearance.purpose,
        party=clearance.facts["party"],
        phone_id=clearance.facts["number"] or None,
        contact_person_id=clearance.facts["person"] or None,
        staff_present=staff,
        made_at=now,
        made_by=by,
    )


def ensure_still_allowed(contact: Contact, *, now: datetime) -> None:
    """The last look before hand-over: raises Expired when the permit ran out or the window closed."""
    zones = tuple(contact.customer.time_zones)
    if now >= contact.clearance.expires_at or not is_open(BANK_HOURS, at=now, zones=zones):
        raise Expired(gettext("The permit expired before the message could be handed over."))


def _lock(customer_ids: Sequence[UUID]) -> None:
    """One decision at a time for each customer; in the order of keys, so that two sets cannot deadlock."""
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=set(customer_ids))
    list(rows.order_by("pk").values_list("pk"))


def _asked(ask: Ask, verdict: Verdict, *, by: User, now: datetime) -> dict[str, Any]:
    facts = {**verdict.facts.as_json(), "tzdata": version("tzdata")}
    return {
        "customer_id": ask.customer_id,
        "channel": ask.channel,
        "purpose": ask.purpose,
        "asked_by": by,
        "decided_at": now,
        "at": ask.at,
        "facts": facts,
        "rulebook": rules.VERSION,
    }


def _write_clearances(
    granted: Sequence[tuple[Ask, Verdict]], *, by: User, now: datetime
) -> dict[Ask, Clearance]:
    passed = [[rule.id, rule.version] for rule in rules.RULES]
    rows = {
        ask: Clearance(
            **_asked(ask, verdict, by=by, now=now), rules=passed, expires_at=_expiry(ask, verdict, now)
        )
        for ask, verdict in granted
    }
    Clearance.objects.bulk_create(rows.values(), batch_size=1000)
    return rows


def _expiry(ask: Ask, verdict: Verdict, now: datetime) -> datetime:
    if ask.purpose in NOT_A_CONTACT:
        return ask.until
    closes = next_close(BANK_HOURS, after=now, zones=verdict.facts.zones)
    return min(now + PERMIT_LIVES, closes)


def _write_refusals(refused: Sequence[tuple[Ask, Verdict]], *, by: User, now: datetime) -> dict[Ask, Refusal]:
    rows = {
        ask: Refusal(
            **_asked(ask, verdict, by=by, now=now),
            reasons=verdict.reasons,
            next_allowed_at=verdict.next_allowed_at,
        )
        for ask, verdict in refused
    }
    Refusal.objects.bulk_create(rows.values(), batch_size=1000)
    return rows
