"""Promises to pay, and the payments that count towards them."""

import uuid
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Case, Customer, Payment, User
from accounts.models.staff import InBranchQuerySet
from visits.models import Visit


class PromiseStatus(models.TextChoices):
    OPEN = "OPEN", pgettext_lazy("promise", "open")
    KEPT = "KEPT", _("kept")
    PARTIAL = "PARTIAL", _("partly kept")
    BROKEN = "BROKEN", _("broken")
    CANCELLED = "CANCELLED", _("cancelled")


TRANSITIONS: dict[PromiseStatus, frozenset[PromiseStatus]] = {
    PromiseStatus.OPEN: frozenset(
        {
            PromiseStatus.KEPT,
            PromiseStatus.PARTIAL,
            PromiseStatus.BROKEN,
            PromiseStatus.CANCELLED,
        }
    ),
    # A reversed or late-imported payment re-opens what was decided.
    PromiseStatus.KEPT: frozenset({PromiseStatus.OPEN, PromiseStatus.PARTIAL, PromiseStatus.BROKEN}),
    PromiseStatus.PARTIAL: frozenset({PromiseStatus.KEPT, PromiseStatus.BROKEN}),
    PromiseStatus.BROKEN: frozenset({PromiseStatus.KEPT, PromiseStatus.PARTIAL}),
    PromiseStatus.CANCELLED: frozenset(),
}


class PromiseQuerySet(InBranchQuerySet):
    branch_path = "case__branch"

    def open(self) -> "PromiseQuerySet":
        return self.filter(status=PromiseStatus.OPEN)


class Promise(models.Model):
    """The customer promised `amount` by the end of local date `due_on`; `grace_days` more are waited for the feed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.UUIDField(_("reference"), unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="promises", verbose_name=_("case"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="promises", verbose_name=_("customer")
    )
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("visit"),
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    due_on = models.DateField(_("due on"))
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=PromiseStatus, default=PromiseStatus.OPEN)
    paid_amount = models.DecimalField(_("paid"), max_digits=18, decimal_places=2, default=0)
    made_at = models.DateTimeField(_("made at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PromiseStatus.values),
                name="promise_status_is_known",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="promise_is_positive"),
            models.CheckConstraint(
                condition=models.Q(status="OPEN", settled_at__isnull=True)
                | (~models.Q(status="OPEN") & models.Q(settled_at__isnull=False)),
                name="settled_promise_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(status="OPEN"), name="open_promise_by_due"),
            models.Index(fields=["case"], condition=models.Q(status="OPEN"), name="open_promise_of_case"),
            models.Index(fields=["due_on"], name="promise_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.due_on}"

    @property
    def last_day(self) -> date:
        """The local date, grace included, at whose end the promise is judged."""
        return self.due_on + timedelta(days=self.grace_days)


class OfPromiseQuerySet(InBranchQuerySet):
    branch_path = "promise__case__branch"


class PromisePayment(models.Model):
    """The part of a payment that counts towards a promise, oldest promise first. Rewritten when facts change."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="payments", verbose_name=_("promise"))
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="promises", verbose_name=_("payment"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    objects = OfPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment towards a promise")
        verbose_name_plural = _("payments towards promises")
        constraints = [
            models.UniqueConstraint(fields=["promise", "payment"], name="counted_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="counted_part_positive"),
        ]

    def __str__(self) -> str:
        return str(self.amount)
