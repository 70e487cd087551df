"""Score cards as data, and what they said about each case: append-only, with reasons."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Case, Customer
from accounts.models.staff import InBranchLedgerQuerySet
from config.ledger import Ledger


class Tier(models.TextChoices):
    HIGH = "HIGH", _("high")
    MEDIUM = "MEDIUM", _("medium")
    LOW = "LOW", _("low")


class Strategy(models.TextChoices):
    """The cell of the ability × willingness matrix a case stands in."""

    REMIND = "REMIND", _("remind: able and willing")
    FIRM = "FIRM", _("firm: able, not willing")
    LISTEN = "LISTEN", _("listen: willing, not able")
    VERIFY = "VERIFY", _("verify facts: neither able nor willing")


class SafetyBand(models.TextChoices):
    NORMAL = "NORMAL", _("normal")
    CAREFUL = "CAREFUL", _("two staff and check-in every 30 minutes")
    ESCORT = "ESCORT", _("security officer, supervisor's approval, daylight")
    NO_VISIT = "NO_VISIT", _("no home visit")


class ScorecardStatus(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    ACTIVE = "ACTIVE", _("active")
    RETIRED = "RETIRED", _("retired")


class Scorecard(models.Model):
    """A points card as data (`points-card/1`): dimensions, characteristics, cuts, points. Never code."""

    name = models.CharField(_("name"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    status = models.CharField(_("status"), max_length=10, choices=ScorecardStatus)
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("score card")
        verbose_name_plural = _("score cards")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_card_per_version"),
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="ACTIVE"), name="one_active_card"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ScorecardStatus.values), name="card_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class AssessmentQuerySet(InBranchLedgerQuerySet):
    branch_path = "case__branch"


class Assessment(Ledger):
    """What a card said about a case at one instant. `ability` and `willingness` 0–100, higher is better;
    `safety` 0–100, higher is more dangerous. `points` keeps each characteristic's points, so that the score can
    be recomputed; `reasons` at most four per dimension, each {dimension, characteristic, value, points, best}.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments", verbose_name=_("case"))
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"))
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, verbose_name=_("score card"))
    assessed_at = models.DateTimeField(_("assessed at"))
    ability = models.SmallIntegerField(_("ability to pay"))
    willingness = models.SmallIntegerField(_("willingness to pay"))
    safety = models.SmallIntegerField(_("danger"))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    strategy = models.CharField(_("strategy"), max_length=10, choices=Strategy)
    safety_band = models.CharField(_("safety band"), max_length=10, choices=SafetyBand)
    points = ArrayField(models.SmallIntegerField(), verbose_name=_("points"))
    facts = models.JSONField(_("facts"), default=dict)
    reasons = models.JSONField(_("reasons"), default=list)
    known = models.PositiveSmallIntegerField(_("known factors"))
    asked = models.PositiveSmallIntegerField(_("factors asked"))

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__in=Tier.values)
                & models.Q(strategy__in=Strategy.values)
                & models.Q(safety_band__in=SafetyBand.values),
                name="assessment_codes_are_known",
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="assessment_latest")]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.ability}/{self.willingness}/{self.safety}"


class Standing(models.Model):
    """The pointer to a case's current assessment; switched when a new one is complete."""

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="standing", verbose_name=_("case")
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, verbose_name=_("assessment"))

    class Meta:
        verbose_name = _("current assessment")
        verbose_name_plural = _("current assessments")

    def __str__(self) -> str:
        return str(self.assessment)
