"""What a restriction may rest on. Only the kind of paper is told, never what it says of a person's health."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EvidenceKind(TextChoices):
    WORD = "WORD", _("somebody's word, noted by staff")
    OWN_RECORD = "OWN_RECORD", _("the bank's own record of a visit, call, letter or application")
    MEDICAL = "MEDICAL", _("paper of a hospital or doctor")
    DEATH = "DEATH", _("death certificate or cancelled household registration")
    IDENTITY = "IDENTITY", _("identity paper or household register")
    CAPACITY = "CAPACITY", _("finding on legal capacity or guardianship")
    DISABILITY = "DISABILITY", _("disability certificate")
    MANDATE = "MANDATE", _("power of attorney or letter of the lawyer")
    AUTHORITY = "AUTHORITY", _("notice of a public authority")
    POLICE = "POLICE", _("order or notice of the police")
    COURT = "COURT", _("paper of a court")
    AGREEMENT = "AGREEMENT", _("signed agreement")
    LEGAL_FINDING = "LEGAL_FINDING", _("finding of the legal department")
