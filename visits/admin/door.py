"""What a team reported of one visit, in a table of plain lines."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.admin.tables import clock, lines, moment, table
from visits.models import (
    CheckIn,
    CheckOut,
    Consent,
    IdentityConfirmation,
    Incident,
    Overrun,
    Record,
    Visit,
    VisitEvent,
)
from visits.models.on_site import AbortReason, Result
from visits.models.reports import Place, Report
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
    for report, tell in _told(visit):
        at = moment(report.received_at, visit.plan.branch)
        said = [*tell(report), *_doubt(report)]
        yield report._meta.verbose_name, at, report.reported_by, lines(said)
    overrun = getattr(visit, "overrun", None)
    if overrun is not None:
        at = moment(overrun.noticed_at, visit.plan.branch)
        yield overrun._meta.verbose_name, at, "", lines(_overrun(overrun))


def _told(visit: Visit) -> Iterator[tuple[Any, Callable[[Any], list[str]]]]:
    """Every report with the way to put it in words, in the order in which they are made."""
    if arrived := getattr(visit, "check_in", None):
        yield arrived, _arrival
    for confirmed in visit.identity_confirmations.select_related("reported_by").order_by("pk"):
        yield confirmed, _confirmation
    for consent in visit.consents.select_related("reported_by").order_by("pk"):
        yield consent, _answer
    later: dict[str, Callable[[Any], list[str]]] = {
        "record": _finding,
        "check_out": _place,
        "incident": _incident,
    }
    for name, tell in later.items():
        if report := getattr(visit, name, None):
            yield report, tell


def _confirmation(confirmed: IdentityConfirmation) -> list[str]:
    others = [gettext("Others were present.")] if confirmed.others_present else []
    return [confirmed.get_party_display(), "、".join(confirmed.factor_labels), *others]


def _answer(consent: Consent) -> list[str]:
    who = f"{consent.get_party_display()} {consent.name}"
    return [f"{consent.get_kind_display()}: {consent.get_answer_display()}", who, consent.get_how_display()]


def _overrun(overrun: Overrun) -> Iterator[str]:
    branch = overrun.visit.plan.branch
    yield gettext("The contact hours ended at %(time)s.") % {"time": clock(overrun.at, branch)}
    end = getattr(overrun, "end", None)
    if end is None:
        yield gettext("The server was not told yet that the team has left.")
    elif end.in_time_by_the_phone:
        yield gettext(
            "By the phone the team left at %(time)s. The server was told later, so the overrun stays."
        ) % {"time": clock(end.effective_at, branch)}


def _doubt(report: Report) -> list[str]:
    if not report.clock_doubt:
        return []
    seconds = round(report.clock_offset.total_seconds()) if report.clock_offset else 0
    said = {"doubt": report.get_clock_doubt_display(), "seconds": f"{seconds:+d}"}
    return [gettext("Phone’s clock: %(doubt)s (%(seconds)s s).") % said]


def _arrival(arrived: CheckIn) -> list[str]:
    present = "、".join(str(one) for one in arrived.present.order_by("pk"))
    return [gettext("Present: %(names)s") % {"names": present}, *_place(arrived)]


def _finding(found: Record) -> list[str]:
    said = [found.get_party_display(), found.get_address_state_display(), found.get_result_display()]
    others = gettext("Others were present.") if found.others_present else ""
    entered = gettext("The home was entered by consent.") if found.entered_home else ""
    return [*said, *filter(None, [found.get_hardship_reason_display(), others, entered, found.notes])]


def _incident(incident: Incident) -> list[str]:
    danger = incident.get_danger_display()
    return [incident.get_kind_display(), *filter(None, [danger]), incident.account]


def _place(report: CheckIn | CheckOut | Place) -> list[str]:
    if report.distance_metres is None:
        return [gettext("Distance to the address not known.")]
    return [gettext("%(metres)d m from the address.") % {"metres": report.distance_metres}]
