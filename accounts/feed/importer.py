"""`import_feed`: one delivery, one transaction, once."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.feed import upserts, verdicts
from accounts.feed.casebook import bring_cases_up_to_date
from accounts.feed.checks import DeliveredFile, Delivery, Unusable, check_delivery
from accounts.feed.staging import make_tables, stage
from accounts.models import Batch, Reject, User
from accounts.models.feed import BatchStatus, Rejected
from accounts.verification import verify_customers

Report = Callable[[str, int, int], None]

LOCK = 0x7A6F75  # one import at a time, in the whole database
SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
FURTHEST_AHEAD = timedelta(hours=14)  # of UTC, of any clock on earth


class FeedRefused(Exception):
    """The delivery was refused as a whole and nothing changed. `batch` keeps the reason."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch.refusal)
        self.batch = batch


class ImportUnderWay(Exception):
    """Another import is running."""


def import_feed(
    directory: Path, *, source: str, as_of: date, by: User, now: datetime, report: Report
) -> Batch:
    """Take the feed files of `directory` as the bank's books stood at the close of `as_of`.

    The same files again change nothing: the batch they came with is returned, its `started_at` earlier than
    `now`. `report(what, done, in all)` is called as the work goes on, rows of a file first. Raises FeedRefused,
    ImportUnderWay. Commits; not to be called inside a transaction.
    """
    delivery: Delivery | None = None
    try:
        if not SOURCE.fullmatch(source):
            raise Unusable(_("A source is named in small letters, digits and hyphens, as in core-payments."))
        if as_of > (now + FURTHEST_AHEAD).date():
            raise Unusable(_("The day %(as_of)s has not begun anywhere yet.") % {"as_of": as_of})
        delivery = check_delivery(directory)
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            _lock(cursor)
            return _taken_before(delivery, source=source, as_of=as_of) or _take(
                cursor, delivery, source=source, as_of=as_of, by=by, now=now, report=report
            )
    except Unusable as reason:
        raise FeedRefused(
            Batch.objects.create(
                source=source[:40],
                as_of=as_of,
                content_hash=delivery.content_hash if delivery else "",
                status=BatchStatus.REFUSED,
                refusal=str(reason),
                started_at=now,
                finished_at=now,
                imported_by=by,
            )
        ) from reason


def _lock(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise ImportUnderWay(_("Another import is running. Try again when it has finished."))


def _taken_before(delivery: Delivery, *, source: str, as_of: date) -> Batch | None:
    done = Batch.objects.filter(source=source, status=BatchStatus.DONE)
    same_day = done.filter(as_of=as_of).first()
    if same_day and same_day.content_hash == delivery.content_hash:
        return same_day
    facts = {"source": source, "as_of": as_of}
    if same_day:
        raise Unusable(
            _(
                "Other files of %(source)s were taken for %(as_of)s already. A second delivery of a day needs a"
                " source of its own, as in %(source)s-payments."
            )
            % facts
        )
    latest = done.filter(as_of__gt=as_of).order_by("-as_of").first()
    if latest:
        raise Unusable(
            _("%(source)s of %(as_of)s comes too late: the files of %(latest)s were taken already.")
            % {**facts, "latest": latest.as_of}
        )
    return None


def _take(
    cursor: CursorWrapper,
    delivery: Delivery,
    *,
    source: str,
    as_of: date,
    by: User,
    now: datetime,
    report: Report,
) -> Batch:
    batch = Batch.objects.create(
        source=source,
        as_of=as_of,
        content_hash=delivery.content_hash,
        status=BatchStatus.LOADING,
        started_at=now,
        imported_by=by,
    )
    make_tables(cursor)
    for file in delivery.files:
        for read in stage(cursor, batch, file):
            report(file.format.name, read, file.rows)
    # Only now are rows written that others may be waiting for.
    counts: dict[str, Any] = {}
    steps = len(delivery.files) + 1
    for step, file in enumerate(delivery.files):
        report(_("writing"), step, steps)
        counts[file.format.name] = _write(cursor, batch, file)
    counts["cases"] = bring_cases_up_to_date(cursor, batch)
    counts["verifications"] = verify_customers(by=by, now=now)
    report(_("writing"), steps, steps)
    done = Batch.objects.filter(pk=batch.pk)
    done.update(counts=counts, status=BatchStatus.DONE, finished_at=Now())
    return done.get()


def _write(cursor: CursorWrapper, batch: Batch, file: DeliveredFile) -> dict[str, int]:
    name = file.format.name
    pronounce, take = _STEPS[name]
    verdicts.pronounce(cursor, batch, pronounce)
    taken = take(cursor, batch)
    rejected = Reject.objects.filter(batch=batch, file=name)
    rows_rejected = rejected.filter(what=Rejected.ROW).count()
    return {
        "rows": file.rows,
        "new": taken.new,
        "changed": taken.changed,
        "unchanged": file.rows - rows_rejected - taken.new - taken.changed,
        "rejected": rows_rejected,
        "fields_left_out": rejected.filter(what=Rejected.FIELD).count(),
    }


_STEPS = {
    "customers.csv": (verdicts.OF_CUSTOMERS, upserts.take_customers),
    "accounts.csv": (verdicts.OF_ACCOUNTS, upserts.take_accounts),
    "repayment_months.csv": (verdicts.OF_REPAYMENT_MONTHS, upserts.take_repayment_months),
    "payments.csv": (verdicts.OF_PAYMENTS, upserts.take_payments),
}
