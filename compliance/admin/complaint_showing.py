"""What the complaint's page shows beside its own columns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from compliance.complaints.answers import words_of
from compliance.complaints.deadlines import how_urgent, local_day
from compliance.complaints.intake import zone_of
from compliance.complaints.terms import Category, Step
from compliance.models import Complaint, ComplaintEvent


def due(complaint: Complaint, *, now: datetime) -> SafeString | str:
    """The last day, coloured when it is near or over by the clock of the complaint's branch."""
    shown = formats.date_format(complaint.due_on, "SHORT_DATE_FORMAT")
    if not complaint.is_open:
        return shown
    today = local_day(now, zone=zone_of(complaint.branch))
    how = how_urgent(complaint.due_on, today=today)
    return format_html(
        '<span class="due {}">{}<small>{}</small></span>', how, shown, _left(complaint.due_on, today)
    )


def _left(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days == 0:
        return gettext("today")
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def customer(complaint: Complaint) -> SafeString | str:
    if complaint.customer is None:
        return format_html('<span class="due is-near">{}</span>', gettext("not matched yet"))
    page = reverse("admin:accounts_customer_change", args=[complaint.customer_id])
    return format_html('<a href="{}">{}</a>', page, complaint.customer)


def contact(complaint: Complaint) -> SafeString | str:
    if complaint.contact is None:
        return "–"
    page = reverse("admin:compliance_contact_change", args=[complaint.contact_id])
    return format_html('<a href="{}">{}</a>', page, complaint.contact)


def text(words: str) -> SafeString:
    """Somebody's own words, line by line."""
    return format_html('<div class="words">{}</div>', words)


def timeline(complaint: Complaint) -> SafeString:
    """Every step with what was said, the newest first."""
    events = complaint.events.select_related("by", "restriction").order_by("-pk")
    zone = ZoneInfo(zone_of(complaint.branch))
    rows = format_html_join(
        "",
        "<tr><td>{}</td><td><strong>{}</strong>{}</td><td>{}</td></tr>",
        (
            (
                formats.date_format(event.at.astimezone(zone), "SHORT_DATETIME_FORMAT"),
                event.get_step_display(),
                _told(event),
                event.by,
            )
            for event in events
        ),
    )
    return format_html('<table class="case-file"><tbody>{}</tbody></table>', rows)


def _told(event: ComplaintEvent) -> SafeString:
    said = list(_detail(event))
    if event.words_sealed is not None:
        said.append(words_of(event))
    return format_html_join("", "<div>{}</div>", ((one,) for one in said))


def _detail(event: ComplaintEvent) -> Iterable[str]:
    detail: dict[str, Any] = event.detail
    if event.step == Step.CLASSIFIED:
        yield f"{Category(detail['before']).label} → {Category(detail['after']).label}"
    if event.step in (Step.ALERT, Step.OVERDUE) and event.alert_on:
        yield formats.date_format(event.alert_on, "SHORT_DATE_FORMAT")
    if event.step == Step.CONTACT_SHOWN:
        yield detail.get("reason", "")
    if event.step == Step.STOPPED and event.restriction:
        yield event.restriction.get_kind_display()
