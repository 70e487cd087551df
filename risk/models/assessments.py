"""What a card said about each case: append-only, with points and reasons, and a pointer to the latest."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Case, Customer
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from config.ledger import Ledger
from risk.models.cards import Scorecard


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


class AssessmentQuerySet(InBranchLedgerQuerySet):
    branch_path = "case__branch"


class Assessment(Ledger):
    """What a card said about a case at one instant. `ability` and `willingness` 0–100, higher is better;
    `safety` 0–100, higher is more dangerous.

    `facts` are what was scored ({characteristic: number, word, or null when not known}, and the amount overdue)
    and `points` what each got, in the card's order, so that the score can be recomputed. `reasons`: at most four per
    dimension, each {dimension, characteristic, value, points, best}, most points lost first.
    `known` of `asked` repayment factors were known.
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
            models.CheckConstraint(
                condition=models.Q(
                    ability__range=(0, 100), willingness__range=(0, 100), safety__range=(0, 100)
                ),
                name="scores_are_0_to_100",
            ),
            models.CheckConstraint(
                condition=models.Q(known__lte=models.F("asked")), name="known_of_those_asked"
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="assessment_latest")]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.ability}/{self.willingness}/{self.safety}"


class StandingQuerySet(InBranchQuerySet):
    branch_path = "case__branch"


class Standing(models.Model):
    """The pointer to a case's current assessment; switched when a new one is complete.

    `facts_of` is the case's `facts_changed_at` that the assessment saw: when they differ, facts changed since,
    whatever the order in which the clocks were read and the transactions committed.
    """

    case = models.OneToOneField(
        Case, models.CASCADE, primary_key=True, related_name="standing", verbose_name=_("case")
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, verbose_name=_("assessment"))
    facts_of = models.DateTimeField(_("facts of"), null=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("current assessment")
        verbose_name_plural = _("current assessments")

    def __str__(self) -> str:
        return str(self.assessment)
