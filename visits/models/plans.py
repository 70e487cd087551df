import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.models.staff import InBranchQuerySet


class PlanStatus(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    ACCEPTED = "ACCEPTED", _("accepted")
    REJECTED = "REJECTED", _("rejected")


class Plan(models.Model):
    """One proposal for one branch and local date: which team visits whom, when, in what order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    date = models.DateField(_("date"))
    status = models.CharField(_("status"), max_length=10, choices=PlanStatus)
    solver = models.CharField(_("solver"), max_length=40)
    seed = models.PositiveIntegerField(_("seed"))
    summary = models.JSONField(_("summary"), default=dict)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = InBranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("day plan")
        verbose_name_plural = _("day plans")
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "date"],
                condition=models.Q(status="ACCEPTED"),
                name="one_accepted_plan_per_day",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=PlanStatus.values), name="plan_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="PROPOSED", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~models.Q(status="PROPOSED")
                    & models.Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="plan_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.date}"
