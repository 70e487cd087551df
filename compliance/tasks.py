"""The ticks of this package."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from compliance.complaints.public import forget_filings
from compliance.complaints.watch import watch_deadlines
from config.jobs import run_once

EVERY_QUARTER = timedelta(minutes=15)  # days begin at midnight somewhere at any quarter of an hour


@shared_task
def watch_complaint_deadlines() -> None:
    now = timezone.now()

    def watch() -> str:
        alerts = watch_deadlines(by=User.objects.system(), now=now)
        return f"{alerts} alerts, {forget_filings(now=now)} filings forgotten"

    run_once(name="watch complaint deadlines", period=EVERY_QUARTER, now=now, job=watch)
