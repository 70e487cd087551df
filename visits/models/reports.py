"""What every report of a phone carries. `client_at` is the phone's clock, `received_at` the server's."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff import Datum, InBranchLedgerQuerySet
from config.ledger import Ledger
from visits.models.devices import Device

MOST_SKEW = timedelta(seconds=30)


class ClockDoubt(models.TextChoices):
    SKEW = "SKEW", _("more than 30 seconds off")
    SET_BACK = "SET_BACK", _("set back since the last report")


class OfVisitQuerySet(InBranchLedgerQuerySet):
    branch_path = "visit__plan__branch"


class Report(Ledger):
    """Base of what a phone sends: evidence, never changed. `reference` is the phone's own UUID and `body_sha256`
    the hash of all it said, so that the same report again is no new report, and another one is no replay.

    `clock_offset` is the phone's clock less the server's at the moment of sending, null when the phone did not say.
    """

    reference = models.UUIDField(_("reference"), unique=True)
    body_sha256 = models.CharField(_("body, SHA-256"), max_length=64, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="+", verbose_name=_("device"))
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    client_at = models.DateTimeField(_("time on the phone"))
    received_at = models.DateTimeField(_("received at"))
    clock_offset = models.DurationField(_("phone’s clock ahead by"), null=True)
    clock_doubt = models.CharField(
        _("doubt about the phone’s clock"), max_length=10, choices=ClockDoubt, blank=True
    )

    objects = OfVisitQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clock_doubt="", clock_offset__isnull=True)
                | models.Q(clock_doubt=ClockDoubt.SKEW, clock_offset__isnull=False)
                & ~models.Q(clock_offset__range=(-MOST_SKEW, MOST_SKEW))
                | models.Q(clock_doubt__in=("", ClockDoubt.SET_BACK), clock_offset__isnull=False)
                & models.Q(clock_offset__range=(-MOST_SKEW, MOST_SKEW)),
                name="%(class)s_clock_doubt_follows_offset",
            ),
        ]


class Place(models.Model):
    """Where the phone believed to be; `distance_metres` is from the visited address, null when unknown."""

    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True)
    datum = models.CharField(_("datum"), max_length=5, choices=Datum, default=Datum.WGS84)
    accuracy_metres = models.PositiveIntegerField(_("accuracy, metres"), null=True)
    distance_metres = models.PositiveIntegerField(_("distance, metres"), null=True)

    class Meta:
        abstract = True
