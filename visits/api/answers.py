"""What the phones are told of what they sent: a receipt, a token, or what went wrong."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


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


class ReceiptOutput(serializers.Serializer[Any]):
    """The server has it. The same report sent again gets the same receipt."""

    visit = serializers.UUIDField(source="visit_id")
    reference = serializers.UUIDField()
    received_at = serializers.DateTimeField()


class PlacedReceiptOutput(ReceiptOutput):
    distance_metres = serializers.IntegerField(
        allow_null=True, help_text=_("From the visited address; null when unknown or in another datum.")
    )
