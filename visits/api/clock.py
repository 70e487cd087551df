"""The phone's clock, told with every request in the header `Device-Time`."""

from datetime import datetime

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from visits.api.fields import InstantField

HEADER = "Device-Time"

DEVICE_TIME = OpenApiParameter(
    HEADER,
    OpenApiTypes.DATETIME,
    OpenApiParameter.HEADER,
    required=False,
    description=(
        "The phone's clock at the moment of sending, with its offset, made anew for every try. A check-in without it is"
        " measured by its client_at. More than 30 seconds off, or set back, no visit begins."
    ),
)


def device_time(request: Request) -> datetime | None:
    """The instant the phone's clock showed when it sent, None when it did not say. Raises ValidationError."""
    said = request.headers.get(HEADER)
    if not said:
        return None
    try:
        at: datetime = InstantField().run_validation(said)
    except serializers.ValidationError as wrong:
        raise serializers.ValidationError({HEADER: wrong.detail}) from wrong
    return at
