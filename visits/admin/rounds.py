"""A plan's visits team by team, as a supervisor reads them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from visits.admin.tables import clock, table
from visits.models import Visit

HEADS = (
    _("team"),
    _("order"),
    _("time"),
    _("way there"),
    _("customer"),
    _("address"),
    _("tier"),
    _("strategy"),
    _("safety"),
    _("expected benefit"),
    _("status"),
)


def rounds(visits: Iterable[Visit], branch: Branch) -> SafeString:
    """One table, in the order given."""
    return table(HEADS, [_row(visit, branch) for visit in visits])


def _row(visit: Visit, branch: Branch) -> tuple[object, ...]:
    page = reverse("admin:visits_visit_change", args=[visit.pk])
    return (
        visit.team.name,
        visit.position,
        format_html('<a href="{}">{}</a>', page, times(visit, branch)),
        way(visit),
        visit.customer,
        visit.address,
        visit.assessment.get_tier_display(),
        visit.get_strategy_display(),
        visit.assessment.get_safety_band_display(),
        visit.prize,
        visit.get_status_display(),
    )


def times(visit: Visit, branch: Branch) -> str:
    return f"{clock(visit.planned_start, branch)}–{clock(visit.planned_end, branch)}"


def way(visit: Visit) -> str:
    return gettext("%(km).1f km, %(minutes)d min") % {
        "km": visit.travel_metres / 1000,
        "minutes": visit.travel_seconds // 60,
    }
