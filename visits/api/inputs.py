"""What the phones send. Only the form is looked at here; whether it may be done is decided in `visits.life`."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models.staff import Datum
from risk.models import IncidentKind
from visits.api.fields import InstantField
from visits.life import Fix, Sent
from visits.models import Device
from visits.models.door import LEAST_FACTORS, Answer, ConsentKind, Factor, How
from visits.models.on_site import OWES, AbortReason, AddressState, HardshipReason, Party, Result
from visits.outcomes import contradict


class LoginInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    device = serializers.CharField(max_length=60, help_text=_("A name for this phone."))


class ReportInput(serializers.Serializer[Any]):
    """The envelope of every report: `reference` is a UUID the phone makes once for it and keeps for every retry."""

    reference = serializers.UUIDField()
    client_at = InstantField(help_text=_("The time on the phone, with its offset."))

    def sent(self, device: Device, *, device_at: datetime | None) -> Sent:
        said = self.validated_data
        return Sent(said["reference"], device, client_at=said["client_at"], device_at=device_at)


class PlaceInput(serializers.Serializer[Any]):
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, min_value=-90, max_value=90)
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, min_value=-180, max_value=180)
    datum = serializers.ChoiceField(choices=Datum.choices, default=Datum.WGS84)
    accuracy_metres = serializers.IntegerField(
        min_value=0, max_value=1_000_000, required=False, allow_null=True, default=None
    )


class PlacedReportInput(ReportInput):
    place = PlaceInput(required=False, allow_null=True, default=None, help_text=_("null: no position known."))

    def fix(self) -> Fix | None:
        place = self.validated_data["place"]
        return Fix(**place) if place else None


class CheckInInput(PlacedReportInput):
    present = serializers.ListField(
        child=serializers.IntegerField(),
        min_length=1,
        max_length=10,
        help_text=_("The ids of the team's members at the door, yourself included."),
    )


class RecordInput(ReportInput):
    party = serializers.ChoiceField(choices=Party.choices)
    address_state = serializers.ChoiceField(choices=AddressState.choices)
    result = serializers.ChoiceField(choices=Result.choices)
    hardship_reason = serializers.ChoiceField(choices=HardshipReason.choices, allow_blank=True, default="")
    notes = serializers.CharField(max_length=4000, allow_blank=True, default="")
    others_present = serializers.BooleanField(
        default=False, help_text=_("Somebody else could hear or see: the phone shows nothing of the debt.")
    )
    entered_home = serializers.BooleanField(
        default=False, help_text=_("Only after a consent to ENTRY was told.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if contradict(Party(attrs["party"]), Result(attrs["result"])):
            raise serializers.ValidationError(
                {"result": gettext("Nobody met means no contact, and only who owes can promise.")}
            )
        return attrs

    def found(self) -> dict[str, Any]:
        return _without_envelope(self.validated_data)


class IdentityInput(ReportInput):
    party = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in OWES], help_text=_("Nobody else is told of the debt.")
    )
    factors = serializers.ListField(
        child=serializers.ChoiceField(choices=Factor.choices),
        max_length=len(Factor),
        help_text=_("At least two different ones."),
    )
    others_present = serializers.BooleanField(
        default=False,
        help_text=_("Somebody else can hear or see: nothing of the debt is shown all the same."),
    )

    def validate_factors(self, factors: list[str]) -> list[str]:
        if len(set(factors)) < LEAST_FACTORS:
            raise serializers.ValidationError(
                gettext("Confirm by at least two different things, none of them about the debt.")
            )
        return sorted(set(factors))

    def told(self) -> dict[str, Any]:
        return _without_envelope(self.validated_data)


class ConsentInput(ReportInput):
    kind = serializers.ChoiceField(choices=ConsentKind.choices)
    answer = serializers.ChoiceField(
        choices=Answer.choices, help_text=_("ANNOUNCED is for RECORDING_OUTDOORS only.")
    )
    party = serializers.ChoiceField(choices=[one for one in Party.choices if one[0] != Party.NOBODY])
    name = serializers.CharField(max_length=60, help_text=_("Name or role of whoever answered."))
    how = serializers.ChoiceField(choices=How.choices)
    given_at = InstantField(help_text=_("When it was answered, by the phone’s clock."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["answer"] == Answer.ANNOUNCED and attrs["kind"] != ConsentKind.RECORDING_OUTDOORS:
            raise serializers.ValidationError(
                {
                    "answer": gettext(
                        "Only a recording outdoors is announced; everything else is consented to."
                    )
                }
            )
        if attrs["given_at"] > attrs["client_at"]:
            raise serializers.ValidationError(
                {"given_at": gettext("The consent is told after it was given: check its time.")}
            )
        return attrs

    def told(self) -> dict[str, Any]:
        return _without_envelope(self.validated_data)


class AbortInput(ReportInput):
    kind = serializers.ChoiceField(choices=AbortReason.choices)
    danger = serializers.ChoiceField(
        choices=IncidentKind.choices,
        allow_blank=True,
        default="",
        help_text=_("For SAFETY, and only then."),
    )
    account = serializers.CharField(max_length=4000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["kind"] == AbortReason.SAFETY) != bool(attrs["danger"]):
            raise serializers.ValidationError(
                {"danger": gettext("Name the danger when the kind is SAFETY, and only then.")}
            )
        return attrs

    def told(self) -> dict[str, Any]:
        return _without_envelope(self.validated_data)


def _without_envelope(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in ("reference", "client_at")}
