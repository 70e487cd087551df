import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff import InBranchQuerySet


class DeviceQuerySet(InBranchQuerySet):
    branch_path = "user__branch"


class Device(models.Model):
    """An agent's phone. Its token is shown once at log-in and kept here only as a hash.

    `clock_offset`: its clock less the server's, when it last reported (`clock_read_at`, the server's time).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="devices", verbose_name=_("member of staff"))
    name = models.CharField(_("name"), max_length=60)
    token_sha256 = models.CharField(_("token, SHA-256"), max_length=64, unique=True)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    clock_offset = models.DurationField(_("clock ahead by"), null=True, blank=True)
    clock_read_at = models.DateTimeField(_("clock read at"), null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class LoginAttempt(models.Model):
    """One try to log in from a phone. Failures of the last minutes lock the name or the network address."""

    username = models.CharField(_("user name"), max_length=150)
    address = models.GenericIPAddressField(_("network address"), null=True)
    at = models.DateTimeField(_("at"))
    succeeded = models.BooleanField(_("succeeded"))

    class Meta:
        verbose_name = _("log-in attempt")
        verbose_name_plural = _("log-in attempts")
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_by_name"),
            models.Index(fields=["address", "at"], name="attempt_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {timezone.localtime(self.at):%Y-%m-%d %H:%M:%S}"
