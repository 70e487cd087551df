"""How long which kind of data is kept, what holds it longer, and what was purged."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchQuerySet
from compliance.models.data_requests import DataRequest
from config.ledger import Ledger, LedgerQuerySet


class RetentionClass(models.Model):
    """One kind of data and for how many days it is kept.

    `keep_days` is the bank's to set between the two bounds, in the form, the model and the database. The bounds
    come with a migration and stay: a trigger refuses the application's role any change of them. What a class covers,
    from when its days count and where its bounds come from is declared in code (`compliance.retention.declared`).
    """

    key = models.SlugField(_("key"), max_length=40, unique=True, editable=False)
    keep_days = models.PositiveIntegerField(_("kept for, days"))
    minimum_days = models.PositiveIntegerField(_("at least, days"), editable=False)
    maximum_days = models.PositiveIntegerField(_("at most, days"), editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("retention class")
        verbose_name_plural = _("retention classes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    keep_days__gte=models.F("minimum_days"), keep_days__lte=models.F("maximum_days")
                ),
                name="kept_between_the_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(changed_at__isnull=True, changed_by__isnull=True)
                | models.Q(changed_at__isnull=False, changed_by__isnull=False),
                name="retention_changed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class LegalHoldQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def in_force(self, *, at: datetime) -> "LegalHoldQuerySet":
        """Holds that bind at the instant `at`."""
        return self.filter(starts_at__lte=at, lifted_at__isnull=True).filter(
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at)
        )


class LegalHold(models.Model):
    """Nothing of this customer is purged or deleted from `starts_at` until `ends_at` (open when null) or until lifted."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="legal_holds", verbose_name=_("customer")
    )
    reason = models.CharField(_("reason"), max_length=300)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    entered_at = models.DateTimeField(_("entered at"), editable=False)
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("entered by")
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("lifted by")
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="hold_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"], condition=models.Q(lifted_at__isnull=True), name="hold_of_customer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer} {timezone.localtime(self.starts_at):%Y-%m-%d}"


class PurgeRun(Ledger):
    """One batch that was purged, written by the same database function that purged it.

    Everything of the class from before `cutoff` and under no hold was due; `rows` of it went in this batch.
    `request` names the customer's own request when the purge answers one.
    """

    retention_class = models.ForeignKey(
        RetentionClass, models.PROTECT, related_name="runs", verbose_name=_("retention class")
    )
    keep_days = models.PositiveIntegerField(_("kept for, days"))
    cutoff = models.DateTimeField(_("purged from before"))
    rows = models.PositiveIntegerField(_("rows"))
    request = models.ForeignKey(
        DataRequest, models.PROTECT, null=True, related_name="+", verbose_name=_("data request")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        indexes = [models.Index(fields=["-at"], name="purge_latest")]

    def __str__(self) -> str:
        return f"{self.retention_class} {self.rows} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"
