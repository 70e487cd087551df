from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.admin.restriction_forms import AreaRestrictionForm
from compliance.area_restrictions import enter_area_restriction, lift_area_restriction
from compliance.care_wording import what_was_stopped
from compliance.limits import AlreadyLifted, NotYours
from compliance.models import AreaRestriction, Stoppage
from config.admin import ReadOnlyAdmin, ZoufangAdmin, act


@admin.register(AreaRestriction)
class AreaRestrictionAdmin(ZoufangAdmin[AreaRestriction]):
    """An area restriction is entered and lifted; it is never rewritten."""

    form = AreaRestrictionForm
    list_display = ["name", "prefix", "starts_at", "ends_at", "declared_by", "entered_by", "lifted_at"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["prefix", "name"]
    list_select_related = ["entered_by"]
    date_hierarchy = "starts_at"
    ordering = ["-entered_at"]
    actions = ["lift"]
    readonly_fields = ["stopped"]

    class Media:
        css: ClassVar = {"all": ["restrictions.css"]}

    def get_fields(self, request: HttpRequest, obj: AreaRestriction | None = None) -> Any:
        entered = ["name", "prefix", "starts_at", "ends_at", "declared_by", "evidence"]
        kept = ["stopped", ("entered_at", "entered_by"), ("lifted_at", "lifted_by")]
        return [*entered, *kept] if obj else entered

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": timezone.localtime(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: AreaRestriction | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("compliance.change_arearestriction")

    def save_model(
        self,
        request: HttpRequest,
        obj: AreaRestriction,
        form: "ModelForm[AreaRestriction]",
        change: bool,  # noqa: FBT001
    ) -> None:
        entered = enter_area_restriction(
            prefix=obj.prefix,
            name=obj.name,
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            declared_by=obj.declared_by,
            evidence=obj.evidence,
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = entered.pk
        said = gettext("Contact is stopped. %(stopped)s") % {"stopped": self.stopped(entered)}
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Lift the selected area restrictions"), permissions=["decide"])
    def lift(self, request: HttpRequest, rows: QuerySet[AreaRestriction]) -> None:
        act(
            self,
            request,
            rows,
            lambda row: lift_area_restriction(row, by=asking(request), now=timezone.now()),
            expecting=[AlreadyLifted, NotYours],
        )

    @admin.display(description=_("what it stopped"))
    def stopped(self, row: AreaRestriction) -> str:
        return what_was_stopped(list(row.stoppages.all()))


@admin.register(Stoppage)
class StoppageAdmin(ReadOnlyAdmin[Stoppage]):
    list_display = ["at", "branch", "what", "visits", "under_way", "messages", "calls", "by"]
    list_filter = ["branch"]
    list_select_related = ["branch", "restriction", "area_restriction", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]

    @admin.display(description=_("restriction"))
    def what(self, row: Stoppage) -> str:
        return str(row.restriction or row.area_restriction)
