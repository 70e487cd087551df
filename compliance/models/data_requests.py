"""A customer's request about their own data, every step of it, and the corrections it led to."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Customer, User
from accounts.models.staff import InBranchLedgerQuerySet, InBranchQuerySet
from compliance.data_requests.terms import (
    NEEDS_A_REASON,
    CorrectedField,
    CorrectionOutcome,
    IdentityCheck,
    ReceivedThrough,
    RequestKind,
    RequestStatus,
)
from config.ledger import Ledger

UNCHECKED = (RequestStatus.RECEIVED, RequestStatus.REFUSED, RequestStatus.DONE)
UNDECIDED = (RequestStatus.RECEIVED, RequestStatus.IDENTITY_CHECKED)


class DataRequestQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"

    def open(self) -> "DataRequestQuerySet":
        return self.exclude(status=RequestStatus.DONE)


class DataRequest(models.Model):
    """One request of one customer. `due_on` is a local date of the customer's branch, bank policy (`deadline.py`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="data_requests", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RequestKind)
    status = models.CharField(
        _("status"), max_length=20, choices=RequestStatus, default=RequestStatus.RECEIVED, editable=False
    )
    wish = models.TextField(_("what the customer asks for"), max_length=1000, blank=True)
    channels = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("channels"),
        default=list,
        blank=True,
        help_text=_("for a restriction only; empty: every channel"),
    )
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("received by")
    )
    received_through = models.CharField(_("received through"), max_length=20, choices=ReceivedThrough)
    due_on = models.DateField(_("due on"), editable=False)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("handled by")
    )
    identity_check = models.CharField(
        _("identity checked by"), max_length=20, choices=IdentityCheck, blank=True, editable=False
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("checked by")
    )
    reason = models.TextField(_("reason of the decision"), max_length=1000, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("decided by")
    )
    answer = models.CharField(_("how the customer was told"), max_length=200, blank=True, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("done by")
    )

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=RequestKind.values)
                & models.Q(status__in=RequestStatus.values)
                & models.Q(received_through__in=ReceivedThrough.values)
                & models.Q(identity_check__in=["", *IdentityCheck.values]),
                name="data_request_codes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_at__isnull=True, checked_by__isnull=True, identity_check="")
                & models.Q(status__in=UNCHECKED)
                | models.Q(checked_at__isnull=False, checked_by__isnull=False) & ~models.Q(identity_check=""),
                name="data_request_identity_was_checked",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, status__in=UNDECIDED)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~models.Q(status__in=UNDECIDED),
                name="data_request_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=NEEDS_A_REASON) | ~models.Q(reason=""),
                name="data_request_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True, answer="")
                & ~models.Q(status=RequestStatus.DONE)
                | models.Q(done_at__isnull=False, done_by__isnull=False, status=RequestStatus.DONE)
                & ~models.Q(answer=""),
                name="data_request_done_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=~models.Q(status="DONE"), name="open_data_request_by_due"
            ),
            models.Index(fields=["customer", "-received_at"], name="data_request_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"


class OfRequestQuerySet(InBranchLedgerQuerySet):
    branch_path = "request__customer__branch"


class DataRequestEvent(Ledger):
    """One step of a request from a status to the next; `old` is empty when it was received."""

    request = models.ForeignKey(
        DataRequest, models.PROTECT, related_name="events", verbose_name=_("data request")
    )
    old = models.CharField(pgettext_lazy("status", "from"), max_length=20, choices=RequestStatus, blank=True)
    new = models.CharField(pgettext_lazy("status", "to"), max_length=20, choices=RequestStatus)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    detail = models.JSONField(_("detail"), default=dict)

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a data request")
        verbose_name_plural = _("steps of data requests")
        indexes = [models.Index(fields=["request", "at"], name="data_request_timeline")]

    def __str__(self) -> str:
        return f"{self.get_old_display()} → {self.get_new_display()}"


class Correction(Ledger):
    """What was wrong and what is right, both masked, and whether it was corrected here or in the core system."""

    request = models.ForeignKey(
        DataRequest, models.PROTECT, related_name="corrections", verbose_name=_("data request")
    )
    field = models.CharField(_("field"), max_length=20, choices=CorrectedField)
    old_masked = models.CharField(_("was"), max_length=100, blank=True)
    new_masked = models.CharField(_("is"), max_length=100)
    outcome = models.CharField(_("outcome"), max_length=10, choices=CorrectionOutcome)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(field__in=CorrectedField.values)
                & models.Q(outcome__in=CorrectionOutcome.values),
                name="correction_codes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.get_outcome_display()}"
