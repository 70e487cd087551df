"""Is it alive, and is all of it at work? For load balancers, containers and `make run`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.celery import app
from config.models import JobRun

BEAT_MAY_BE_SILENT = timedelta(seconds=45)
WORKER_ANSWERS_WITHIN = 1.0  # seconds

BrokenBroker = (OperationalError, RedisError, OSError)


@dataclass(frozen=True)
class Finding:
    """What was found of one part. `says` is for the person who reads it at night."""

    fine: bool
    says: str = "ok"


def look_at_database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding(False, f"no connection ({type(error).__name__})")
    return Finding(True)


def look_at_broker() -> Finding:
    try:
        with app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except BrokenBroker as error:
        return Finding(False, f"no connection ({type(error).__name__})")
    return Finding(True)


def look_at_worker() -> Finding:
    """Ask only when the broker is fine: the question travels through it.

    Over a connection of its own: a pooled one may date from before the broker's last restart.
    """
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            answers = app.control.ping(timeout=WORKER_ANSWERS_WITHIN, limit=1, connection=broker)
    except BrokenBroker as error:
        return Finding(False, f"cannot be asked ({type(error).__name__})")
    if not answers:
        return Finding(False, f"no worker answered within {WORKER_ANSWERS_WITHIN:g} s")
    return Finding(True)


def last_tick() -> datetime | None:
    """When the newest heartbeat had gone from beat through broker and worker into the database."""
    finished = JobRun.objects.filter(name="heartbeat", finished_at__isnull=False)
    return finished.order_by("-finished_at").values_list("finished_at", flat=True).first()


def look_at_beat(*, now: datetime) -> Finding:
    tick = last_tick()
    if tick is None:
        return Finding(False, "no tick has ever arrived")
    if now - tick > BEAT_MAY_BE_SILENT:
        return Finding(False, f"the last tick arrived {(now - tick).total_seconds():.0f} s ago")
    return Finding(True)


def look_at_everything(*, now: datetime) -> dict[str, Finding]:
    database, broker = look_at_database(), look_at_broker()
    return {
        "database": database,
        "broker": broker,
        "worker": look_at_worker() if broker.fine else Finding(False, "not known without broker"),
        "beat": look_at_beat(now=now) if database.fine else Finding(False, "not known without database"),
    }


@never_cache
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """This process answers. Says nothing about its neighbours, so that none is killed for another's fault."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, broker, worker and a recent beat tick are all fine, else 503 and what is not."""
    findings = look_at_everything(now=timezone.now())
    ready = all(finding.fine for finding in findings.values())
    answer = {"ready": ready, **{part: finding.says for part, finding in findings.items()}}
    if findings["database"].fine:
        answer["last_tick"] = last_tick()
    return JsonResponse(answer, status=200 if ready else 503)
