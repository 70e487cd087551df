"""History as an auditor reads it: when, who, what was added, changed from what to what, deleted."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.admin import ModelAdmin, ReadOnlyAdmin
from config.history import Happening, History

Copy = dict[str, Any]


class HappeningFilter(admin.SimpleListFilter):
    title = _("kind of change")
    parameter_name = "happening"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(it.value, it.label) for it in Happening if it != Happening.CHANGED_FROM]

    def queryset(self, request: HttpRequest, queryset: QuerySet[History]) -> QuerySet[History]:
        return queryset.filter(pgh_label=self.value()) if self.value() else queryset


class HistoryAdmin(ReadOnlyAdmin[History]):
    """One line a change. The copy from before a change is shown within the line of the copy after it."""

    list_display = ["pgh_created_at", "pgh_label", "row", "who", "changes"]
    list_filter = [HappeningFilter]
    fields = ["pgh_created_at", "pgh_label", "who", "changes"]
    date_hierarchy = "pgh_created_at"
    ordering = ["-pgh_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[History]:
        rows = super().get_queryset(request).exclude(pgh_label=Happening.CHANGED_FROM)
        model: Any = self.model
        copy = JSONObject(**{field.name: field.name for field in model.kept_fields()})
        earlier = model._default_manager.filter(
            pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"), pgh_label=Happening.CHANGED_FROM
        )
        return rows.annotate(
            after=copy,
            before=Subquery(earlier.order_by("-pgh_id").annotate(copy=copy).values("copy")[:1]),
            actor_id=Cast(KT("pgh_context__user"), models.BigIntegerField()),
            actor=Subquery(_names_of_staff()),
        )

    @admin.display(description=_("record"), ordering="pgh_obj")
    def row(self, event: History) -> str:
        return str(event)

    @admin.display(description=_("by"))
    def who(self, event: Any) -> str:
        """Whoever did it in the admin; scheduled jobs, commands and raw SQL leave no name."""
        return event.actor or gettext("a job, a command or SQL")

    @admin.display(description=_("what changed"))
    def changes(self, event: Any) -> SafeString:
        lines = format_html_join(mark_safe("<br>"), "{}: {}", _told(event))
        return lines or SafeString(gettext("something of which no copy is kept"))


def _names_of_staff() -> "QuerySet[Any, Any]":
    staff = get_user_model()._default_manager.filter(pk=OuterRef("actor_id"))
    return staff.values(shown=Concat("last_name", "first_name", Value(" "), "username"))


def _told(event: Any) -> Iterator[tuple[str, str]]:
    changed = event.pgh_label == Happening.CHANGED_TO
    for field in type(event).kept_fields():
        now, before = event.after[field.name], (event.before or {}).get(field.name)
        if changed and now != before:
            yield str(field.verbose_name), f"{_said(field, before)} → {_said(field, now)}"
        elif not changed and now not in (None, "") and not field.primary_key:
            yield str(field.verbose_name), _said(field, now)


def _said(field: "models.Field[Any, Any]", value: Any) -> str:
    if value in (None, ""):
        return "–"
    labels = dict(field.flatchoices or ())
    return str(labels.get(value, value)) if not isinstance(value, list) else "、".join(map(str, value))
