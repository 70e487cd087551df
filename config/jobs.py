"""Scheduled jobs: a tick claims its slot in `JobRun` before it works."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from config.models import JobRun


def slot_of(now: datetime, period: timedelta) -> datetime:
    """The start of the period that `now` lies in, counted from the epoch in UTC."""
    seconds = int(now.timestamp() // period.total_seconds() * period.total_seconds())
    return datetime.fromtimestamp(seconds, tz=now.tzinfo)


def run_once(*, name: str, period: timedelta, now: datetime, job: Callable[[], object]) -> bool:
    """Run `job` unless this slot of `name` was claimed before. Returns whether it ran."""
    slot = slot_of(now, period)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO config_jobrun (name, slot, started_at, result) VALUES (%s, %s, %s, '')"
            " ON CONFLICT DO NOTHING RETURNING id",
            [name, slot, now],
        )
        claimed = cursor.fetchone()
    if claimed is None:
        return False
    result = job()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE config_jobrun SET finished_at = clock_timestamp(), result = %s WHERE id = %s",
            [str(result if result is not None else "")[:500], claimed[0]],
        )
    return True


def prune(*, before: datetime) -> int:
    """Forget runs older than `before`. Returns how many."""
    return JobRun.objects.filter(started_at__lt=before).delete()[0]
