"""What left the house in a file: by whom, why, how much, and the hash by which the file is known again."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.exporting.terms import ExportFormat, ExportKind
from config.ledger import Ledger


class ExportQuerySet(InBranchLedgerQuerySet):
    branch_path = "by__branch"


class Export(Ledger):
    """One file that was handed out. Written before its first byte leaves: no row, no file.

    `filters` are what was asked for, free of personal data; `sha256` is of the file's bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(_("what"), max_length=20, choices=ExportKind)
    format = models.CharField(_("format"), max_length=10, choices=ExportFormat)
    purpose = models.CharField(_("purpose"), max_length=200)
    filters = models.JSONField(_("filters"), default=dict)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="exports", verbose_name=_("customer")
    )
    row_count = models.PositiveIntegerField(_("rows"))
    byte_count = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        permissions = [
            ("export_data", _("Can export everything held on a customer")),
            ("export_ledgers", _("Can export the ledgers, masked")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=ExportKind.values) & models.Q(format__in=ExportFormat.values),
                name="export_codes_are_known",
            ),
            models.CheckConstraint(condition=~models.Q(purpose=""), name="export_has_a_purpose"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="export_hash_is_a_sha256"
            ),
            models.CheckConstraint(
                condition=models.Q(what=ExportKind.ACCESS_PACKAGE, customer__isnull=False)
                | ~models.Q(what=ExportKind.ACCESS_PACKAGE) & models.Q(customer__isnull=True),
                name="access_package_is_of_a_customer",
            ),
        ]
        indexes = [
            models.Index(fields=["-at"], name="export_latest"),
            models.Index(fields=["customer", "-at"], name="export_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"
