"""The parts of a visit as a phone is shown it."""

from typing import Any

from rest_framework import serializers


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
    """All but the id is null as long as `debt_hidden`."""

    id = serializers.UUIDField(source="pk")
    overdue_amount = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    currency = serializers.CharField(allow_null=True)
    oldest_unpaid_due_on = serializers.DateField(allow_null=True)


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


class NoDisclosureOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    say = serializers.ListField(child=serializers.CharField())
    do = serializers.ListField(child=serializers.CharField())
    leave = serializers.ListField(child=serializers.CharField())


class AlertOutput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=["SOON", "NOW", "OVER"])
    text = serializers.CharField()


class RecordingOutput(serializers.Serializer[Any]):
    announced = serializers.BooleanField()
    indoors_allowed = serializers.BooleanField()
    text = serializers.CharField()


class IntervalOutput(serializers.Serializer[Any]):
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()


class WordOutput(serializers.Serializer[Any]):
    """`act` is BREAK_OFF (leave the door now) or DO_NOT_GO; show `said` as it is."""

    act = serializers.CharField()
    said = serializers.CharField()
