"""What the agents report from the door. `client_at` is the phone's clock, `received_at` the server's."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from risk.models import IncidentKind
from visits.models.reports import Place, Report
from visits.models.visits import Visit


class Party(models.TextChoices):
    DEBTOR = "DEBTOR", _("the customer")
    GUARANTOR = "GUARANTOR", _("guarantor")
    FAMILY = "FAMILY", _("family")
    COLLEAGUE = "COLLEAGUE", _("colleague")
    NEIGHBOUR = "NEIGHBOUR", _("neighbour or property office")
    NOBODY = "NOBODY", _("nobody")


OWES = (Party.DEBTOR, Party.GUARANTOR)


class AddressState(models.TextChoices):
    VALID = "VALID", _("valid")
    MOVED = "MOVED", _("moved away")
    NEVER_HERE = "NEVER_HERE", _("never lived here")
    NO_SUCH = "NO_SUCH", _("no such address")
    DEMOLISHED = "DEMOLISHED", _("demolished")
    VACANT = "VACANT", _("vacant")
    RARELY = "RARELY", _("rarely here")
    LEFT_JOB = "LEFT_JOB", _("left the job")
    NO_ACCESS = "NO_ACCESS", _("no access")


class Result(models.TextChoices):
    PAID_CLAIMED = "PAID_CLAIMED", _("says it is paid")
    PROMISE = "PROMISE", _("promise to pay")
    PLAN_REQUEST = "PLAN_REQUEST", _("asks for instalments or an extension")
    THIRD_PARTY_PAYS = "THIRD_PARTY_PAYS", _("a third party offers to pay")
    HARDSHIP = "HARDSHIP", _("hardship")
    DISPUTE = "DISPUTE", _("dispute")
    REFUSES_TO_PAY = "REFUSES_TO_PAY", _("refuses to pay")
    REFUSES_TO_TALK = "REFUSES_TO_TALK", _("refuses to talk")
    MESSAGE_LEFT = "MESSAGE_LEFT", _("left contact details, no debt information")
    SPECIAL = "SPECIAL", _("special: death, custody, incapacity, missing")
    COMPLAINT = "COMPLAINT", _("complaint")
    NO_CONTACT = "NO_CONTACT", _("nobody met")


# What only somebody who owes can say.
NEEDS_DEBTOR = (Result.PROMISE, Result.PLAN_REQUEST)

# What can only come of a talk about the debt: whoever owes is confirmed before it.
ABOUT_THE_DEBT = (
    Result.PAID_CLAIMED,
    Result.PROMISE,
    Result.PLAN_REQUEST,
    Result.THIRD_PARTY_PAYS,
    Result.HARDSHIP,
    Result.DISPUTE,
    Result.REFUSES_TO_PAY,
)


class HardshipReason(models.TextChoices):
    INCOME_LOSS = "INCOME_LOSS", _("lost job or income")
    BUSINESS = "BUSINESS", _("business failed")
    ILLNESS = "ILLNESS", _("illness")
    DEATH = "DEATH", _("death")
    FAMILY = "FAMILY", _("change in the family")
    OVER_DEBT = "OVER_DEBT", _("many debts")
    DISASTER = "DISASTER", _("disaster")
    DETAINED = "DETAINED", _("in custody")
    INCAPACITY = "INCAPACITY", _("without legal capacity")
    AWAY = "AWAY", _("not in town")
    AUTO_DEBIT = "AUTO_DEBIT", _("debit failed")
    FORGOT = "FORGOT", _("forgot")
    DISPUTE = "DISPUTE", _("dispute")
    IDENTITY_THEFT = "IDENTITY_THEFT", _("identity theft")
    FRAUD = "FRAUD", _("was defrauded")
    OTHER = "OTHER", _("other")


class AbortReason(models.TextChoices):
    SAFETY = "SAFETY", _("safety: threat, abuse or violence")
    COMPLIANCE = "COMPLIANCE", _("compliance")
    ASKED_TO_LEAVE = "ASKED_TO_LEAVE", _("asked to leave")
    NO_ACCESS = "NO_ACCESS", _("no access")


class CheckIn(Report, Place):
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="check_in", verbose_name=_("visit"))
    present = models.ManyToManyField(User, related_name="+", verbose_name=_("staff present"))

    class Meta(Report.Meta):
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.client_at):%Y-%m-%d %H:%M}"


class CheckOut(Report, Place):
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="check_out", verbose_name=_("visit"))

    class Meta(Report.Meta):
        verbose_name = _("check-out")
        verbose_name_plural = _("check-outs")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.client_at):%Y-%m-%d %H:%M}"


class Record(Report):
    """What was found: whom the agents met, what the address is worth, what was said.

    A trigger refuses a result about the debt told by somebody whose identity was not confirmed, and an entry without
    the consent of this very visit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="record", verbose_name=_("visit"))
    party = models.CharField(_("party met"), max_length=10, choices=Party)
    address_state = models.CharField(_("state of the address"), max_length=10, choices=AddressState)
    result = models.CharField(_("result"), max_length=20, choices=Result)
    hardship_reason = models.CharField(
        _("reason of the arrears"), max_length=20, choices=HardshipReason, blank=True
    )
    notes = models.TextField(_("notes"), blank=True)
    others_present = models.BooleanField(_("others present"), default=False)
    entered_home = models.BooleanField(_("home entered"), default=False)
    entry_consent = models.ForeignKey(
        "visits.Consent",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("consent to entering"),
    )

    class Meta(Report.Meta):
        verbose_name = _("visit record")
        verbose_name_plural = _("visit records")
        constraints = [
            *Report.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(entered_home=True, entry_consent__isnull=False)
                | models.Q(entered_home=False, entry_consent__isnull=True),
                name="homes_are_entered_by_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(party__in=Party.values)
                & models.Q(address_state__in=AddressState.values)
                & models.Q(result__in=Result.values),
                name="record_codes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(party="NOBODY", result="NO_CONTACT")
                | (~models.Q(party="NOBODY") & ~models.Q(result="NO_CONTACT")),
                name="nobody_met_means_no_contact",
            ),
            models.CheckConstraint(
                condition=~models.Q(result__in=NEEDS_DEBTOR) | models.Q(party__in=OWES),
                name="only_who_owes_promises",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.get_result_display()}"


class Incident(Report):
    """Why a visit was aborted: threat, abuse, or being asked to leave. `danger` is told for safety only."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="incident", verbose_name=_("visit"))
    kind = models.CharField(_("kind"), max_length=20, choices=AbortReason)
    danger = models.CharField(_("danger"), max_length=10, choices=IncidentKind, blank=True)
    account = models.TextField(_("what happened"))

    class Meta(Report.Meta):
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            *Report.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind="SAFETY", danger__in=IncidentKind.values)
                | (~models.Q(kind="SAFETY") & models.Q(kind__in=AbortReason.values, danger="")),
                name="safety_incident_names_the_danger",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
