"""Visits that come near the end of the contact hours, and those that ran past it. Written by a tick, never changed.

All hours are the customer's: of the zones the customer may be in, the one whose clock is first.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.ledger import Ledger
from visits.models.reports import OfVisitQuerySet
from visits.models.visits import Visit


class AlertLevel(models.TextChoices):
    SOON = "SOON", _("20:30: come to an end")
    NOW = "NOW", _("20:50: leave now")


class OverrunAlert(Ledger):
    """A visit was still under way at `due_at`, which is 20:30 or 20:50 where the customer is."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="overrun_alerts", verbose_name=_("visit"))
    level = models.CharField(_("level"), max_length=10, choices=AlertLevel)
    due_at = models.DateTimeField(_("due at"))
    noticed_at = models.DateTimeField(_("noticed at"))

    objects = OfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert before the end of the contact hours")
        verbose_name_plural = _("alerts before the end of the contact hours")
        constraints = [
            models.UniqueConstraint(fields=["visit", "level"], name="one_alert_of_a_level"),
            models.CheckConstraint(
                condition=models.Q(level__in=AlertLevel.values), name="alert_level_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(noticed_at__gte=models.F("due_at")), name="alert_is_not_early"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {timezone.localtime(self.due_at):%Y-%m-%d %H:%M}"


class Overrun(Ledger):
    """At `at`, 21:00 where the customer is, nobody had told the server that the visit was over.

    `noticed_at` is later than `at` when the programs were down. The server's time is the authority.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="overrun", verbose_name=_("visit"))
    at = models.DateTimeField(_("contact hours ended at"))
    noticed_at = models.DateTimeField(_("noticed at"))

    objects = OfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit past the contact hours")
        verbose_name_plural = _("visits past the contact hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(noticed_at__gte=models.F("at")), name="overrun_is_not_early"
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="overrun_latest")]

    def __str__(self) -> str:
        return f"{self.visit.customer} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class HowEnded(models.TextChoices):
    CHECKED_OUT = "CHECKED_OUT", _("checked out")
    ABORTED = "ABORTED", _("broken off")


class EndOfOverrunQuerySet(OfVisitQuerySet):
    branch_path = "overrun__visit__plan__branch"


class EndOfOverrun(Ledger):
    """How a visit that ran past the hours ended after all. Nothing here takes the overrun back.

    `ended_at` is when the server was told, `told_at` what the phone's clock showed when the team left, `effective_at`
    the same less what the phone's clock was wrong by when it told; equal to `told_at` where that is not known.
    """

    overrun = models.OneToOneField(
        Overrun, models.PROTECT, related_name="end", verbose_name=_("visit past the contact hours")
    )
    how = models.CharField(_("how it ended"), max_length=12, choices=HowEnded)
    ended_at = models.DateTimeField(_("received at"))
    told_at = models.DateTimeField(_("time on the phone"))
    effective_at = models.DateTimeField(_("left at, by the phone"))
    in_time_by_the_phone = models.BooleanField(_("in time by the phone"))

    objects = EndOfOverrunQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of a visit past the contact hours")
        verbose_name_plural = _("ends of visits past the contact hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=HowEnded.values), name="end_of_overrun_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {timezone.localtime(self.ended_at):%Y-%m-%d %H:%M}"
