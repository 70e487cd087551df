"""What the phones are shown: enough to do the visit well, no telephone number, and nothing of the debt before whoever
owes is confirmed. The serializers want the instant `now` in their context.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models.cases import CaseStatus
from risk.models import SafetyBand, Strategy
from visits.api.parts import (
    AddressOutput,
    AlertOutput,
    BriefOutput,
    CaseOutput,
    ContingencyOutput,
    CustomerOutput,
    IntervalOutput,
    NoDisclosureOutput,
    RecordingOutput,
    TeamOutput,
    WordOutput,
)
from visits.briefs import (
    ALERT_NOW,
    ALERT_OVER,
    ALERT_SOON,
    BRIEFS,
    CONTINGENCIES,
    RECORDING_INDOORS,
    RECORDING_NOT_ANNOUNCED,
    RECORDING_OUTDOORS_ONLY,
    TP_1,
)
from visits.consents import may_record_indoors, recording_was_announced
from visits.identity import may_see_the_debt
from visits.models import Visit
from visits.models.overruns import AlertLevel
from visits.models.visits import Status
from visits.overruns import closing_of
from visits.planning.windows import BEGINNING, DAY, lawful_starts
from visits.stopping import word_to_the_team
from visits.unreported import record_due_by

ALERTS = {AlertLevel.SOON: ALERT_SOON, AlertLevel.NOW: ALERT_NOW}


class VisitOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="pk")
    status = serializers.CharField()
    status_title = serializers.CharField(source="get_status_display")
    position = serializers.IntegerField()
    planned_start = serializers.DateTimeField()
    planned_end = serializers.DateTimeField()
    travel_seconds = serializers.IntegerField()
    travel_metres = serializers.IntegerField()
    needs_security_officer = serializers.BooleanField()
    still_overdue = serializers.SerializerMethodField(help_text=_("False: do not go, the reason is gone."))
    stop = serializers.SerializerMethodField(
        help_text=_("Not null: do at once what it says. It gives no reason, and nor do you.")
    )
    may_begin = serializers.SerializerMethodField(
        help_text=_("When the law lets this visit begin on its day.")
    )
    must_end_by = serializers.SerializerMethodField(
        help_text=_("21:00 where the customer is. Nothing extends it.")
    )
    alert = serializers.SerializerMethodField(
        help_text=_("While under way, from 20:30 where the customer is. Show it and sound it.")
    )
    record_due_by = serializers.SerializerMethodField(
        help_text=_(
            "The visit has ended and its record is missing; after this nobody of the team begins another."
        )
    )
    purpose = serializers.SerializerMethodField()
    customer = CustomerOutput()
    address = AddressOutput()
    debt_hidden = serializers.SerializerMethodField(
        help_text=_("True until who owes is confirmed, and while others are present or were met.")
    )
    no_disclosure = serializers.SerializerMethodField(help_text=_("What to say as long as debt_hidden."))
    case = serializers.SerializerMethodField()
    team = TeamOutput()
    recording = serializers.SerializerMethodField()
    strategy = serializers.SerializerMethodField(
        method_name="get_brief", help_text=_("null as long as debt_hidden.")
    )
    contingency = serializers.SerializerMethodField(method_name="get_contingency_plan")

    def get_still_overdue(self, visit: Visit) -> bool:
        return visit.case.status == CaseStatus.OPEN and bool(visit.case.overdue_amount > 0)

    @extend_schema_field(WordOutput(allow_null=True))
    def get_stop(self, visit: Visit) -> dict[str, Any] | None:
        word = word_to_the_team(visit)
        return {"act": word.act, "said": str(word.said)} if word else None

    @extend_schema_field(IntervalOutput(many=True))
    def get_may_begin(self, visit: Visit) -> list[dict[str, Any]]:
        midnight = datetime.combine(visit.plan.date, time.min, ZoneInfo(visit.plan.branch.time_zone))
        length: timedelta = visit.planned_end - visit.planned_start
        starts = lawful_starts(
            tuple(visit.customer.time_zones),
            service=length,
            within=(midnight, midnight + DAY),
            hours=BEGINNING,
        )
        return [IntervalOutput({"first": first, "last": last}).data for first, last in starts]

    @extend_schema_field(serializers.DateTimeField())
    def get_must_end_by(self, visit: Visit) -> Any:
        return _instant(closing_of(visit).ends)

    @extend_schema_field(AlertOutput(allow_null=True))
    def get_alert(self, visit: Visit) -> dict[str, Any] | None:
        if visit.status != Status.UNDER_WAY:
            return None
        ends, now = closing_of(visit), self.context["now"]
        if ends.is_over(at=now):
            return {"level": "OVER", "text": str(ALERT_OVER)}
        due = ends.due(at=now)
        return {"level": due[-1].value, "text": str(ALERTS[due[-1]])} if due else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_record_due_by(self, visit: Visit) -> Any:
        due = record_due_by(visit)
        return _instant(due) if due else None

    def get_purpose(self, visit: Visit) -> str:
        return str(BRIEFS[Strategy(visit.strategy)].goal if may_see_the_debt(visit) else TP_1.purpose)

    def get_debt_hidden(self, visit: Visit) -> bool:
        return not may_see_the_debt(visit)

    @extend_schema_field(NoDisclosureOutput(allow_null=True))
    def get_no_disclosure(self, visit: Visit) -> dict[str, Any] | None:
        if may_see_the_debt(visit):
            return None
        said = {"say": TP_1.say, "do": TP_1.do, "leave": TP_1.leave}
        return {"code": TP_1.code, **{name: _spoken(lines) for name, lines in said.items()}}

    @extend_schema_field(CaseOutput)
    def get_case(self, visit: Visit) -> dict[str, Any]:
        shown = CaseOutput(visit.case).data
        if may_see_the_debt(visit):
            return shown
        return {name: value if name == "id" else None for name, value in shown.items()}

    @extend_schema_field(RecordingOutput)
    def get_recording(self, visit: Visit) -> dict[str, Any]:
        announced = recording_was_announced(visit)
        indoors = may_record_indoors(visit, at=self.context["now"])
        text = RECORDING_OUTDOORS_ONLY if announced else RECORDING_NOT_ANNOUNCED
        return {
            "announced": announced,
            "indoors_allowed": indoors,
            "text": str(RECORDING_INDOORS if indoors else text),
        }

    @extend_schema_field(BriefOutput(allow_null=True))
    def get_brief(self, visit: Visit) -> dict[str, Any] | None:
        if not may_see_the_debt(visit):
            return None
        brief = BRIEFS[Strategy(visit.strategy)]
        return {
            "code": visit.strategy,
            "title": visit.get_strategy_display(),
            "goal": str(brief.goal),
            "do": _spoken(brief.do),
            "leave": _spoken(brief.leave),
        }

    @extend_schema_field(ContingencyOutput)
    def get_contingency_plan(self, visit: Visit) -> dict[str, Any]:
        band = SafetyBand(visit.contingency)
        plan = CONTINGENCIES[band]
        return {
            "code": band.value,
            "title": str(band.label),
            "hotline": visit.plan.branch.hotline,
            "call": _spoken(plan.call),
            "break_off_when": _spoken(plan.break_off_when),
            "then": _spoken(plan.then),
        }


def _instant(at: datetime) -> Any:
    return serializers.DateTimeField().to_representation(at)


def _spoken(lines: Iterable[Promise]) -> list[str]:
    return [str(line) for line in lines]
