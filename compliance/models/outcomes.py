"""What came of a contact: whether a conversation came about, with whom, and whether it was the last."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.models.ledgers import Contact
from compliance.parties import NOT_REACHED, PartyReached
from config.ledger import Ledger


class OfContactLedgerQuerySet(InBranchLedgerQuerySet):
    branch_path = "contact__customer__branch"


class ContactOutcome(Ledger):
    """What came of one call or visit, told once.

    `reached`: a conversation came about with the party the contact was for; somebody else at the door or on the
    line is not reached. `refused_further`: that party wants no further contact. A contact without an outcome
    counts as reached wherever contacts are counted: who forgets to tell gains nothing by it.
    """

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="outcome", verbose_name=_("contact"))
    reached = models.BooleanField(_("reached"))
    party_reached = models.CharField(_("party reached"), max_length=20, choices=PartyReached)
    refused_further = models.BooleanField(_("wants no further contact"), default=False)
    noted_at = models.DateTimeField(_("noted at"))
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("noted by"))

    objects = OfContactLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome of a contact")
        verbose_name_plural = _("outcomes of contacts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(party_reached__in=PartyReached.values),
                name="outcome_party_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(reached=False) | ~models.Q(party_reached__in=sorted(NOT_REACHED)),
                name="outcome_reached_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(refused_further=False) | ~models.Q(party_reached=PartyReached.NOBODY),
                name="outcome_refused_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_party_reached_display()
