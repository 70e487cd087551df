"""What the phones are shown: enough to do the visit well, and no telephone number."""

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
from visits.briefs import BRIEFS, CONTINGENCIES
from visits.models import Visit
from visits.planning.windows import DAY, lawful_starts
from visits.stopping import word_to_the_team


class ProblemOutput(serializers.Serializer[Any]):
    """RFC 9457. `reasons` and `next_allowed_at` come with `refused`, `errors` with `invalid`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField(), required=False)
    next_allowed_at = serializers.DateTimeField(required=False, allow_null=True)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # a field, not the property


class TokenOutput(serializers.Serializer[Any]):
    device = serializers.UUIDField()
    token = serializers.CharField(help_text=_("Shown this once."))
    expires_at = serializers.DateTimeField()


class MemberOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="get_full_name")
    role = serializers.CharField()


class TeamOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    members = MemberOutput(many=True)


class AddressOutput(serializers.Serializer[Any]):
    text = serializers.CharField(source="__str__")
    kind = serializers.CharField()
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6)
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6)
    datum = serializers.CharField()


class CustomerOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="masked_name")
    language = serializers.CharField()
    time_zones = serializers.ListField(child=serializers.CharField())


class CaseOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="pk")
    overdue_amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.CharField()
    oldest_unpaid_due_on = serializers.DateField()


class BriefOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    goal = serializers.CharField()
    do = serializers.ListField(child=serializers.CharField())
    leave = serializers.ListField(child=serializers.CharField())


class ContingencyOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    hotline = serializers.CharField()
    call = serializers.ListField(child=serializers.CharField())
    break_off_when = serializers.ListField(child=serializers.CharField())
    then = serializers.ListField(child=serializers.CharField())


class IntervalOutput(serializers.Serializer[Any]):
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()


class WordOutput(serializers.Serializer[Any]):
    """`act` is BREAK_OFF (leave the door now) or DO_NOT_GO; show `said` as it is."""

    act = serializers.CharField()
    said = serializers.CharField()


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
    purpose = serializers.SerializerMethodField()
    customer = CustomerOutput()
    address = AddressOutput()
    case = CaseOutput()
    team = TeamOutput()
    strategy = serializers.SerializerMethodField(method_name="get_brief")
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
        starts = lawful_starts(visit.customer.time_zones, service=length, within=(midnight, midnight + DAY))
        return [IntervalOutput({"first": first, "last": last}).data for first, last in starts]

    def get_purpose(self, visit: Visit) -> str:
        return str(BRIEFS[Strategy(visit.strategy)].goal)

    @extend_schema_field(BriefOutput)
    def get_brief(self, visit: Visit) -> dict[str, Any]:
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


class ReceiptOutput(serializers.Serializer[Any]):
    """The server has it. The same report sent again gets the same receipt."""

    visit = serializers.UUIDField(source="visit_id")
    reference = serializers.UUIDField()
    received_at = serializers.DateTimeField()


class PlacedReceiptOutput(ReceiptOutput):
    distance_metres = serializers.IntegerField(
        allow_null=True, help_text=_("From the visited address; null when unknown or in another datum.")
    )


def _spoken(lines: Iterable[Promise]) -> list[str]:
    return [str(line) for line in lines]
