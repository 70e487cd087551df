"""What can leave the house as a file, and in which format."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportKind(models.TextChoices):
    ACCESS_PACKAGE = "ACCESS_PACKAGE", _("everything held on one customer")
    CONTACTS = "CONTACTS", _("contacts made")
    CLEARANCES = "CLEARANCES", _("clearances")
    REFUSALS = "REFUSALS", _("refusals")
    DISCLOSURES = "DISCLOSURES", _("disclosures of personal data")
    EXPORTS = "EXPORTS", _("exports")
    CERTIFICATE = "CERTIFICATE", _("certificate about contacts")


class ExportFormat(models.TextChoices):
    CSV = "CSV", "CSV"
    XLSX = "XLSX", "Excel"
    JSON = "JSON", "JSON"
    ZIP = "ZIP", "ZIP"
    PDF = "PDF", "PDF"
