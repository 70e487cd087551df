"""Hours of the week in which a customer asked to be left in peace."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchQuerySet


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class QuietHoursQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def in_force(self) -> "QuietHoursQuerySet":
        return self.filter(lifted_at__isnull=True)


class QuietHours(models.Model):
    """[starts, ends) of a weekday by the customer's clock; `ends` empty means until midnight. Night work, prayer, care.

    They bind at once and are lifted, never deleted.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="quiet_hours", verbose_name=_("customer")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), null=True, blank=True, help_text=_("empty: until midnight"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    objects = QuietHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__in=Weekday.values), name="quiet_weekday_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")),
                name="quiet_hours_end_later",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="quiet_hours_lifted_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer"], condition=models.Q(lifted_at__isnull=True), name="quiet_hours_in_force"
            )
        ]

    def __str__(self) -> str:
        ends = self.ends.strftime("%H:%M") if self.ends else "24:00"
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{ends}"
