from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config import jobs
from risk import assess

# The head office's quiet hours, after its nightly feeds and before the first branch plans its day.
HEAD_OFFICE = ZoneInfo("Asia/Shanghai")
QUIET_FROM, QUIET_UNTIL = 2, 7


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


@shared_task(soft_time_limit=3300, time_limit=3500)
def assess_portfolio_nightly() -> None:
    """Ticks every hour and works once a night; a night's run that failed or was killed is tried again."""
    now = timezone.now()
    if is_night(now):
        jobs.run_once(
            name="assess the portfolio",
            period=timedelta(days=1),
            now=now,
            job=lambda: assess.assess_portfolio(now=now),
        )


def is_night(now: datetime) -> bool:
    return QUIET_FROM <= now.astimezone(HEAD_OFFICE).hour < QUIET_UNTIL
