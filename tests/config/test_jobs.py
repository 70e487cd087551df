from datetime import UTC, datetime, timedelta

import pytest

from config import jobs
from config.models import JobRun

NOW = datetime(2026, 11, 20, 9, 0, 7, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)

pytestmark = pytest.mark.django_db


def test_a_slot_runs_once():
    ran = []
    for _ in range(2):
        jobs.run_once(name="count", period=TEN_SECONDS, now=NOW, job=lambda: ran.append(1))
    assert ran == [1]
    assert JobRun.objects.get().slot == NOW.replace(second=0)
