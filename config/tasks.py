from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from config import jobs


@shared_task
def heartbeat() -> None:
    """Proves that beat, broker, worker and database work together: `/readyz` looks for it."""
    jobs.run_once(name="heartbeat", period=timedelta(seconds=10), now=timezone.now(), job=lambda: "ok")


@shared_task
def prune_job_runs() -> None:
    now = timezone.now()
    jobs.run_once(
        name="prune job runs",
        period=timedelta(hours=1),
        now=now,
        job=lambda: jobs.prune(before=now - timedelta(days=14)),
    )
