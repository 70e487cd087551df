"""Points cards as data: dimensions, characteristics, cuts, points. Never code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScorecardStatus(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    ACTIVE = "ACTIVE", _("active")
    RETIRED = "RETIRED", _("retired")


class ScorecardManager(models.Manager["Scorecard"]):
    def in_force(self) -> "Scorecard":
        """The one card that scores cases now. Raises Scorecard.DoesNotExist."""
        return self.get(status=ScorecardStatus.ACTIVE)


class Scorecard(models.Model):
    """A `points-card/1` and the SHA-256 of its canonical JSON. A card is replaced by a new version, never edited."""

    name = models.CharField(_("name"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    status = models.CharField(_("status"), max_length=10, choices=ScorecardStatus)
    definition = models.JSONField(_("definition"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))

    objects = ScorecardManager()

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
