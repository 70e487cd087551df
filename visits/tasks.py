"""The ticks of this package. The rows say what is to do; a tick that is lost or doubled changes nothing."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.jobs import run_once
from visits import overruns


@shared_task
def watch_overruns() -> None:
    now = timezone.now()
    run_once(
        name="watch overruns",
        period=settings.TICK,
        now=now,
        job=lambda: overruns.watch_overruns(now=now),
    )
