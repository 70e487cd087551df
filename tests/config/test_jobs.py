from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from config import jobs, tasks
from config.models import JobRun

NOW = datetime(2026, 11, 20, 9, 0, 7, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)


ZONES = [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]
MOMENTS = st.datetimes(datetime(1986, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from(ZONES))


@given(now=MOMENTS, seconds=st.integers(1, 86_400))
def test_every_moment_lies_in_exactly_one_slot(now, seconds):
    period = timedelta(seconds=seconds)
    slot = jobs.slot_of(now, period)

    assert slot.timestamp() <= now.timestamp() < slot.timestamp() + seconds
    assert jobs.slot_of(slot, period).timestamp() == slot.timestamp()


@pytest.mark.django_db
def test_a_slot_runs_once_and_the_next_slot_again():
    ran = []
    for after in (0, 1, 2.999, 3, 4):
        now = NOW + timedelta(seconds=after)
        jobs.run_once(name="count", period=TEN_SECONDS, now=now, job=lambda: ran.append(1))

    assert len(ran) == 2
    assert set(JobRun.objects.values_list("slot", flat=True)) == {
        NOW.replace(second=0),
        NOW.replace(second=10),
    }


@pytest.mark.django_db
def test_two_jobs_do_not_take_each_others_slot():
    assert jobs.run_once(name="a", period=TEN_SECONDS, now=NOW, job=lambda: None)
    assert jobs.run_once(name="b", period=TEN_SECONDS, now=NOW, job=lambda: None)


@pytest.mark.django_db
def test_the_result_is_kept_and_cut_to_what_fits():
    jobs.run_once(name="long", period=TEN_SECONDS, now=NOW, job=lambda: "x" * 600)

    run = JobRun.objects.get()
    assert run.result == "x" * 500
    assert run.finished_at is not None


@pytest.mark.django_db
def test_a_job_that_fails_gives_its_slot_back():
    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        jobs.run_once(name="fails", period=TEN_SECONDS, now=NOW, job=fail)

    assert jobs.run_once(name="fails", period=TEN_SECONDS, now=NOW, job=lambda: None)


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "again"), [(60, False), (61, True)])
def test_a_job_that_was_killed_loses_its_slot_after_an_hour(minutes, again):
    a_day = timedelta(days=1)
    JobRun.objects.create(name="killed", slot=jobs.slot_of(NOW, a_day), started_at=NOW)

    later = NOW + timedelta(minutes=minutes)

    assert jobs.run_once(name="killed", period=a_day, now=later, job=lambda: None) is again


@pytest.mark.django_db
def test_a_job_that_is_done_is_not_done_again_however_late():
    a_day = timedelta(days=1)
    jobs.run_once(name="done", period=a_day, now=NOW, job=lambda: None)

    later = NOW + timedelta(hours=10)

    assert not jobs.run_once(name="done", period=a_day, now=later, job=lambda: None)


def test_of_eight_beats_at_the_same_moment_one_runs_the_job(committed_db):
    ran, together = [], Barrier(8)

    def tick():
        together.wait()
        jobs.run_once(name="raced", period=TEN_SECONDS, now=NOW, job=lambda: ran.append(1))
        connection.close()

    beats = [Thread(target=tick) for _ in range(8)]
    for beat in beats:
        beat.start()
    for beat in beats:
        beat.join()

    assert ran == [1]
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_old_runs_are_forgotten_and_newer_ones_kept():
    for days in (15, 14, 0):
        at = NOW - timedelta(days=days)
        JobRun.objects.create(name="old", slot=at, started_at=at)

    assert jobs.prune(before=NOW - timedelta(days=14)) == 1
    assert JobRun.objects.count() == 2


@pytest.mark.django_db
def test_the_heartbeat_leaves_a_finished_run():
    tasks.heartbeat()

    assert JobRun.objects.get(name="heartbeat").finished_at is not None
