"""The Celery application. Beat carries a handful of static ticks; due times are columns, never ETAs."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("zoufang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
