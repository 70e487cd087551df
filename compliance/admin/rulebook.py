"""The rule book where people change it. Amendments and overrides take two persons; snapshots are evidence."""

from django.contrib import admin

from compliance.models import (
    LegalSource,
    Override,
    OverrideUse,
    PolicySnapshot,
    QuietHours,
    RuleAmendment,
    RuleLimit,
)
from config.admin import ReadOnlyAdmin


@admin.register(LegalSource, Override, OverrideUse, PolicySnapshot, QuietHours, RuleAmendment, RuleLimit)
class RuleBookAdmin(ReadOnlyAdmin):  # type: ignore[type-arg]
    pass
