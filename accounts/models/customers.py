"""Who owes: the person, where they can be found, and which clock they live by."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import vault
from accounts.models.staff import Branch, Datum, InBranchQuerySet

IDENTITY_NUMBER = "customer.identity_number"
PHONE_NUMBER = "phone.number"


class IncomeKind(models.TextChoices):
    SALARY = "SALARY", _("salary")
    PENSION = "PENSION", _("pension")
    SELF_EMPLOYED = "SELF_EMPLOYED", _("self-employed")
    IRREGULAR = "IRREGULAR", _("irregular")
    NONE = "NONE", _("no income")


class Hardship(models.TextChoices):
    NONE = "NONE", _("none")
    TEMPORARY = "TEMPORARY", _("temporary hardship")
    LASTING = "LASTING", _("lasting hardship")


class NotKnown(Exception):
    """The fact asked for was never told by the bank."""


class Customer(models.Model):
    """A retail customer of the bank. An unknown fact is null or empty, never guessed.

    `time_zones` are all zones the customer may be in; a contact is lawful only when every one of them is inside
    the window, and an empty list is closed at all times.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"))
    bank_number = models.CharField(_("customer number"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    identity_number_sealed = models.BinaryField(_("identity number, sealed"), null=True)
    identity_number_index = models.BinaryField(_("identity number, blind index"), max_length=32, null=True)
    identity_number_masked = models.CharField(_("identity number"), max_length=30, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    time_zones = ArrayField(models.CharField(max_length=60), verbose_name=_("time zones"), default=list)
    income_kind = models.CharField(_("income"), max_length=20, choices=IncomeKind, blank=True)
    monthly_income = models.DecimalField(
        _("monthly income"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    other_lenders_overdue = models.PositiveSmallIntegerField(
        _("other lenders overdue"), null=True, blank=True
    )
    has_collateral = models.BooleanField(_("collateral or guarantor"), null=True, blank=True)
    hardship = models.CharField(_("hardship"), max_length=10, choices=Hardship, blank=True)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    objects = InBranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(monthly_income__isnull=True) | models.Q(monthly_income__gte=0),
                name="monthly_income_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    identity_number_sealed__isnull=True,
                    identity_number_index__isnull=True,
                    identity_number_masked="",
                )
                | models.Q(identity_number_sealed__isnull=False, identity_number_index__isnull=False),
                name="identity_number_is_whole_or_unknown",
            ),
        ]
        indexes = [models.Index(fields=["identity_number_index"], name="customer_by_identity")]

    def __str__(self) -> str:
        return f"{self.masked_name} {self.bank_number}"

    @property
    def masked_name(self) -> str:
        return vault.masked_name(self.name)

    def unseal_identity_number(self) -> str:
        """The identity number in clear. Callers log a Disclosure first (`compliance.disclosure`).

        Raises NotKnown when the bank never told a valid one.
        """
        if self.identity_number_sealed is None:
            raise NotKnown(f"No valid identity number of customer {self.bank_number} is known.")
        return vault.unseal(self.identity_number_sealed, column=IDENTITY_NUMBER, row=self.pk)


class PhoneKind(models.TextChoices):
    OWN = "OWN", _("own mobile")
    HOME = "HOME", _("home")
    WORK = "WORK", _("work")


class PhoneOrigin(models.TextChoices):
    """How the bank came to know a number of the customer. There is no other way: nothing is scraped or bought."""

    APPLICATION = "APPLICATION", _("given in the application")
    CUSTOMER = "CUSTOMER", _("given later by the customer")
    BANK_RECORD = "BANK_RECORD", _("the bank's own record")
    CONTACT_PERSON = "CONTACT_PERSON", _("found by a contact person")


class OfCustomerQuerySet(InBranchQuerySet):
    branch_path = "customer__branch"


class PhoneQuerySet(OfCustomerQuerySet):
    def in_use(self) -> "PhoneQuerySet":
        """Numbers the bank still lists. Nobody else's number is ever dialled because it once was the customer's."""
        return self.filter(withdrawn_at__isnull=True)

    def to_call(self) -> "PhoneQuerySet":
        """Own mobiles in use, also those that a contact person named and at which nobody has been reached yet."""
        return self.in_use().filter(kind=PhoneKind.OWN, is_mobile=True)

    def own_mobiles(self) -> "PhoneQuerySet":
        """Numbers in use to which a message to the customer may be sent.

        What a contact person named is somebody's number, and only a call can tell that it is the customer's.
        """
        return self.to_call().exclude(origin=PhoneOrigin.CONTACT_PERSON, last_reached_at__isnull=True)


class Phone(models.Model):
    """A telephone number of the customer (never of a third party).

    Only numbers valid for their country are kept. `withdrawn_at` says since when the bank no longer lists it,
    `invalid_at` since when it is known to be somebody else's: such a number stays withdrawn, whatever is listed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="phones", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=10, choices=PhoneKind)
    number_sealed = models.BinaryField(_("number, sealed"))
    number_index = models.BinaryField(_("number, blind index"), max_length=32)
    number_masked = models.CharField(_("number"), max_length=30)
    country = models.CharField(_("country"), max_length=2)
    is_mobile = models.BooleanField(_("mobile"), default=False)
    last_reached_at = models.DateTimeField(_("last reached at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    origin = models.CharField(
        _("origin"), max_length=20, choices=PhoneOrigin, default=PhoneOrigin.BANK_RECORD
    )
    invalid_at = models.DateTimeField(_("found wrong at"), null=True, blank=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        constraints = [
            models.UniqueConstraint(fields=["customer", "number_index"], name="one_row_per_number"),
            models.CheckConstraint(
                condition=models.Q(origin__in=PhoneOrigin.values), name="phone_origin_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(invalid_at__isnull=True) | models.Q(withdrawn_at__isnull=False),
                name="wrong_number_is_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["number_index"], name="phone_by_number")]

    def __str__(self) -> str:
        return self.number_masked

    def unseal_number(self) -> str:
        """The number in E.164, in clear. A Clearance or a logged Disclosure comes first."""
        return vault.unseal(self.number_sealed, column=PHONE_NUMBER, row=self.pk)


class AddressKind(models.TextChoices):
    RESIDENCE = "RESIDENCE", _("residence")
    REGISTERED = "REGISTERED", _("registered residence")
    WORK = "WORK", _("workplace")


class AreaRisk(models.TextChoices):
    LOW = "LOW", _("low")
    MEDIUM = "MEDIUM", _("medium")
    HIGH = "HIGH", _("high")


class Access(models.TextChoices):
    EASY = "EASY", _("easy")
    POOR = "POOR", _("poor light or stairs")
    ISOLATED = "ISOLATED", _("single exit or isolated")


class Address(models.Model):
    """A place where the customer may be found. Coordinates always carry their datum."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="addresses", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AddressKind)
    country = models.CharField(_("country"), max_length=2)
    province = models.CharField(_("province"), max_length=60)
    city = models.CharField(_("city"), max_length=60)
    district = models.CharField(_("district"), max_length=60)
    district_code = models.CharField(_("district code"), max_length=12, blank=True)
    street = models.CharField(_("street"), max_length=200)
    house_number = models.CharField(_("house number"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("datum"), max_length=5, choices=Datum, default=Datum.WGS84)
    confidence = models.PositiveSmallIntegerField(_("confidence, percent"), default=60)
    last_verified_on = models.DateField(_("last verified on"), null=True, blank=True)
    area_risk = models.CharField(_("risk of the area"), max_length=10, choices=AreaRisk, blank=True)
    access = models.CharField(_("access"), max_length=10, choices=Access, blank=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind"], name="one_address_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(confidence__lte=100), name="confidence_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="coordinates_are_on_earth",
            ),
        ]

    def __str__(self) -> str:
        if self.country == "CN":
            return f"{self.city}{self.district}{self.street}{self.house_number}"
        return f"{self.house_number} {self.street}, {self.district}, {self.city}".strip()
