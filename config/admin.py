"""The admin's ground rules: rows by `visible_to`, nothing deleted, evidence read only, use cases run one by one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.navigation import places

Row = TypeVar("Row", bound=models.Model)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's, which is generic for the type checker only, made subscriptable."""

        def __class_getitem__(cls, row: type) -> type:
            return cls


class ZoufangAdminSite(admin.AdminSite):
    site_header = _("Zoufang · field visits")
    site_title = _("Zoufang")
    index_title = _("The desk")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "places": places(self, request)}


class ZoufangAdmin(ModelAdmin[Row]):
    """Base of every admin page: the user's own rows, constant queries, no deleting."""

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Row]:
        rows = super().get_queryset(request)
        visible_to = getattr(rows, "visible_to", None)
        return visible_to(request.user) if visible_to else rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Links of the desk may name a branch by its code, along the model's own path to it."""
        path = getattr(self.model._default_manager.all(), "branch_path", None)
        return lookup == f"{path}__code" or super().lookup_allowed(lookup, value, request)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


class ReadOnlyAdmin(ZoufangAdmin[Row]):
    """Evidence and whatever only use cases may change: looked at here, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False


def act(
    modeladmin: ModelAdmin[Any],
    request: HttpRequest,
    rows: models.QuerySet[Row],
    use_case: Callable[[Row], object],
    *,
    expecting: Sequence[type[Exception]],
) -> None:
    """Run `use_case` on each selected row and say how many went well and why the others did not."""
    done = 0
    for row in rows:
        try:
            use_case(row)
        except tuple(expecting) as reason:
            modeladmin.message_user(request, f"{row}: {reason}", messages.WARNING)
        else:
            done += 1
    if done:
        said = ngettext("%(count)d row done.", "%(count)d rows done.", done) % {"count": done}
        modeladmin.message_user(request, said, messages.SUCCESS)
