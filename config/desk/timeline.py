"""Everything that happened on one case, told in one line each, the newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Case, CaseEvent, User
from accounts.timeline import sentence
from compliance.gate import readable
from compliance.reading import disclosures_visible_to, refusals_visible_to
from followups.models import MessageEvent, Promise
from risk.models import Assessment
from visits.models import VisitEvent

SHOWN = 80


@dataclass(frozen=True)
class Happening:
    """`kind` chooses the mark beside the line: case, risk, gate, visit, message, promise, data. `url` tells it in full."""

    at: datetime
    kind: str
    what: str
    told: str
    by: str
    url: str = ""


def timeline(case: Case, *, user: User) -> list[Happening]:
    """The newest happenings of each source, merged. One query a source."""
    sources = (
        _case_events(case, user),
        _assessments(case, user),
        _visit_steps(case, user),
        _message_steps(case, user),
        _promises(case, user),
        _refusals(case, user),
        _disclosures(case, user),
    )
    found = [happening for source in sources for happening in source]
    return sorted(found, key=lambda happening: happening.at, reverse=True)[:SHOWN]


def _newest(rows: QuerySet[Any], field: str) -> Iterable[Any]:
    return rows.order_by(f"-{field}", "-pk")[:SHOWN]


def _case_events(case: Case, user: User) -> Iterator[Happening]:
    rows = CaseEvent.objects.visible_to(user).filter(case=case).select_related("by")
    for event in _newest(rows, "at"):
        yield Happening(event.at, "case", event.get_kind_display(), sentence(event), str(event.by))


def _assessments(case: Case, user: User) -> Iterator[Happening]:
    rows = Assessment.objects.visible_to(user).filter(case=case).select_related("scorecard")
    for row in _newest(rows, "assessed_at"):
        told = f"{row.get_tier_display()}, {row.get_strategy_display()}, {row.get_safety_band_display()}"
        yield Happening(row.assessed_at, "risk", _("assessed"), told, str(row.scorecard))


def _visit_steps(case: Case, user: User) -> Iterator[Happening]:
    rows = VisitEvent.objects.visible_to(user).filter(visit__case=case).select_related("by", "visit__team")
    for step in _newest(rows, "at"):
        what = _("visit: %(status)s") % {"status": step.get_new_display()}
        yield Happening(step.at, "visit", what, step.visit.team.name, str(step.by))


def _message_steps(case: Case, user: User) -> Iterator[Happening]:
    rows = MessageEvent.objects.visible_to(user).filter(message__case=case).select_related("by", "message")
    for step in _newest(rows, "at"):
        what = _("message: %(status)s") % {"status": step.get_new_display()}
        yield Happening(step.at, "message", what, step.message.get_purpose_display(), str(step.by))


def _promises(case: Case, user: User) -> Iterator[Happening]:
    rows = Promise.objects.visible_to(user).filter(case=case).select_related("recorded_by")
    for row in _newest(rows, "made_at"):
        yield Happening(row.made_at, "promise", _("promise to pay"), str(row), str(row.recorded_by))
        if row.settled_at:
            yield Happening(row.settled_at, "promise", row.get_status_display(), str(row), "")


def _refusals(case: Case, user: User) -> Iterator[Happening]:
    rows = refusals_visible_to(user).filter(customer=case.customer_id).select_related("asked_by")
    for row in _newest(rows, "decided_at"):
        told = " ".join(reason["sentence"] for reason in readable(row.reasons))
        what = _("refused: %(channel)s") % {"channel": row.get_channel_display()}
        url = reverse("decision", args=["refusal", row.pk])
        yield Happening(row.decided_at, "gate", what, told, str(row.asked_by), url)


def _disclosures(case: Case, user: User) -> Iterator[Happening]:
    rows = disclosures_visible_to(user).filter(customer=case.customer_id).select_related("by")
    for row in _newest(rows, "at"):
        told = f"{row.get_reason_code_display()} {row.reason}".strip()
        yield Happening(row.at, "data", _("personal data shown"), told, str(row.by))
