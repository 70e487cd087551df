"""The agents' phones: logging in, opaque tokens, and their end.

A token is 32 random bytes, shown once and kept only as SHA-256. It ends 30 days after log-in, after 72 idle hours,
when revoked, and with its owner's account: each is looked at on every request.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.asking import NobodyAsks
from accounts.models import User
from compliance.audit.log_ins import Door, note_failed_log_in, note_log_in, note_log_out
from visits.models import Device, LoginAttempt

if TYPE_CHECKING:  # rest_framework.views reads the settings, which name a class of this module
    from rest_framework.views import APIView

TOKEN_BYTES = 32
LIVES = timedelta(days=30)
MAY_IDLE = timedelta(hours=72)
NOTE_SEEN_EVERY = timedelta(minutes=1)

LOCK_LOOKS_BACK = timedelta(minutes=15)
FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 50


class WrongCredentials(Exception):
    """No member of the field staff logs in with this name and password. Which of them is wrong is not told."""


class TooManyAttempts(Exception):
    """Too many failures of late for this name or network address. `wait` says for how long there is no more try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class AlreadyRevoked(Exception):
    """The device was revoked before."""


def enrol(
    *, username: str, password: str, name: str, address: str | None, now: datetime
) -> tuple[Device, str]:
    """Log a phone in. Returns the device and its token, in clear for this once.

    Raises WrongCredentials and TooManyAttempts. Every try is kept; tries for one name wait for each other.
    """
    with transaction.atomic():
        _one_try_at_a_time(username)
        _ensure_not_locked(username, address, now=now)
        user = _of_the_field_staff(username, password)
        LoginAttempt.objects.create(
            username=username.lower(), address=address, at=now, succeeded=user is not None
        )
        if user is not None:
            device, token = _issue(user, name=name, now=now)
            note_log_in(user, door=Door.PHONE, device=device.pk, now=now)
            return device, token
        note_failed_log_in(username=username, door=Door.PHONE, now=now)
    raise WrongCredentials


@transaction.atomic
def revoke(device: Device, *, by: User, now: datetime) -> None:
    """End the device's token at once: its owner logs out, or somebody puts them out. Raises AlreadyRevoked."""
    if not Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(revoked_at=now):
        raise AlreadyRevoked(gettext("This device was revoked before."))
    note_log_out(device.user, door=Door.PHONE, device=device.pk, by=by, now=now)


def device_of(token: str, *, now: datetime) -> Device | None:
    """The device this token opens at `now`, None when it opens nothing (any more)."""
    device: Device | None = (
        Device.objects.select_related("user__branch")
        .filter(
            token_sha256=_digest(token),
            revoked_at__isnull=True,
            expires_at__gt=now,
            last_seen_at__gt=now - MAY_IDLE,
            user__is_active=True,
        )
        .first()
    )
    if device and device.last_seen_at < now - NOTE_SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)
    return device


def _issue(user: User, *, name: str, now: datetime) -> tuple[Device, str]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = Device.objects.create(
        user=user,
        name=name,
        token_sha256=_digest(token),
        enrolled_at=now,
        last_seen_at=now,
        expires_at=now + LIVES,
    )
    return device, token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _of_the_field_staff(username: str, password: str) -> User | None:
    """Takes as long for an unknown name as for a known one: Django hashes the password either way."""
    user = authenticate(username=username, password=password)
    return user if isinstance(user, User) and user.goes_out else None


def _one_try_at_a_time(username: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"log-in {username.lower()}"]
        )


def _ensure_not_locked(username: str, address: str | None, *, now: datetime) -> None:
    recent = LoginAttempt.objects.filter(succeeded=False, at__gt=now - LOCK_LOOKS_BACK)
    for failures, most in (
        (recent.filter(username=username.lower()), FAILURES_PER_NAME),
        (recent.filter(address=address, address__isnull=False), FAILURES_PER_ADDRESS),
    ):
        last = list(failures.order_by("-at").values_list("at", flat=True)[:most])
        if len(last) == most:
            raise TooManyAttempts(last[-1] + LOCK_LOOKS_BACK - now)


def phone_of(request: Request) -> Device:
    """The device a request came from. Raises NobodyAsks when it carries none."""
    if isinstance(request.auth, Device):
        return request.auth
    raise NobodyAsks(request.path)


class DeviceTokenAuthentication(BaseAuthentication):
    """`Authorization: Device <token>`. A token that opens nothing is 401 at the very next request."""

    keyword = "Device"

    def authenticate(self, request: Request) -> tuple[User, Device] | None:
        keyword, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if keyword.lower() != self.keyword.lower():
            return None
        device = device_of(token.strip(), now=timezone.now())
        if device is None:
            raise AuthenticationFailed(_("This device is not logged in (any more). Log in again."))
        return device.user, device

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class IsFieldStaff(BasePermission):
    """Field agents and security officers, on a device of their own."""

    message = _("Only field staff use this part of the API.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, User) and isinstance(request.auth, Device) and request.user.goes_out
