"""What somebody has to do next on a case, and by when."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Case, Customer, User
from accounts.models.staff import InBranchQuerySet
from visits.models import Visit


class FollowUpKind(models.TextChoices):
    CALL = "CALL", _("call")
    LETTER = "LETTER", _("letter")
    REVISIT = "REVISIT", _("visit again")
    LEGAL = "LEGAL", _("legal review")
    HARDSHIP_PLAN = "HARDSHIP_PLAN", _("work out a hardship plan")
    RESOLVE_DISPUTE = "RESOLVE_DISPUTE", _("resolve the dispute")
    REPAIR_ADDRESS = "REPAIR_ADDRESS", _("repair the address")
    SUPERVISOR = "SUPERVISOR", _("supervisor decides")


class FollowUpStatus(models.TextChoices):
    OPEN = "OPEN", _("open")
    DONE = "DONE", _("done")
    CANCELLED = "CANCELLED", _("cancelled")


class FollowUpQuerySet(InBranchQuerySet):
    branch_path = "case__branch"


class FollowUp(models.Model):
    """One thing to do on a case by the local date `due_on`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups", verbose_name=_("case"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="follow_ups", verbose_name=_("customer")
    )
    visit = models.OneToOneField(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_up",
        verbose_name=_("arose from visit"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=FollowUpKind)
    reason = models.CharField(_("reason"), max_length=200)
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=FollowUpStatus, default=FollowUpStatus.OPEN)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("created by"))
    contact = models.OneToOneField(
        "compliance.Contact",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact"),
    )
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=FollowUpStatus.values),
                name="follow_up_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(status="OPEN"), name="open_follow_up_by_due")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"
