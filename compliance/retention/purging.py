"""Letting go of what is past its time: class by class, in batches, each with its row in the ledger of purges.

What is due, and that nothing goes below the minimum or under a hold, is decided by the database function of the class;
a dry run counts with the same condition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from compliance import audit
from compliance.models import PurgeRun, RetentionClass
from compliance.retention.declared import Declared, declared

BATCH = 5000

# Told after every batch: the class, and how many of its rows went so far.
Tell = Callable[[Declared, int], object]


@dataclass(frozen=True)
class Purged:
    """How many rows of one class went, or would go."""

    declared: Declared
    keep_days: int
    rows: int


def purge(
    *, dry_run: bool, by: User, now: datetime, batch: int = BATCH, tell: Tell | None = None
) -> list[Purged]:
    """Purge every class, or count what would go. A run that is broken off loses nothing: the next goes on.

    Not inside a transaction: each batch is committed with its own ledger row.
    """
    keep = dict(RetentionClass.objects.values_list("key", "keep_days"))
    return [
        Purged(one, keep[one.key], _purge_class(one, dry_run=dry_run, by=by, now=now, batch=batch, tell=tell))
        for one in declared().values()
    ]


def _purge_class(
    one: Declared, *, dry_run: bool, by: User, now: datetime, batch: int, tell: Tell | None
) -> int:
    gone = 0
    while rows := run_purge(one, dry_run=dry_run, most=batch, by=by, now=now):
        gone += rows
        if tell:
            tell(one, gone)
        if dry_run:
            break
    return gone


def run_purge(
    one: Declared,
    *,
    dry_run: bool,
    most: int,
    by: User,
    now: datetime,
    customer_id: UUID | None = None,
    request_id: UUID | None = None,
) -> int:
    """One call of the class's function; `customer_id` narrows it to one customer, at the minimum."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {one.function}(%s, %s, %s, %s, %s, %s)",
            [by.pk, now, dry_run, most, customer_id, request_id],
        )
        rows: int = cursor.fetchone()[0]
        if rows and not dry_run:
            # the function holds the lock of all purges, so that the newest row is its own
            audit.record_rows([PurgeRun.objects.latest("pk")], by=by, now=now)
        return rows
