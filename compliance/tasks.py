"""The ticks of this package. The rows say what is to do; a tick that is lost or doubled changes nothing."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from compliance.audit.checkpoints import write_checkpoints
from config.jobs import run_once


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
