"""Why a personal value may be shown in clear: a closed list, so that it can be counted and audited."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReasonCode(TextChoices):
    """`UNCODED` marks disclosures from before there were codes; nobody can choose it."""

    CALL = "CALL", _("to call the customer now")
    VISIT = "VISIT", _("to visit the customer now")
    IDENTITY = "IDENTITY", _("to verify who somebody is")
    COMPLAINT = "COMPLAINT", _("complaint or dispute")
    RIGHT_OF_ACCESS = "RIGHT_OF_ACCESS", _("the customer's right of access")
    CORRECTION = "CORRECTION", _("correction of the customer's data")
    LEGAL = "LEGAL", _("court, lawyer or authority")
    AUDIT = "AUDIT", _("audit")
    LETTER = "LETTER", _("to print a letter again")
    UNCODED = "UNCODED", _("recorded before there were reason codes")


CHOOSABLE = tuple(code for code in ReasonCode if code not in (ReasonCode.LETTER, ReasonCode.UNCODED))
CHOICES = [(code.value, code.label) for code in CHOOSABLE]
