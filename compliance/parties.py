"""Who was met or spoken to when a contact was made. Free of rules and of the database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartyReached(TextChoices):
    DEBTOR = "DEBTOR", _("the customer")
    GUARANTOR = "GUARANTOR", _("guarantor")
    CONTACT_PERSON = "CONTACT_PERSON", _("contact person")
    STRANGER = "STRANGER", _("somebody else")
    NOBODY = "NOBODY", _("nobody")


# Somebody else answering is not a conversation with whom the contact was for.
NOT_REACHED = frozenset({PartyReached.STRANGER, PartyReached.NOBODY})
