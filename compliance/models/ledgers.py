"""The gate's ledgers: every yes, every no, every contact made, every look at personal data."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactPerson, Customer, Phone, User
from accounts.models.staff import InBranchLedgerQuerySet
from compliance.disclosure_reasons import ReasonCode
from compliance.models.rulebook import PolicySnapshot
from compliance.terms import NOT_A_CONTACT, Channel, Party, Purpose
from config.ledger import Ledger


class OfCustomerLedgerQuerySet(InBranchLedgerQuerySet):
    branch_path = "customer__branch"


class Decision(Ledger):
    """What the gate was asked and what it saw. `at` is the instant of the contact that was decided on:
    the moment of asking for a contact made now, the planned start for a plan. `policy` are the settings of all
    rules at that moment: with `facts`, enough to make the decision again (`compliance.replay`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="%(class)ss", verbose_name=_("customer")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    party = models.CharField(_("for whom"), max_length=20, choices=Party, default=Party.DEBTOR)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    decided_at = models.DateTimeField(_("decided at"))
    at = models.DateTimeField(_("contact at"))
    severity = models.PositiveSmallIntegerField(_("decision"), default=0)
    facts = models.JSONField(_("facts"))
    rulebook = models.CharField(_("rule book version"), max_length=20)
    policy = models.ForeignKey(
        PolicySnapshot, models.PROTECT, null=True, related_name="+", verbose_name=_("policy as it stood")
    )
    tzdata = models.CharField(_("version of the time zone database"), max_length=20, blank=True)

    objects = OfCustomerLedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_purpose_display()} {timezone.localtime(self.decided_at):%Y-%m-%d %H:%M}"


class Clearance(Decision):
    """The gate's yes: for one customer, channel and purpose, once, until `expires_at`.

    `hits` are the rules that warned, or were overridden and by which override.
    """

    rules = models.JSONField(_("rules that were passed"))
    hits = models.JSONField(_("rules that had something to say"), default=list)
    expires_at = models.DateTimeField(_("expires at"))

    # The contact made with it in the same transaction (`compliance.gate.make_contact`).
    made: "Contact | None" = None
    # The use of the override without which it would have been a refusal, made with it (`compliance.deciding`).
    used: "Ledger | None" = None

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        constraints = [
            models.UniqueConstraint(
                fields=["id", "customer", "channel", "purpose"], name="clearance_for_one_use"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-decided_at"], name="clearance_of_customer"),
            models.Index(fields=["-decided_at"], name="clearance_latest"),
        ]


class Refusal(Decision):
    """The gate's no: every reason, and the next instant at which it would be allowed (null: not by waiting)."""

    reasons = models.JSONField(_("reasons"))
    remarks = models.JSONField(_("remarks that stop nothing"), default=list)
    next_allowed_at = models.DateTimeField(_("next allowed at"), null=True)

    class Meta:
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        indexes = [
            models.Index(fields=["customer", "-decided_at"], name="refusal_of_customer"),
            models.Index(fields=["-decided_at"], name="refusal_latest"),
        ]

    @property
    def only_clocks_stand_in_the_way(self) -> bool:
        """Whether it would pass sooner or later but for clocks that disagree: no fact of the customer stops it."""
        never = {reason["rule"] for reason in self.reasons if not reason["next"]}
        return never == {"CLOCK"}

    @property
    def rule_ids(self) -> list[str]:
        return [reason["rule"] for reason in self.reasons]


class Contact(Ledger):
    """A contact that took place, or was begun: the one row behind which a customer is reached.

    It carries its own clearance, of the same customer, channel and purpose, used by no other contact; a trigger
    on the database's own clock refuses the row outside the customer's window, whatever code writes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clearance = models.OneToOneField(
        Clearance, models.PROTECT, related_name="contact", verbose_name=_("clearance")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="contacts", verbose_name=_("customer")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    party = models.CharField(_("for whom"), max_length=20, choices=Party, default=Party.DEBTOR)
    phone = models.ForeignKey(Phone, models.PROTECT, null=True, related_name="+", verbose_name=_("number"))
    contact_person = models.ForeignKey(
        ContactPerson, models.PROTECT, null=True, related_name="+", verbose_name=_("contact person")
    )
    staff_present = models.PositiveSmallIntegerField(_("staff present"), default=0)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = OfCustomerLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values)
                & models.Q(purpose__in=sorted(set(Purpose.values) - NOT_A_CONTACT)),
                name="contact_codes_are_known",
            ),
            models.CheckConstraint(condition=models.Q(party__in=Party.values), name="contact_party_is_known"),
            models.CheckConstraint(
                condition=models.Q(party=Party.DEBTOR, contact_person__isnull=True)
                | models.Q(party=Party.GUARANTOR)
                | models.Q(party=Party.CONTACT_PERSON, contact_person__isnull=False),
                name="contact_with_a_named_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose=Purpose.CONTACT_SEARCH) | ~models.Q(party=Party.DEBTOR),
                name="nobody_is_asked_about_themselves",
            ),
            models.CheckConstraint(
                condition=~models.Q(channel=Channel.VISIT) | models.Q(staff_present__gte=2),
                name="nobody_visits_alone",
            ),
            models.UniqueConstraint(
                fields=["id", "customer", "channel", "purpose"], name="contact_for_one_use"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-made_at"], name="contact_of_customer"),
            models.Index(fields=["-made_at"], name="contact_latest"),
        ]
        permissions = [("issue_certificate", _("Can issue the certificate about contacts"))]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"


class Disclosure(Ledger):
    """Who looked at which personal field of whom, when and why. Written before the value is shown."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="disclosures", verbose_name=_("customer")
    )
    field = models.CharField(_("field"), max_length=60)
    reason_code = models.CharField(_("reason code"), max_length=20, choices=ReasonCode)
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = OfCustomerLedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason_code__in=ReasonCode.values), name="disclosure_reason_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"
