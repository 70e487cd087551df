"""What we checked about a customer before anyone goes to the door, and until when the check holds."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer, OfCustomerQuerySet
from accounts.models.staff import User


class Kind(models.TextChoices):
    IDENTITY = "IDENTITY", _("identity")
    PHONE = "PHONE", _("phone")
    ADDRESS = "ADDRESS", _("address")
    BALANCE = "BALANCE", _("balance")


class Status(models.TextChoices):
    VALID = "VALID", _("valid")
    INVALID = "INVALID", _("invalid")


REQUIRED = (Kind.IDENTITY, Kind.PHONE, Kind.ADDRESS, Kind.BALANCE)


class Verification(models.Model):
    """One item of a customer's checklist. A customer with an item missing, invalid or expired is not visited."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="verifications", verbose_name=_("customer")
    )
    kind = models.CharField(_("item"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    finding = models.CharField(_("finding"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked at"))
    checked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("checked by"))
    expires_at = models.DateTimeField(_("expires at"))

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind"], name="one_verification_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="verification_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("checked_at")),
                name="verification_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_status_display()}"


def verified_customers(*, at: datetime) -> models.QuerySet[Customer]:
    """Customers whose every required item is valid at the instant `at`."""
    valid = Verification.objects.filter(
        customer=models.OuterRef("pk"), status=Status.VALID, expires_at__gt=at
    )
    return Customer.objects.filter(*(models.Exists(valid.filter(kind=kind)) for kind in REQUIRED))
