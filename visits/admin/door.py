"""What a team reported of one visit, in a table of plain lines."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.admin.tables import lines, moment, table
from visits.models import CheckIn, CheckOut, Incident, Record, Visit, VisitEvent
from visits.models.on_site import AbortReason, Place, Result
from visits.models.visits import CancelReason

Told = tuple[Any, Any, Any, SafeString]


def said_of(step: VisitEvent) -> str:
    """The reason of a step in words: why it was called off or broken off, what came of it."""
    words = {"reason": CancelReason, "result": Result, "kind": AbortReason}
    return "、".join(str(codes(step.detail[key]).label) for key, codes in words.items() if key in step.detail)


def reports_of(visit: Visit) -> SafeString | str:
    """Empty as long as the team has reported nothing."""
    rows = list(_reports(visit))
    return table((_("report"), _("received at"), _("by"), _("detail")), rows) if rows else ""


def _reports(visit: Visit) -> Iterator[Told]:
    for name, tell in (
        ("check_in", _arrival),
        ("record", _finding),
        ("check_out", _place),
        ("incident", _incident),
    ):
        try:
            report = getattr(visit, name)
        except ObjectDoesNotExist:
            continue
        at = moment(report.received_at, visit.plan.branch)
        yield report._meta.verbose_name, at, report.reported_by, lines(tell(report))


def _arrival(arrived: CheckIn) -> list[str]:
    present = "、".join(str(one) for one in arrived.present.order_by("pk"))
    return [gettext("Present: %(names)s") % {"names": present}, *_place(arrived)]


def _finding(found: Record) -> list[str]:
    said = [found.get_party_display(), found.get_address_state_display(), found.get_result_display()]
    return [*said, *filter(None, [found.get_hardship_reason_display(), found.notes])]


def _incident(incident: Incident) -> list[str]:
    danger = incident.get_danger_display()
    return [incident.get_kind_display(), *filter(None, [danger]), incident.account]


def _place(report: CheckIn | CheckOut | Place) -> list[str]:
    if report.distance_metres is None:
        return [gettext("Distance to the address not known.")]
    return [gettext("%(metres)d m from the address.") % {"metres": report.distance_metres}]
