"""How often one person may look at personal data in clear, and what the compliance officer hears of it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff import InBranchLedgerQuerySet, Role
from config.ledger import Ledger

MOST_PER_HOUR, MOST_PER_DAY = 30, 100
EVERYBODY = ""


class DisclosureQuota(models.Model):
    """A limit tighter than the product's own for one role, or for everybody when `role` is empty.

    `per_hour` and `per_day` count the values shown to one person within any 60 minutes and any 24 hours. Without a
    row the ceilings hold (30 and 100, bank policy); no row can be looser, in the form, the model or the database.
    """

    role = models.CharField(
        _("role"),
        max_length=20,
        choices=[(EVERYBODY, _("everybody")), *Role.choices],
        unique=True,
        blank=True,
        default=EVERYBODY,
    )
    per_hour = models.PositiveSmallIntegerField(
        _("values in any hour"),
        default=MOST_PER_HOUR,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_HOUR)],
    )
    per_day = models.PositiveSmallIntegerField(
        _("values in any 24 hours"),
        default=MOST_PER_DAY,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PER_DAY)],
    )
    changed_at = models.DateTimeField(_("changed at"), editable=False)
    changed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("disclosure quota")
        verbose_name_plural = _("disclosure quotas")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[EVERYBODY, *Role.values]), name="quota_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    per_hour__range=(1, MOST_PER_HOUR),
                    per_day__range=(1, MOST_PER_DAY),
                ),
                name="quota_only_tightens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.per_hour} / {self.per_day}"


class QuotaWindow(models.TextChoices):
    HOUR = "HOUR", _("any hour")
    DAY = "DAY", _("any 24 hours")


class AlertKind(models.TextChoices):
    NEARLY_SPENT = "NEARLY_SPENT", _("four fifths of the quota used")
    SPENT = "SPENT", _("refused: quota spent")


class DisclosureAlertQuerySet(InBranchLedgerQuerySet):
    branch_path = "user__branch"


class DisclosureAlert(Ledger):
    """Somebody looks at unusually much personal data: told to the compliance officer, on a page."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind)
    window = models.CharField(_("counted in"), max_length=10, choices=QuotaWindow)
    shown = models.PositiveSmallIntegerField(_("values shown"))
    most = models.PositiveSmallIntegerField(_("at most"))
    at = models.DateTimeField(_("at"))

    objects = DisclosureAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure alert")
        verbose_name_plural = _("disclosure alerts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AlertKind.values) & models.Q(window__in=QuotaWindow.values),
                name="disclosure_alert_codes_are_known",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="disclosure_alert_latest")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"
