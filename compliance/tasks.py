from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from compliance.retention.purging import purge
from config import jobs
from risk.tasks import is_night


@shared_task(soft_time_limit=3300, time_limit=3500)
def purge_nightly() -> None:
    """Ticks every hour and works once a night; what a killed run left, the next takes up."""
    now = timezone.now()
    if is_night(now):
        jobs.run_once(
            name="purge what is past its time",
            period=timedelta(days=1),
            now=now,
            job=lambda: _purged(now),
        )


def _purged(now: datetime) -> str:
    """How many rows of each class went, for the list of job runs."""
    done = purge(dry_run=False, by=User.objects.system(), now=now)
    return ", ".join(f"{one.declared.key} {one.rows}" for one in done if one.rows)
