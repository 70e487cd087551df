"""What contacts taught us about a customer: written by the packages that meet them, read by the score card."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.customers import OfCustomerQuerySet


class Attitude(models.TextChoices):
    AGREES = "AGREES", _("agrees to a plan")
    ASKS_FOR_HELP = "ASKS_FOR_HELP", _("asks for help")
    DISPUTES = "DISPUTES", _("disputes the debt")
    VAGUE = "VAGUE", _("vague")
    REFUSES = "REFUSES", _("refuses")


class IncidentKind(models.TextChoices):
    VERBAL = "VERBAL", _("verbal abuse")
    THREAT = "THREAT", _("threat or damage")
    ASSAULT = "ASSAULT", _("assault or weapon")


class Animal(models.TextChoices):
    NONE = "NONE", _("no animal")
    LOOSE = "LOOSE", _("loose animal")
    HAS_BITTEN = "HAS_BITTEN", _("animal that has bitten")


class People(models.TextChoices):
    CALM = "CALM", _("nobody to be wary of")
    CONFLICT = "CONFLICT", _("intoxication or conflict")
    HOSTILE_GROUP = "HOSTILE_GROUP", _("hostile group")


class Signal(models.TextChoices):
    GOOD = "GOOD", _("good signal")
    WEAK = "WEAK", _("weak signal")
    NONE = "NONE", _("no signal")


class BehaviourFacts(models.Model):
    """One row per customer who was ever contacted. Empty means not known.

    The date of the last incident of each kind is kept, so that each fades on its own after 24 months.
    `failed_attempts` are the instants of the last ten attempts since the customer was last reached.
    """

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="behaviour", verbose_name=_("customer")
    )
    promises_kept = models.PositiveSmallIntegerField(_("promises kept"), null=True)
    promises_broken = models.PositiveSmallIntegerField(_("promises broken"), null=True)
    last_right_party_contact_at = models.DateTimeField(_("customer last reached at"), null=True)
    failed_attempts = ArrayField(models.DateTimeField(), verbose_name=_("failed attempts"), default=list)
    attitude = models.CharField(_("attitude"), max_length=20, choices=Attitude, blank=True)
    last_verbal_abuse_at = models.DateTimeField(_("last verbal abuse"), null=True)
    last_threat_at = models.DateTimeField(_("last threat or damage"), null=True)
    last_assault_at = models.DateTimeField(_("last assault or weapon"), null=True)
    animal = models.CharField(_("animal"), max_length=20, choices=Animal, blank=True)
    people_present = models.CharField(_("people present"), max_length=20, choices=People, blank=True)
    phone_signal = models.CharField(_("phone signal"), max_length=10, choices=Signal, blank=True)
    updated_at = models.DateTimeField(_("updated at"))
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("updated by"))

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("what contacts taught us")
        verbose_name_plural = _("what contacts taught us")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(attitude__in=["", *Attitude.values])
                & models.Q(animal__in=["", *Animal.values])
                & models.Q(people_present__in=["", *People.values])
                & models.Q(phone_signal__in=["", *Signal.values]),
                name="behaviour_codes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(promises_kept__isnull=True, promises_broken__isnull=True)
                | models.Q(promises_kept__isnull=False, promises_broken__isnull=False),
                name="promises_counted_together",
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer)
