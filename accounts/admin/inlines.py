"""Inlines of read-only pages. Django's are generic for the type checker only."""

from django.contrib import admin


class TableInline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False


class FormInline(admin.StackedInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False
