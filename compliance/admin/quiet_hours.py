from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.models import QuietHours
from compliance.models.quiet_hours import Weekday
from compliance.quiet_hours import AlreadyLifted, enter_quiet_hours, lift_quiet_hours
from config.admin import ZoufangAdmin, act


class QuietHoursForm(ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        starts, ends = said.get("starts"), said.get("ends")
        if starts and ends and ends <= starts:
            told = gettext(
                "They end after they start. Enter hours over midnight as two: until midnight, and from 00:00."
            )
            raise ValidationError({"ends": told})
        return said


@admin.register(QuietHours)
class QuietHoursAdmin(ZoufangAdmin[QuietHours]):
    """Entered as the customer says, honoured at once, lifted when the customer says so."""

    form = QuietHoursForm
    list_display = ["customer", "weekday", "starts", "ends", "entered_by", "entered_at", "lifted_at"]
    list_filter = ["weekday"]
    search_fields = ["customer__bank_number"]
    autocomplete_fields = ["customer"]
    list_select_related = ["customer", "entered_by"]
    ordering = ["-entered_at"]
    fields = ["customer", "weekday", ("starts", "ends")]
    actions = ["lift"]

    def has_change_permission(self, request: HttpRequest, obj: QuietHours | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("compliance.change_quiethours")

    def save_model(
        self,
        request: HttpRequest,
        obj: QuietHours,
        form: "ModelForm[QuietHours]",
        change: bool,  # noqa: FBT001
    ) -> None:
        obj.pk = enter_quiet_hours(
            customer=obj.customer,
            weekday=Weekday(obj.weekday),
            starts=obj.starts,
            ends=obj.ends,
            by=asking(request),
            now=timezone.now(),
        ).pk

    @admin.action(description=_("Lift the selected quiet hours"), permissions=["decide"])
    def lift(self, request: HttpRequest, rows: QuerySet[QuietHours]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: lift_quiet_hours(row, by=by, now=now), expecting=[AlreadyLifted])
