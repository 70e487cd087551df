from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import jobs
from risk import assess

# The head office's quiet hour, after its nightly feeds and before the first branch plans its day.
HEAD_OFFICE = ZoneInfo("Asia/Shanghai")
QUIET_HOUR = 2


@shared_task
def assess_changed_cases() -> None:
    """Every tick: the cases that are new or whose facts changed."""
    now = timezone.now()
    jobs.run_once(
        name="assess changed cases",
        period=settings.TICK,
        now=now,
        job=lambda: assess.assess_changed_cases(now=now),
    )


@shared_task
def assess_portfolio_nightly() -> None:
    """Ticks every hour and works in the quiet one, once a day."""
    now = timezone.now()
    if is_quiet_hour(now):
        jobs.run_once(
            name="assess the portfolio",
            period=timedelta(days=1),
            now=now,
            job=lambda: assess.assess_portfolio(now=now),
        )


def is_quiet_hour(now: datetime) -> bool:
    return now.astimezone(HEAD_OFFICE).hour == QUIET_HOUR
