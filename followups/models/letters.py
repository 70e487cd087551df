"""Letters that were written and printed. The text is sealed; the sheet is made from it again whenever it is wanted."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Address, Case, Customer, User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.terms import Channel, Purpose
from config.ledger import Ledger
from followups.models.templates import Template


class LetterQuerySet(InBranchLedgerQuerySet):
    branch_path = "case__branch"


class Letter(Ledger):
    """One letter to one customer, by its own contact of the gate.

    `text_sealed` is the finished text (`accounts.vault`), `envelope_sealed` what can be read through the window,
    `digest` the SHA-256 of the text, in hexadecimal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("letter number"), max_length=30, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters", verbose_name=_("case"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="letters", verbose_name=_("customer"))
    address = models.ForeignKey(Address, models.PROTECT, related_name="+", verbose_name=_("address"))
    template = models.ForeignKey(
        Template,
        models.PROTECT,
        related_name="letters",
        verbose_name=pgettext_lazy("of messages and letters", "template"),
    )
    channel = models.CharField(max_length=10, default=Channel.LETTER, editable=False)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    contact = models.OneToOneField(
        "compliance.Contact", models.PROTECT, related_name="+", verbose_name=_("contact")
    )
    text_sealed = models.BinaryField(_("text, sealed"))
    envelope_sealed = models.BinaryField(_("address window, sealed"))
    digest = models.CharField(_("SHA-256 of the text"), max_length=64)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(condition=models.Q(channel=Channel.LETTER), name="letter_goes_by_letter")
        ]
        indexes = [models.Index(fields=["case", "-written_at"], name="letter_of_case")]

    def __str__(self) -> str:
        return self.number
