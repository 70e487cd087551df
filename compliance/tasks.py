from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from compliance.reviews import call_for_reviews
from config.jobs import run_once
from risk.tasks import HEAD_OFFICE, is_night


@shared_task
def call_for_reviews_nightly() -> None:
    """Ticks every hour and works once a night; a night's run that failed or was killed is tried again."""
    now = timezone.now()
    if is_night(now):
        run_once(
            name="call for reviews",
            period=timedelta(days=1),
            now=now,
            job=lambda: call_for_reviews(today=now.astimezone(HEAD_OFFICE).date(), now=now),
        )
