"""Who stands in the door, and what they allow: confirmations of identity, consents to enter and to record."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.models.on_site import OWES, Party
from visits.models.reports import Report
from visits.models.visits import Visit


class Factor(models.TextChoices):
    """What shows who somebody is. None of it is about the debt."""

    FULL_NAME = "FULL_NAME", _("full name, said unprompted")
    IDENTITY_LAST_FOUR = "IDENTITY_LAST_FOUR", _("last four of the identity number")
    BIRTH_DATE = "BIRTH_DATE", _("date of birth")
    IDENTITY_DOCUMENT = "IDENTITY_DOCUMENT", _("identity document seen")
    PHONE_LAST_FOUR = "PHONE_LAST_FOUR", _("last four of the telephone number on file")
    REGISTERED_ADDRESS = "REGISTERED_ADDRESS", _("registered address, said unprompted")


LEAST_FACTORS = 2


class IdentityConfirmation(Report):
    """The agents made sure that they speak to who owes. The latest one of a visit counts.

    `others_present`: somebody else can hear or see, so nothing about the debt is said or shown all the same.
    """

    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="identity_confirmations", verbose_name=_("visit")
    )
    party = models.CharField(
        _("who was confirmed"), max_length=10, choices=[(one.value, one.label) for one in OWES]
    )
    factors = ArrayField(models.CharField(max_length=20, choices=Factor), verbose_name=_("confirmed by"))
    others_present = models.BooleanField(_("others present"), default=False)

    class Meta(Report.Meta):
        verbose_name = _("confirmation of identity")
        verbose_name_plural = _("confirmations of identity")
        constraints = [
            *Report.Meta.constraints,
            models.CheckConstraint(condition=models.Q(party__in=OWES), name="who_owes_is_confirmed"),
            models.CheckConstraint(
                condition=models.Q(factors__contained_by=Factor.values)
                & models.Q(factors__len__gte=LEAST_FACTORS),
                name="two_factors_of_the_list",
            ),
        ]
        indexes = [models.Index(fields=["visit", "-received_at"], name="identity_of_visit")]

    def __str__(self) -> str:
        return f"{self.get_party_display()} {timezone.localtime(self.received_at):%Y-%m-%d %H:%M}"

    @property
    def factor_labels(self) -> list[str]:
        return [str(Factor(one).label) for one in self.factors]


class ConsentKind(models.TextChoices):
    ENTRY = "ENTRY", _("enter the home")
    RECORDING_INDOORS = "RECORDING_INDOORS", _("record indoors")
    RECORDING_OUTDOORS = "RECORDING_OUTDOORS", _("record outdoors")


class Answer(models.TextChoices):
    GIVEN = "GIVEN", _("consented")
    REFUSED = "REFUSED", _("refused consent")
    WITHDRAWN = "WITHDRAWN", _("withdrew consent")
    ANNOUNCED = "ANNOUNCED", _("announced")


class How(models.TextChoices):
    SPOKEN = "SPOKEN", _("spoken")
    WRITTEN = "WRITTEN", _("in writing")
    RECORDED = "RECORDED", _("on the recording")


class Consent(Report):
    """What somebody at the door allowed or did not, and how. The latest answer of its kind counts from its moment on.

    Civil Code art. 1033: nobody enters or films a home without explicit consent. Outdoors a recording is announced.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="consents", verbose_name=_("visit"))
    kind = models.CharField(_("consent to"), max_length=20, choices=ConsentKind)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    party = models.CharField(_("answered by"), max_length=10, choices=Party)
    name = models.CharField(_("name or role"), max_length=60)
    how = models.CharField(_("how"), max_length=10, choices=How)
    given_at = models.DateTimeField(_("answered at, on the phone"))

    class Meta(Report.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            *Report.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=ConsentKind.values)
                & models.Q(how__in=How.values)
                & models.Q(party__in=sorted(set(Party.values) - {Party.NOBODY.value}))
                & ~models.Q(name=""),
                name="consent_says_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=models.Q(answer__in=("GIVEN", "REFUSED", "WITHDRAWN"))
                | models.Q(answer="ANNOUNCED", kind="RECORDING_OUTDOORS"),
                name="only_outdoors_is_announced",
            ),
            models.CheckConstraint(
                condition=models.Q(given_at__lte=models.F("client_at")), name="consent_is_told_afterwards"
            ),
        ]
        indexes = [models.Index(fields=["visit", "kind", "-given_at"], name="consent_of_visit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_answer_display()}"
