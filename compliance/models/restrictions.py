"""Reasons of the customer's own life or right for which contact stops."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchQuerySet
from compliance.terms import Channel, RestrictionKind


class RestrictionQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def in_force(self, *, at: datetime) -> "RestrictionQuerySet":
        """Restrictions that bind at the instant `at`."""
        return self.filter(starts_at__lte=at, lifted_at__isnull=True).filter(
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at)
        )


class Restriction(models.Model):
    """Contact with a customer stops from `starts_at` until `ends_at` (open when null), by all or some channels.

    A restriction is lifted by a person, never deleted.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="restrictions", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=RestrictionKind)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel),
        verbose_name=_("channels"),
        default=list,
        blank=True,
        help_text=_("empty: every channel"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RestrictionKind.values),
                name="restriction_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(channels__contained_by=list(Channel.values)),
                name="restriction_channels_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="restriction_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="restriction_lifted_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["customer", "starts_at"], name="restriction_of_customer")]

    def __str__(self) -> str:
        return self.get_kind_display()
