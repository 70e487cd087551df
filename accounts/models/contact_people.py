"""People around the customer: guarantors, who answer for the debt, and contact people, who must not hear of it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import vault
from accounts.models.customers import Customer, OfCustomerQuerySet
from accounts.models.staff import User

CONTACT_PERSON_NUMBER = "contact_person.number"


class ContactRole(models.TextChoices):
    GUARANTOR = "GUARANTOR", pgettext_lazy("third party", "guarantor")
    CONTACT = "CONTACT", pgettext_lazy("third party", "contact person")


class Relation(models.TextChoices):
    """To address a person rightly and for nothing else: no score and no rule ever looks at it."""

    SPOUSE = "SPOUSE", _("spouse")
    PARENT = "PARENT", _("parent")
    CHILD = "CHILD", _("child")
    SIBLING = "SIBLING", _("sibling")
    RELATIVE = "RELATIVE", _("relative")
    FRIEND = "FRIEND", _("friend")
    COLLEAGUE = "COLLEAGUE", _("colleague")
    EMPLOYER = "EMPLOYER", _("employer")
    OTHER = "OTHER", _("other")
    UNKNOWN = "UNKNOWN", _("unknown")


class ContactOrigin(models.TextChoices):
    """Where a third party's name and number come from (PIPL art. 6 and 10). What is not here is not kept."""

    APPLICATION = "APPLICATION", _("named by the customer in the application")
    CUSTOMER = "CUSTOMER", _("named by the customer later")
    GUARANTEE = "GUARANTEE", _("guarantee contract")
    BANK_RECORD = "BANK_RECORD", _("the bank's own record")


class ContactPersonQuerySet(OfCustomerQuerySet):
    def in_use(self) -> "ContactPersonQuerySet":
        """People who are still named. Whether they may be contacted is asked of the gate."""
        return self.filter(withdrawn_at__isnull=True)


class ContactPerson(models.Model):
    """Somebody the customer or the bank named beside the customer. Never called but through the gate.

    `time_zones` are told or empty, never guessed. `refused_at` is for ever: somebody who does not want to be
    contacted is not asked again, under whichever customer their number stands. Name, number, role and origin
    are never rewritten: what was wrong is withdrawn and named anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contact_people", verbose_name=_("customer")
    )
    role = models.CharField(_("role"), max_length=10, choices=ContactRole)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    number_sealed = models.BinaryField(_("number, sealed"))
    number_index = models.BinaryField(_("number, blind index"), max_length=32)
    number_masked = models.CharField(_("number"), max_length=30)
    country = models.CharField(_("country"), max_length=2)
    time_zones = ArrayField(
        models.CharField(max_length=60), verbose_name=_("time zones"), default=list, blank=True
    )
    origin = models.CharField(_("origin"), max_length=20, choices=ContactOrigin)
    guarantee_reference = models.CharField(_("guarantee contract"), max_length=60, blank=True)
    named_at = models.DateTimeField(_("named at"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    refused_at = models.DateTimeField(_("wants no contact since"), null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refusal entered by")
    )

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person or guarantor")
        verbose_name_plural = _("contact people and guarantors")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=ContactRole.values)
                & models.Q(relation__in=Relation.values)
                & models.Q(origin__in=ContactOrigin.values),
                name="contact_person_codes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(role=ContactRole.GUARANTOR) & ~models.Q(guarantee_reference="")
                | models.Q(role=ContactRole.CONTACT, guarantee_reference="")
                & ~models.Q(origin=ContactOrigin.GUARANTEE),
                name="guarantor_has_a_contract",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="contact_person_withdrawn_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(refused_at__isnull=True, refused_by__isnull=True)
                | models.Q(refused_at__isnull=False, refused_by__isnull=False),
                name="contact_person_refusal_entered_by_someone",
            ),
            models.UniqueConstraint(
                fields=["customer", "number_index"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="contact_person_named_once",
            ),
            models.UniqueConstraint(fields=["id", "customer"], name="contact_person_of_customer"),
        ]
        indexes = [models.Index(fields=["number_index"], name="contact_person_by_number")]

    def __str__(self) -> str:
        return f"{self.masked_name} {self.number_masked}"

    @property
    def masked_name(self) -> str:
        return vault.masked_name(self.name)

    def unseal_number(self) -> str:
        """The number in E.164, in clear. A Clearance or a logged Disclosure comes first."""
        return vault.unseal(self.number_sealed, column=CONTACT_PERSON_NUMBER, row=self.pk)
