"""The admin's ground rules: rows by `visible_to`, nothing deleted, evidence read only, use cases run one by one."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.history import acting, history_model_of
from config.models import JobRun
from config.navigation import places

Row = TypeVar("Row", bound=models.Model)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's, which is generic for the type checker only, made subscriptable."""

        def __class_getitem__(cls, row: type) -> type:
            return cls


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts as far as anybody pages and no further: a ledger of millions is not counted for the fun of it."""

    most = 100_000

    @cached_property
    def count(self) -> int:
        rows = cast("models.QuerySet[Any]", self.object_list)
        return rows.order_by()[: self.most].count()


class ZoufangAdminSite(admin.AdminSite):
    site_header = _("Zoufang · field visits")
    site_title = _("Zoufang")
    index_title = _("The desk")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        self.register(JobRun, JobRunAdmin)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "places": places(self, request)}

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002
        """Times are shown, and read from forms, by the clock of the asker's own branch; what a page writes is the
        asker's in the history (`config.history`).
        """
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def by_the_branch_clock(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            branch = getattr(request.user, "branch", None)
            with timezone.override(branch.time_zone if branch else None), writing_as(request):
                response = checked(request, *args, **kwargs)
                return response.render() if isinstance(response, SimpleTemplateResponse) else response

        return cast(View, by_the_branch_clock)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The packages in the order of the work, as they are installed."""
        order = [config.label for config in apps.get_app_configs()]
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: order.index(app["app_label"]))


def writing_as(request: HttpRequest) -> AbstractContextManager[object]:
    """A block whose changes are recorded as the signed-in asker's. Nothing for a page that is only looked at."""
    who = None if request.method in ("GET", "HEAD", "OPTIONS") else request.user.pk
    return nullcontext() if who is None else acting(who)


class ZoufangAdmin(ModelAdmin[Row]):
    """Base of every admin page: the user's own rows, constant queries, no deleting."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
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

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Row], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """An action on what cannot be the key of a row is an action on nothing, not a broken page."""
        told = request.POST.copy()
        keys = told.getlist(ACTION_CHECKBOX_NAME)
        told.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if self._may_be_a_key(key)])
        request.POST = told  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)

    def _may_be_a_key(self, key: str) -> bool:
        try:
            return self.opts.pk.to_python(key) is not None
        except ValidationError:
            return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the database's triggers recorded, where they do; Django's own notes know of forms only."""
        kept = history_model_of(self.model)
        if kept is None:
            return super().history_view(request, object_id, extra_context)
        changes = reverse(f"admin:{kept._meta.app_label}_{kept._meta.model_name}_changelist")
        return redirect(f"{changes}?{urlencode({'pgh_obj': unquote(object_id)})}")


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


class JobRunAdmin(ReadOnlyAdmin[JobRun]):
    list_display = ["name", "slot", "started_at", "finished_at", "result"]
    list_filter = ["name"]
    date_hierarchy = "slot"
    ordering = ["-slot"]
