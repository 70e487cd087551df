"""Stopping at once: whoever keeps something planned or queued is told of a new restriction in its own transaction.

`compliance` knows nobody who plans or queues. `settings.ON_RESTRICTION` names the functions to call, where the product is put
together: each takes `(stop, by=…, now=…)`, calls off what is its own, and returns how many of what at which branch.
Why no signals and no tick: `docs/decisions/0010-stopping-at-once.md`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from accounts.models import Branch, Customer, User
from compliance.audit import record_rows
from compliance.models import Stoppage
from compliance.special_care import EFFECTS, MAY_PASS_BY, Care
from compliance.terms import Channel, RestrictionKind

# (branch id, one of WHAT) → how many
Stopped = Counter[tuple[int, str]]
WHAT = ("visits", "under_way", "messages", "calls")


@dataclass(frozen=True)
class Stop:
    """Contact with `customers` stops in [starts_at, ends_at) (open when None) by `channels` (all when empty).

    The customers are locked: no contact with one of them is being cleared meanwhile.
    """

    customers: QuerySet[Customer]
    kind: RestrictionKind
    starts_at: datetime
    ends_at: datetime | None
    channels: frozenset[str] = field(default=frozenset())

    @property
    def care(self) -> Care:
        return EFFECTS[self.kind]

    def reaches(self, channel: str) -> bool:
        """Whether this channel is one of those that are restricted."""
        return not self.channels or str(channel) in self.channels

    def stops(self, channel: str, purpose: str) -> bool:
        """Whether such a contact is called off. What is only warned of goes on."""
        return self.reaches(channel) and self.care.effect_on(channel, purpose).stops

    def stopped_channels(self) -> list[Channel]:
        """Channels by which at least some contact is called off."""
        return [one for one in Channel if self.reaches(one) and self.care.effect_on(one, "").stops]

    def passing(self, channel: str) -> list[str]:
        """Purposes that pass on a stopped channel."""
        return [one for one in self.care.passes if str(channel) in MAY_PASS_BY[one]]

    def binds(self, *, at: datetime) -> bool:
        return self.starts_at <= at and not self.is_over(at=at)

    def is_over(self, *, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


Stopper = Callable[..., Stopped]


def same_person(customer_id: UUID) -> QuerySet[Customer]:
    """All customers of the bank that are this person: the gate counts and restricts people, not rows."""
    return same_persons([customer_id])


def same_persons(customer_ids: Iterable[UUID]) -> QuerySet[Customer]:
    """All customers of the bank that are one of these people."""
    named = Customer.objects.filter(pk__in=set(customer_ids))
    indexes = [index for index in named.values_list("identity_number_index", flat=True) if index]
    is_one = Q(pk__in=named.values("pk")) | Q(identity_number_index__in=indexes)
    ids = list(Customer.objects.filter(is_one).values_list("pk", flat=True))
    return Customer.objects.filter(pk__in=ids)


def lock(customers: QuerySet[Customer]) -> None:
    """Wait for contacts that are being cleared this moment, and let no other begin before the transaction ends.

    In the order of keys, like the gate, so that nobody waits in a circle; no row leaves the database.
    """
    rows = customers.order_by("pk").values("pk").select_for_update(no_key=True)
    found, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({found}) AS locked", parameters)  # noqa: S608 - the ORM's own words


def stop_at_once(stop: Stop, *, by: User, now: datetime) -> Stopped:
    """Call off what is planned or queued and this restriction forbids. Inside the caller's transaction."""
    stopped: Stopped = Counter()
    for path in settings.ON_RESTRICTION:
        stopper = cast(Stopper, import_string(path))
        stopped.update(stopper(stop, by=by, now=now))
    return stopped


def remember(stopped: Stopped, *, branches: QuerySet[Branch], by: User, now: datetime, **of: Any) -> None:
    """Keep what was stopped, branch by branch, and record it: the last thing that a restriction's entry does.

    `of` names the restriction or the area restriction.
    """
    ids = {branch for branch, _what in stopped} | set(branches.values_list("pk", flat=True))
    rows = Stoppage.objects.bulk_create(
        Stoppage(**of, branch_id=pk, at=now, by=by, **{what: stopped[pk, what] for what in WHAT})
        for pk in sorted(ids)
    )
    record_rows(rows, by=by, now=now)
