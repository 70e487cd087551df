"""Reasons of the customer's own life or right for which contact stops."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from compliance.evidence import EvidenceKind
from compliance.terms import Channel, RestrictionKind
from config.ledger import Ledger


class RestrictionQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def in_force(self, *, at: datetime) -> "RestrictionQuerySet":
        """Restrictions that bind at the instant `at`."""
        return self.not_over(at=at).filter(starts_at__lte=at)

    def not_over(self, *, at: datetime) -> "RestrictionQuerySet":
        """Restrictions that bind at the instant `at` or will bind later."""
        return self.filter(lifted_at__isnull=True).filter(
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at)
        )

    def to_review(self, *, by: date) -> "RestrictionQuerySet":
        """Restrictions whose review date has come on the local date `by`."""
        return self.filter(review_on__lte=by)


class Restriction(models.Model):
    """Contact with a customer stops from `starts_at` until `ends_at` (open when null), by all or some channels.

    A restriction is lifted by a person, never deleted. One that goes on is continued by another row, which names it in
    `extended_from`. On the local date `review_on` somebody looks whether it still holds.
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
    ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("empty: as long as is usual for the kind, or until somebody lifts it"),
    )
    evidence_kind = models.CharField(
        _("what it rests on"), max_length=20, choices=EvidenceKind, default=EvidenceKind.WORD
    )
    evidence = models.CharField(
        _("evidence"),
        max_length=300,
        help_text=_(
            "Where the paper or the record is: its number, its date, who saw it. "
            "No diagnosis and nothing else of anybody's health: the kind says all the gate needs."
        ),
    )
    extended_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="extended_by",
        verbose_name=_("continues"),
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
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
                condition=models.Q(evidence_kind__in=EvidenceKind.values),
                name="restriction_evidence_is_known",
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
        indexes = [
            models.Index(fields=["customer", "starts_at"], name="restriction_of_customer"),
            models.Index(
                fields=["review_on"],
                condition=models.Q(lifted_at__isnull=True),
                name="restriction_by_review",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class OfRestrictionQuerySet(InBranchLedgerQuerySet):
    branch_path = "restriction__customer__branch"


class RestrictionReview(Ledger):
    """Somebody looked at a restriction and found that it still holds, until it is looked at again."""

    restriction = models.ForeignKey(
        Restriction, models.PROTECT, related_name="reviews", verbose_name=_("restriction")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    next_on = models.DateField(_("next review on"))

    objects = OfRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a restriction")
        verbose_name_plural = _("reviews of restrictions")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"
