"""Whole areas in which contact stops, and what each restriction stopped when it was entered."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.models.restrictions import Restriction
from compliance.terms import RestrictionKind
from config.ledger import Ledger


class AreaRestrictionQuerySet(models.QuerySet["AreaRestriction"]):
    def in_force(self, *, at: datetime) -> "AreaRestrictionQuerySet":
        """Area restrictions that bind at the instant `at`."""
        return self.filter(lifted_at__isnull=True, starts_at__lte=at, ends_at__gt=at)


class AreaRestriction(models.Model):
    """Contact stops with everybody who has an address in a declared disaster area.

    `prefix` is the beginning of the GB/T 2260 district codes of the area: 15, 1502 or 150203. Areas may overlap.
    An area restriction is lifted by a person, never deleted.
    """

    kind = models.CharField(
        _("kind"),
        max_length=30,
        choices=RestrictionKind,
        default=RestrictionKind.DISASTER,
        editable=False,
    )
    prefix = models.CharField(
        _("district code"),
        max_length=6,
        help_text=_("GB/T 2260: two digits for a province, four for a city, six for a district."),
    )
    name = models.CharField(_("area"), max_length=100, help_text=_("As the declaration calls it."))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), blank=True, help_text=_("empty: 90 days from the beginning"))
    declared_by = models.CharField(_("declared by"), max_length=100, help_text=_("The public authority."))
    evidence = models.CharField(
        _("evidence"), max_length=300, help_text=_("Number and date of the declaration, and where it is.")
    )
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    objects = AreaRestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("area restriction")
        verbose_name_plural = _("area restrictions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=RestrictionKind.DISASTER), name="area_restriction_is_a_disaster"
            ),
            models.CheckConstraint(
                condition=models.Q(prefix__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6})$"),
                name="area_code_is_a_district",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="area_restriction_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="area_restriction_lifted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}"


class Stoppage(Ledger):
    """What a restriction called off at one branch at the moment it was entered."""

    restriction = models.ForeignKey(
        Restriction,
        models.PROTECT,
        null=True,
        related_name="stoppages",
        verbose_name=_("restriction"),
    )
    area_restriction = models.ForeignKey(
        AreaRestriction,
        models.PROTECT,
        null=True,
        related_name="stoppages",
        verbose_name=_("area restriction"),
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    visits = models.PositiveIntegerField(_("visits called off"), default=0)
    under_way = models.PositiveIntegerField(_("visits told to break off"), default=0)
    messages = models.PositiveIntegerField(_("messages called off"), default=0)
    calls = models.PositiveIntegerField(_("calls called off"), default=0)

    objects = InBranchLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("stoppage")
        verbose_name_plural = _("stoppages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(restriction__isnull=True, area_restriction__isnull=False)
                | models.Q(restriction__isnull=False, area_restriction__isnull=True),
                name="stoppage_of_one_restriction",
            ),
        ]
        indexes = [models.Index(fields=["branch", "-at"], name="stoppage_of_branch")]

    def __str__(self) -> str:
        return f"{self.branch} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def anything(self) -> bool:
        return any((self.visits, self.under_way, self.messages, self.calls))
