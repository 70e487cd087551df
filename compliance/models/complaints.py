"""Complaints and disputes: what about, where they stand, by when they are answered."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch, Customer, User
from accounts.models.staff import InBranchQuerySet
from compliance.complaints.terms import (
    NEEDS_MEASURES,
    OPEN,
    WITH_AN_ANSWER,
    Category,
    Intake,
    Outcome,
    Status,
)
from compliance.models.ledgers import Contact

TOLD = "complaint.told"
CONTACT_DETAILS = "complaint.contact"

# No vowels, and nothing that is mistaken on the telephone: neither 0 and 1 nor B, L, S, V and Z.
REFERENCE_LETTERS = "23456789CDFGHJKMNPQRTWXY"


class ComplaintQuerySet(InBranchQuerySet):
    def visible_to(self, user: User) -> "ComplaintQuerySet":
        """Those of the user's branches, without those about the user in person."""
        return super().visible_to(user).exclude(about_staff=user)

    def open(self) -> "ComplaintQuerySet":
        """Those that are owed an answer."""
        return self.filter(status__in=OPEN)


class Complaint(models.Model):
    """Somebody is not content with how we collect, or says that the debt is wrong.

    `customer` is null until it is known whom it concerns: a stranger may complain that we call the wrong number.
    `branch` is null while nobody knows which one it is about; only who sees every branch sees it then. `due_on` is
    the last local date to answer; `counted_from` the one on which the days began: of receipt, or of reopening.
    `origin` names what the complaint came out of (a visit, a form), so that the same is filed once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=13, unique=True, editable=False)
    origin = models.CharField(max_length=60, unique=True, null=True, editable=False)  # noqa: DJ001
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("customer"),
    )
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    category = models.CharField(_("category"), max_length=20, choices=Category)
    intake = models.CharField(_("came in by"), max_length=20, choices=Intake)
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("received by"))
    received_on = models.DateField(_("received on"))
    told_sealed = models.BinaryField(_("what was told, sealed"), null=True)
    contact_sealed = models.BinaryField(_("contact details, sealed"), null=True)
    about_staff = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about whom")
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about which contact"),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.RECEIVED)
    status_changed_at = models.DateTimeField(_("status since"))
    counted_from = models.DateField(_("days counted from"))
    due_on = models.DateField(_("to be answered by"))
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handler")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    measures = models.CharField(_("measures taken"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        permissions = [
            ("handle_complaint", "Can handle complaints"),
            ("view_complaint_text", "Can read what was told in complaints"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=Category.values)
                & Q(intake__in=Intake.values)
                & Q(status__in=Status.values)
                & Q(outcome__in=["", *Outcome.values]),
                name="complaint_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(reference__regex=rf"^TS-[0-9]{{4}}-[{REFERENCE_LETTERS}]{{5}}$"),
                name="complaint_reference_can_be_said",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=True)
                | Q(about_staff__isnull=True)
                | ~Q(handler=F("about_staff")),
                name="nobody_handles_a_complaint_about_oneself",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | Q(about_staff__isnull=True)
                | ~Q(answered_by=F("about_staff")),
                name="nobody_answers_a_complaint_about_oneself",
            ),
            models.CheckConstraint(
                condition=Q(handler__isnull=False)
                | Q(status__in=(Status.RECEIVED, Status.REOPENED, Status.WITHDRAWN)),
                name="complaint_under_review_has_a_handler",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(outcome=""),
                    status__in=WITH_AN_ANSWER,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                )
                | Q(
                    ~Q(status__in=WITH_AN_ANSWER),
                    outcome="",
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                ),
                name="answered_complaint_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=NEEDS_MEASURES) | ~Q(measures=""),
                name="who_was_right_is_told_the_measures",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=True) | Q(customer__isnull=False),
                name="complaint_about_a_contact_has_a_customer",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("counted_from")) & Q(counted_from__gte=F("received_on")),
                name="complaint_is_due_after_it_came",
            ),
        ]
        indexes = [
            models.Index(
                fields=["branch", "due_on"], condition=Q(status__in=OPEN), name="open_complaint_by_deadline"
            ),
            models.Index(fields=["customer"], name="complaint_of_customer"),
            models.Index(fields=["received_on"], name="complaint_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.get_category_display()}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.status in OPEN
