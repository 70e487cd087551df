"""Two people's word that a rule does not stop one contact."""

import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from compliance.models.ledgers import Clearance, Refusal
from compliance.terms import Channel, OverrideReason, Purpose
from config.ledger import Ledger

LONGEST = timedelta(hours=24)


class OverrideStatus(models.TextChoices):
    REQUESTED = "REQUESTED", _("requested")
    APPROVED = "APPROVED", _("approved")
    REJECTED = "REJECTED", _("rejected")


class OverrideQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def valid(self, *, at: datetime) -> "OverrideQuerySet":
        return self.filter(status=OverrideStatus.APPROVED, valid_until__gt=at)


class Override(models.Model):
    """The answer to a refusal: these rules do not stop this one contact, until `valid_until`.

    Requested by one person and approved by another of the right role; used once (a visit: once for its plan and once
    for its start). The database refuses an override of a rule that has none, of more than 24 hours, by one person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="overrides", verbose_name=_("customer")
    )
    refusal = models.OneToOneField(
        Refusal, models.PROTECT, related_name="override", verbose_name=_("refusal")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    rules = ArrayField(models.CharField(max_length=30), verbose_name=_("rules"))
    reason_code = models.CharField(_("reason"), max_length=20, choices=OverrideReason)
    reason = models.CharField(_("reason in words"), max_length=500)
    status = models.CharField(
        _("status"), max_length=10, choices=OverrideStatus, default=OverrideStatus.REQUESTED
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decision_note = models.CharField(_("note of the decision"), max_length=500, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status=OverrideStatus.REQUESTED, decided_at__isnull=True, valid_until__isnull=True
                )
                | models.Q(
                    status=OverrideStatus.APPROVED, decided_at__isnull=False, valid_until__isnull=False
                )
                | models.Q(
                    status=OverrideStatus.REJECTED, decided_at__isnull=False, valid_until__isnull=True
                ),
                name="override_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("requested_by")),
                name="override_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(
                    valid_until__gt=models.F("decided_at"),
                    valid_until__lte=models.F("decided_at") + LONGEST,
                ),
                name="override_lasts_a_day_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(rules__len__gte=1) & ~models.Q(reason=""),
                name="override_says_what_and_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "valid_until"],
                condition=models.Q(status="APPROVED"),
                name="override_to_be_used",
            ),
            models.Index(
                fields=["requested_at"], condition=models.Q(status="REQUESTED"), name="override_to_be_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.rules)} {self.get_status_display()}"


class OfOverrideQuerySet(InBranchLedgerQuerySet):
    branch_path = "override__customer__branch"


class OverrideUse(Ledger):
    """The clearance that an override made possible. Each override is used once a purpose, and never again."""

    override = models.ForeignKey(Override, models.PROTECT, related_name="uses", verbose_name=_("override"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    clearance = models.OneToOneField(
        Clearance, models.PROTECT, related_name="override_use", verbose_name=_("clearance")
    )
    used_at = models.DateTimeField(_("used at"))

    objects = OfOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of an override")
        verbose_name_plural = _("uses of overrides")
        constraints = [
            models.UniqueConstraint(fields=["override", "purpose"], name="override_is_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.override_id} {self.get_purpose_display()}"
