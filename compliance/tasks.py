"""The ticks of this package. The rows say what is to do; a tick that is lost or doubled changes nothing."""

from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from compliance.audit.checkpoints import write_checkpoints
from compliance.calendar.loading import EVERY_COUNTRY, load_missing_holidays
from compliance.calendar.reading import calendar_warnings
from compliance.complaints.public import forget_filings
from compliance.complaints.watch import watch_deadlines
from compliance.replay import replay_sample, report_differences
from compliance.retention.purging import purge
from compliance.reviews import call_for_reviews
from config.jobs import run_once
from risk.tasks import HEAD_OFFICE, is_night


@shared_task
def load_missing_holidays_daily() -> None:
    """Asked every hour, does its work once a day: this year and the next are in the calendar before they are needed."""
    now = timezone.now()
    run_once(name="load missing holidays", period=timedelta(days=1), now=now, job=_load)


def _load() -> str:
    now, today = timezone.now(), timezone.localdate()
    loaded = load_missing_holidays(today=today, by=User.objects.system(), now=now)
    countries = [it for it in settings.CUSTOMER_COUNTRIES if it in EVERY_COUNTRY]
    doubts = [
        f"{it.country} {it.year} {it.doubt.lower()}"
        for it in calendar_warnings(countries=countries, today=today)
    ]
    return "; ".join([f"{len(loaded.years)} years loaded, {loaded.written} days written", *doubts])


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


@shared_task(soft_time_limit=3300, time_limit=3500)
def purge_nightly() -> None:
    """Ticks every hour and works once a night; what a killed run left, the next takes up."""
    now = timezone.now()
    if is_night(now):
        run_once(
            name="purge what is past its time",
            period=timedelta(days=1),
            now=now,
            job=lambda: _purged(now),
        )


def _purged(now: datetime) -> str:
    """How many rows of each class went, for the list of job runs."""
    done = purge(dry_run=False, by=User.objects.system(), now=now)
    return ", ".join(f"{one.declared.key} {one.rows}" for one in done if one.rows)


@shared_task
def write_audit_checkpoints() -> None:
    """Once an hour; an hour's attempt that failed is tried again at the next tick."""
    now = timezone.now()
    run_once(
        name="write audit checkpoints",
        period=timedelta(hours=1),
        now=now,
        job=lambda: write_checkpoints(
            directory=settings.AUDIT_CHECKPOINTS, by=User.objects.system(), now=now
        ),
    )


@shared_task
def replay_decisions_nightly() -> None:
    """Ticks every hour and works once a night: a sample of the last day's decisions is made again from what was stored."""
    now = timezone.now()
    if is_night(now):
        run_once(name="replay decisions", period=timedelta(days=1), now=now, job=_replay)


def _replay() -> str:
    now = timezone.now()
    replayed, differences = replay_sample(now=now)
    report_differences(differences, by=User.objects.system(), now=now)
    return f"{replayed} decisions made again, {len(differences)} came out otherwise"


EVERY_QUARTER = timedelta(minutes=15)  # days begin at midnight somewhere at any quarter of an hour


@shared_task
def watch_complaint_deadlines() -> None:
    now = timezone.now()

    def watch() -> str:
        alerts = watch_deadlines(by=User.objects.system(), now=now)
        return f"{alerts} alerts, {forget_filings(now=now)} filings forgotten"

    run_once(name="watch complaint deadlines", period=EVERY_QUARTER, now=now, job=watch)
