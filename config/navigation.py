"""The places in the page header, in the order of a supervisor's day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite


@dataclass(frozen=True)
class Place:
    label: str | Promise
    url: str
    here: bool


PAGES = {
    "desk": _("Desk"),
    "map": _("Map"),
    "rule-book": _("Rules and proof"),
    "privacy": _("Personal data"),
    "records": _("All records"),
}
NEEDED = {"privacy": "compliance.export_ledgers"}

LISTS = {
    "accounts.Case": _("Cases"),
    "visits.Visit": _("Visits"),
    "visits.Plan": _("Plans"),
    "followups.Message": _("Messages"),
    "compliance.Refusal": _("Refusals"),
    "compliance.Complaint": _("Complaints"),
}

BEFORE_THE_LISTS = ("desk", "map")
# Pages that stand behind one place, because they have tabs of their own.
BEHIND = {"rule-book": ("rule-book", "decisions", "compliance-report", "certificate")}


def places(site: "AdminSite", request: HttpRequest) -> list[Place]:
    """Where this member of staff may go; lists they may not see are left out."""
    pages = [
        (label, reverse(name), _prefixes(name)) for name, label in PAGES.items() if _may_open(name, request)
    ]
    first = len(BEFORE_THE_LISTS)
    found = [*pages[:first], *_lists(site, request), *pages[first:]]
    return [Place(label, url, _is_here(request.path, prefixes)) for label, url, prefixes in found]


def _prefixes(name: str) -> tuple[str, ...]:
    return tuple(reverse(behind) for behind in BEHIND.get(name, (name,)))


def _lists(site: "AdminSite", request: HttpRequest) -> list[tuple[str | Promise, str, tuple[str, ...]]]:
    found: list[tuple[str | Promise, str, tuple[str, ...]]] = []
    for name, label in LISTS.items():
        model = apps.get_model(name)
        if site.is_registered(model) and site.get_model_admin(model).has_view_permission(request):
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            found.append((label, url, (url,)))
    return found


def _may_open(name: str, request: HttpRequest) -> bool:
    return name not in NEEDED or request.user.has_perm(NEEDED[name])


def _is_here(path: str, prefixes: tuple[str, ...]) -> bool:
    desk = reverse("desk")
    return path == desk if desk in prefixes else path.startswith(prefixes)
