"""The rule book where people change it: sources, the limits of every setting, the bank's amendments, and what was in
force when a decision was made.
"""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.ledger import Ledger, LedgerQuerySet

VERIFICATIONS = [
    ("CONFIRMED", _("confirmed")),
    ("SECONDARY", _("read second-hand")),
    ("BACKGROUND", _("not confirmed")),
    ("NOT_FOUND", _("looked for in vain")),
]


class LegalSource(models.Model):
    """A text that rules follow. It comes packaged; a compliance officer corrects it and says who read the text."""

    key = models.CharField(_("key"), max_length=40, primary_key=True)
    verification = models.CharField(_("confirmed"), max_length=10, choices=VERIFICATIONS)
    name_zh = models.CharField(_("title, Chinese"), max_length=200)
    name_en = models.CharField(_("title, English"), max_length=200)
    article = models.CharField(_("article"), max_length=40, blank=True)
    says_zh = models.TextField(_("paraphrase, Chinese"))
    says_en = models.TextField(_("paraphrase, English"))
    address = models.CharField(_("read at"), max_length=300, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
        editable=False,
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verification__in=[code for code, _label in VERIFICATIONS]),
                name="source_verification_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="source_verified_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class RuleLimit(models.Model):
    """The loosest value a setting of a rule may have. Written by the migration as the owner; the application reads it.

    `direction` is 1 when a higher number is stricter, -1 when a lower one is.
    """

    rule = models.CharField(_("rule"), max_length=30)
    setting = models.CharField(_("setting"), max_length=30)
    unit = models.CharField(_("unit"), max_length=10)
    loosest = models.BigIntegerField(_("loosest value"))
    direction = models.SmallIntegerField(_("direction"))
    least = models.BigIntegerField(_("least value"))
    most = models.BigIntegerField(_("greatest value"))

    class Meta:
        verbose_name = _("limit of a rule")
        verbose_name_plural = _("limits of rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "setting"], name="one_limit_per_setting"),
            models.CheckConstraint(
                condition=models.Q(direction__in=(-1, 1)), name="limit_direction_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}.{self.setting}"


class AmendmentStatus(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    APPROVED = "APPROVED", _("approved")
    REJECTED = "REJECTED", _("rejected")


class AmendmentQuerySet(models.QuerySet["RuleAmendment"]):
    def approved(self) -> "AmendmentQuerySet":
        return self.filter(status=AmendmentStatus.APPROVED)


class RuleAmendment(models.Model):
    """The bank's change of one rule's settings, proposed by one person and approved by another.

    `settings` holds every setting of the rule as a whole number (`RuleLimit` says in which unit). The database refuses
    a value looser than the limit, and any change after the decision. In force from `effective_from`, until a later
    amendment of the same rule is.
    """

    rule = models.CharField(_("rule"), max_length=30)
    number = models.PositiveIntegerField(_("number"))
    settings = models.JSONField(_("settings"))
    effective_from = models.DateTimeField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(
        _("status"), max_length=10, choices=AmendmentStatus, default=AmendmentStatus.PROPOSED
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment of a rule")
        verbose_name_plural = _("amendments of rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_amendment_per_number"),
            models.CheckConstraint(
                condition=models.Q(status=AmendmentStatus.PROPOSED, decided_at__isnull=True)
                | models.Q(
                    status__in=(AmendmentStatus.APPROVED, AmendmentStatus.REJECTED),
                    decided_at__isnull=False,
                ),
                name="amendment_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
                name="amendment_decided_by_another_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_from"], condition=models.Q(status="APPROVED"), name="amendment_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} #{self.number}"

    def is_in_force(self, *, at: datetime) -> bool:
        return self.status == AmendmentStatus.APPROVED and self.effective_from <= at


class PolicySnapshot(Ledger):
    """All settings of the rule book as they stood when a decision was made, by their own hash: for replaying it."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, primary_key=True)
    rulebook = models.CharField(_("rule book version"), max_length=20)
    content = models.JSONField(_("settings"))
    first_used_at = models.DateTimeField(_("first used at"))

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy as it stood")
        verbose_name_plural = _("policies as they stood")

    def __str__(self) -> str:
        return f"{self.rulebook} {self.sha256[:12]}"
