"""Scheduled jobs: a tick claims its slot in `JobRun` before it works."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from config.models import JobRun

GIVEN_UP_AFTER = timedelta(hours=1)  # longer than the hard time limit of any task


def slot_of(now: datetime, period: timedelta) -> datetime:
    """The start of the period that `now` lies in, counted from the epoch in UTC."""
    seconds = int(now.timestamp() // period.total_seconds() * period.total_seconds())
    return datetime.fromtimestamp(seconds, tz=now.tzinfo)


def run_once(*, name: str, period: timedelta, now: datetime, job: Callable[[], object]) -> bool:
    """Run `job` unless this slot of `name` was claimed before. Returns whether it ran.

    A job that fails gives its slot back, and one that was killed loses it after `GIVEN_UP_AFTER`: the next tick
    within the same slot tries again.
    """
    slot = slot_of(now, period)
    claimed = _claim(name, slot, now=now)
    if claimed is None:
        return False
    try:
        result = job()
    except BaseException:
        JobRun.objects.filter(pk=claimed).delete()
        raise
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE config_jobrun SET finished_at = clock_timestamp(), result = %s WHERE id = %s",
            [str(result if result is not None else "")[:500], claimed],
        )
    return True


def _claim(name: str, slot: datetime, *, now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO config_jobrun AS run (name, slot, started_at, result) VALUES (%s, %s, %s, '')"
            " ON CONFLICT (name, slot) DO UPDATE SET started_at = excluded.started_at"
            " WHERE run.finished_at IS NULL AND run.started_at < %s RETURNING id",
            [name, slot, now, now - GIVEN_UP_AFTER],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def prune(*, before: datetime) -> int:
    """Forget runs older than `before`. Returns how many."""
    return JobRun.objects.filter(started_at__lt=before).delete()[0]
