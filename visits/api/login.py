"""Phones log in and out."""

import math
from contextlib import suppress

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from visits.api.answers import ProblemOutput, TokenOutput
from visits.api.inputs import LoginInput
from visits.devices import (
    AlreadyRevoked,
    DeviceTokenAuthentication,
    IsFieldStaff,
    TooManyAttempts,
    WrongCredentials,
    enrol,
    phone_of,
    revoke,
)


class DeviceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = DeviceTokenAuthentication
    name = "device"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Device <token>, the token from POST devices/.",
        }


class DevicesView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    def get_authenticate_header(self, request: Request) -> str:
        """A wrong password is 401, though nobody needs a token here."""
        return DeviceTokenAuthentication.keyword

    @extend_schema(
        operation_id="devices_log_in",
        request=LoginInput,
        responses={201: TokenOutput, 400: ProblemOutput, 401: ProblemOutput, 429: ProblemOutput},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Log a phone of the field staff in. The token is shown this once."""
        form = LoginInput(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            device, token = enrol(
                username=form.validated_data["username"],
                password=form.validated_data["password"],
                name=form.validated_data["device"],
                address=network_address(request),
                now=timezone.now(),
            )
        except WrongCredentials as wrong:
            raise AuthenticationFailed(_("The name or the password is wrong.")) from wrong
        except TooManyAttempts as locked:
            raise Throttled(math.ceil(locked.wait.total_seconds())) from locked
        shown = {"device": device.pk, "token": token, "expires_at": device.expires_at}
        return Response(TokenOutput(shown).data, status=status.HTTP_201_CREATED)


class CurrentDeviceView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(operation_id="devices_log_out", responses={204: None, 401: ProblemOutput})
    def delete(self, request: Request) -> Response:
        """Log this phone out. Its token opens nothing from now on."""
        phone = phone_of(request)
        with suppress(AlreadyRevoked):  # twice out is out
            revoke(phone, by=phone.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def network_address(request: Request) -> str | None:
    """Where the request comes from: told by our own proxy in production, by the socket elsewhere."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", maxsplit=1)[-1].strip() or None
    return request.META.get("REMOTE_ADDR") or None
