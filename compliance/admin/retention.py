"""For how long data are kept, what is held longer, and what went."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.models import LegalHold, PurgeRun, RetentionClass
from compliance.retention.declared import Bound, declared
from compliance.retention.setting import AlreadyLifted, enter_hold, keep_for, lift_hold
from compliance.wording import VERIFICATIONS
from config.admin import ReadOnlyAdmin, ZoufangAdmin, act


class KeepForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RetentionClass
        fields = ["keep_days"]

    def clean_keep_days(self) -> int:
        days: int = self.cleaned_data["keep_days"]
        if not self.instance.minimum_days <= days <= self.instance.maximum_days:
            raise forms.ValidationError(
                _("Set between %(low)s and %(high)s days: the bounds are the law's and the bank's."),
                params={"low": self.instance.minimum_days, "high": self.instance.maximum_days},
            )
        return days


@admin.register(RetentionClass)
class RetentionClassAdmin(ZoufangAdmin[RetentionClass]):
    form = KeepForm
    list_display = ["title", "minimum_days", "keep_days", "maximum_days", "changed_at", "changed_by"]
    list_select_related = ["changed_by"]
    ordering = ["key"]
    told = ["title", "counts_from", "what_goes", "at_least", "at_most", "changed_at", "changed_by"]
    fields = ["keep_days", *told]
    readonly_fields = told

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Classes come with the package that owns the data."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: RetentionClass,
        form: "ModelForm[RetentionClass]",
        change: bool,  # noqa: FBT001
    ) -> None:
        keep_for(obj, days=obj.keep_days, by=asking(request), now=timezone.now())

    @admin.display(description=_("class"))
    def title(self, obj: RetentionClass) -> str:
        return str(declared()[obj.key].title)

    @admin.display(description=_("days count from"))
    def counts_from(self, obj: RetentionClass) -> str:
        return str(declared()[obj.key].counts_from)

    @admin.display(description=_("what goes"))
    def what_goes(self, obj: RetentionClass) -> str:
        return str(declared()[obj.key].what_goes)

    @admin.display(description=_("at least, days"))
    def at_least(self, obj: RetentionClass) -> str:
        return told(declared()[obj.key].at_least)

    @admin.display(description=_("at most, days"))
    def at_most(self, obj: RetentionClass) -> str:
        return told(declared()[obj.key].at_most)


def told(bound: Bound) -> str:
    """The days, their source, and how far it was confirmed."""
    confirmed = f" [{VERIFICATIONS[bound.verification]}]" if bound.verification else ""
    return f"{bound.days}: {bound.source}{confirmed}"


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LegalHold
        fields = ["customer", "reason", "starts_at", "ends_at"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        starts, ends = said.get("starts_at"), said.get("ends_at")
        if starts and ends and ends <= starts:
            raise forms.ValidationError(_("The end comes before the beginning. Swap them."))
        return said


@admin.register(LegalHold)
class LegalHoldAdmin(ZoufangAdmin[LegalHold]):
    form = HoldForm
    list_display = ["customer", "reason", "starts_at", "ends_at", "entered_by", "lifted_at"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["customer__bank_number"]
    autocomplete_fields = ["customer"]
    list_select_related = ["customer", "entered_by"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    fields = ["customer", "reason", "starts_at", "ends_at"]
    actions = ["lift"]

    def has_change_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        """A hold is entered and lifted; it is never rewritten."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: LegalHold,
        form: "ModelForm[LegalHold]",
        change: bool,  # noqa: FBT001
    ) -> None:
        entered = enter_hold(
            customer=obj.customer,
            reason=obj.reason,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = entered.pk

    @admin.action(description=_("Lift the selected holds"), permissions=["add"])
    def lift(self, request: HttpRequest, rows: QuerySet[LegalHold]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: lift_hold(row, by=by, now=now), expecting=[AlreadyLifted])


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin[PurgeRun]):
    list_display = ["at", "retention_class", "rows", "keep_days", "cutoff", "request", "by"]
    list_filter = ["retention_class"]
    list_select_related = ["retention_class", "request", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
