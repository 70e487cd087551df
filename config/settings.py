"""All settings. The environment schema comes first; `.env.example` explains every name in it.

The environment wins over `.env`. Local mode (`MODE=local`, the default) also reads what `make run` wrote to
`.run/env`: addresses of the embedded servers and secrets made for this checkout. Production mode does not,
and has no defaults for secrets or addresses at all.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env(
    MODE=(str, "local"),
    DEBUG=(bool, False),
    SECRET_KEY=(str, ""),
    ALLOWED_HOSTS=(list, []),
    CSRF_TRUSTED_ORIGINS=(list, []),
    DATABASE_URL=(str, ""),
    DATABASE_OWNER_URL=(str, ""),
    REDIS_URL=(str, ""),
    DATA_KEYS=(dict, {}),
    INDEX_KEY=(str, ""),
    AUDIT_KEY=(str, ""),
    AUDIT_SIGNING_KEY=(str, ""),
    AUDIT_PUBLIC_KEYS=(list, []),
    AUDIT_CHECKPOINTS=(str, ""),
    TIME_ZONE=(str, "Asia/Shanghai"),
    MESSAGE_GATEWAY=(str, "followups.gateways.SentMessagesTable"),
    LOG_LEVEL=(str, "INFO"),
    TICK_SECONDS=(int, 60),
    PROXIES=(int, None),
    CUSTOMER_COUNTRIES=(list, ["CN"]),
)

BASE_DIR = Path(__file__).resolve().parent.parent
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")
PRODUCTION = env("MODE") == "production"
if not PRODUCTION and (BASE_DIR / ".run" / "env").is_file():
    env.read_env(BASE_DIR / ".run" / "env")

if env("MODE") not in ("local", "production"):
    raise ImproperlyConfigured(f"MODE is {env('MODE')!r}. Set it to 'local' or 'production'.")


def required(name: str, how_to_mend: str) -> Any:
    """The value of an environment variable that has no safe default.

    Raises ImproperlyConfigured with a sentence that says how to mend it.
    """
    value = env(name)
    if not value:
        local = "" if PRODUCTION else " On a developer's machine `make run` sets it."
        raise ImproperlyConfigured(f"{name} is not set. {how_to_mend}{local}")
    return value


SECRET_KEY = required("SECRET_KEY", "Set it to 50 or more random characters.")
DEBUG = env("DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on in production mode. Remove DEBUG from the environment.")
ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS", "List the host names the bank serves Zoufang under, comma separated.")
    if PRODUCTION
    else ["127.0.0.1", "localhost", "[::1]", *env("ALLOWED_HOSTS")]
)
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")

# Personal data: the first of DATA_KEYS seals, all of them open; the blind index has a key of its own.
DATA_KEYS: dict[str, str] = cast(
    dict[str, str],
    required("DATA_KEYS", "Set it to name=base64 pairs of 32-byte keys, the newest first."),
)
INDEX_KEY = required("INDEX_KEY", "Set it to the base64 of 32 random bytes and never change it.")

# Evidence: what chains the audit ledger and what signs its checkpoints is not in the database; neither are they.
AUDIT_KEY = required("AUDIT_KEY", "Set it to the base64 of 32 random bytes and never change it.")
AUDIT_SIGNING_KEY = required("AUDIT_SIGNING_KEY", "Set it to the base64 of 32 random bytes.")
AUDIT_PUBLIC_KEYS: list[str] = env("AUDIT_PUBLIC_KEYS")
AUDIT_CHECKPOINTS = Path(
    required("AUDIT_CHECKPOINTS", "Set it to a directory outside the database that all workers write to.")
)

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "accounts.apps.AccountsConfig",
    "risk.apps.RiskConfig",
    "compliance.apps.ComplianceConfig",
    "visits.apps.VisitsConfig",
    "followups.apps.FollowupsConfig",
    "config.apps.ZoufangAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Two roles from the start: `default` is the application's, `owner` migrates and does nothing else.
_application = env.db_url_config(
    required("DATABASE_URL", "Set it to postgres://role:password@host:5432/name.")
)
_owner = env.db_url_config(env("DATABASE_OWNER_URL") or env("DATABASE_URL"))
DATABASES = {
    "default": {**_application, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
    "owner": {**_owner, "TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS: list[str] = []
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"  # when it was written, not when its transaction began
ATOMIC_REQUESTS = False  # the gate commits refusals; a request-wide transaction would roll them back
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE")

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_collected" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
# How many proxies of the bank stand in front: each adds to X-Forwarded-For whom it heard from. With none, the header
# is anybody's invention and is not looked at.
PROXIES = int(PRODUCTION) if env("PROXIES") is None else env("PROXIES")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["visits.devices.DeviceTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.permissions.Nobody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "config.api.problem_details",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Zoufang 走访: the agents' phones",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

CELERY_BROKER_URL = required("REDIS_URL", "Set it to redis://:password@host:6379/0.").replace(
    "unix://", "redis+socket://"
)
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True  # the row, not the broker's message, carries the retries
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # kilobytes


# How often the rows are looked through for work; how soon it is done, never whether or when it is allowed.
if not 1 <= env("TICK_SECONDS") <= 60:
    raise ImproperlyConfigured(f"TICK_SECONDS is {env('TICK_SECONDS')}. Set it to 1 to 60 seconds.")
TICK = timedelta(seconds=env("TICK_SECONDS"))


def every(period: timedelta, task: str) -> dict[str, Any]:
    """A beat entry that a backlog drops instead of running late."""
    seconds = period.total_seconds()
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "heartbeat": every(timedelta(seconds=10), "config.tasks.heartbeat"),
    "dispatch messages": every(TICK, "followups.tasks.dispatch_messages"),
    "queue messages": every(TICK, "followups.tasks.queue_messages"),
    "watch overruns": every(TICK, "visits.tasks.watch_overruns"),
    "settle promises": every(5 * TICK, "followups.tasks.settle_promises"),
    "assess stale cases": every(TICK, "risk.tasks.assess_changed_cases"),
    "assess the portfolio": every(timedelta(hours=1), "risk.tasks.assess_portfolio_nightly"),
    "purge what is past its time": every(timedelta(hours=1), "compliance.tasks.purge_nightly"),
    "watch complaint deadlines": every(timedelta(minutes=15), "compliance.tasks.watch_complaint_deadlines"),
    "load missing holidays": every(timedelta(hours=1), "compliance.tasks.load_missing_holidays_daily"),
    "call for reviews": every(timedelta(hours=1), "compliance.tasks.call_for_reviews_nightly"),
    "write audit checkpoints": every(timedelta(minutes=10), "compliance.tasks.write_audit_checkpoints"),
    "replay decisions": every(timedelta(hours=1), "compliance.tasks.replay_decisions_nightly"),
    "prune job runs": every(timedelta(hours=1), "config.tasks.prune_job_runs"),
}

MESSAGE_GATEWAY = env("MESSAGE_GATEWAY")

# The modules that declare for how long their package's data are kept.
RETENTION = ("compliance.retention.classes", "visits.retention", "followups.retention")
# Where customers live: the desk says when the calendar of one of these countries is a guess or missing.
CUSTOMER_COUNTRIES: list[str] = env("CUSTOMER_COUNTRIES")
# Who is told, in this order and in the same transaction, that contact with customers stops (compliance.stopping).
ON_RESTRICTION = ["visits.stopping.call_off_visits", "followups.stopping.call_off_messages"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL")},
}
