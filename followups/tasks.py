"""The ticks of this package. The rows say what is to do; a tick that is lost or doubled changes nothing."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.jobs import run_once
from followups import ticks


@shared_task
def dispatch_messages() -> None:
    run_once(
        name="dispatch messages",
        period=settings.TICK,
        now=timezone.now(),
        job=lambda: ticks.dispatch(clock=timezone.now),
    )


@shared_task
def queue_messages() -> None:
    now = timezone.now()
    run_once(name="queue messages", period=settings.TICK, now=now, job=lambda: ticks.queue(now=now))


@shared_task
def settle_promises() -> None:
    now = timezone.now()
    run_once(name="settle promises", period=5 * settings.TICK, now=now, job=lambda: ticks.settle(now=now))
