"""Addresses of the lists behind the desk's numbers."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse

from accounts.models import Branch

Wanted = str | date | datetime


def list_of(model: type[models.Model], *, branch: Branch | None, **wanted: Wanted) -> str:
    """The admin's list of `model`, narrowed to one branch and to the lookups in `wanted`."""
    lookups = {name: _plain(value) for name, value in wanted.items()}
    if branch is not None:
        path = getattr(model._default_manager.all(), "branch_path", "branch")
        lookups[f"{path}__code"] = branch.code
    return f"{_changelist(model)}?{urlencode(lookups)}"


def page_of(row: models.Model) -> str:
    """The admin's page of one row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _changelist(model: type[models.Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _plain(value: Wanted) -> str:
    return value.isoformat() if isinstance(value, date) else value
