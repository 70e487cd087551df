"""Made-up branches, staff, customers and cases. Everything here is valid unless a test says otherwise."""

import itertools
import uuid
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from stdnum.cn import ric

from accounts import vault
from accounts.models import (
    Account,
    Address,
    Branch,
    Case,
    ContactPerson,
    Customer,
    Phone,
    User,
    Verification,
)
from accounts.models.cases import CaseStatus, NextAction, Stage
from accounts.models.contact_people import CONTACT_PERSON_NUMBER
from accounts.models.customers import IDENTITY_NUMBER, PHONE_NUMBER, AddressKind, PhoneKind
from accounts.models.staff import SEES_EVERY_BRANCH, Datum, Role
from accounts.models.verification import REQUIRED, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")


class BranchFactory(DjangoModelFactory):
    class Meta:
        model = Branch

    code = factory.Sequence(lambda n: f"B{n}")
    name = factory.Sequence(lambda n: f"Branch {n}")
    city = "包头市"
    time_zone = "Asia/Shanghai"
    latitude = Decimal("40.641700")
    longitude = Decimal("109.822400")
    datum = Datum.WGS84
    hotline = "0472-5550100"


class UserFactory(DjangoModelFactory):
    """A member of staff with no password: `UserFactory(role=Role.SUPERVISOR, branch=branch)`."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}")
    last_name = "王"
    first_name = factory.Sequence(lambda n: f"小{n}")
    role = Role.FIELD_AGENT
    branch = factory.Maybe(
        factory.LazyAttribute(lambda user: user.role in SEES_EVERY_BRANCH),
        yes_declaration=None,
        no_declaration=factory.SubFactory(BranchFactory),
    )
    employee_number = factory.Sequence(lambda n: f"E{n:05}")
    is_staff = factory.LazyAttribute(
        lambda user: user.role not in (Role.FIELD_AGENT, Role.SECURITY_OFFICER, Role.SYSTEM)
    )
    is_superuser = factory.LazyAttribute(lambda user: user.role == Role.ADMINISTRATOR)
    password = "!"


class CustomerFactory(DjangoModelFactory):
    """A customer whose identity number is sealed; `identity_number="…"` chooses it."""

    class Meta:
        model = Customer

    class Params:
        identity_number = "150203198801012343"

    id = factory.LazyFunction(uuid.uuid4)
    branch = factory.SubFactory(BranchFactory)
    bank_number = factory.Sequence(lambda n: f"C{n:08}")
    name = "李明"
    identity_number_sealed = factory.LazyAttribute(
        lambda it: vault.seal(it.identity_number, column=IDENTITY_NUMBER, row=it.id)
    )
    identity_number_index = factory.LazyAttribute(
        lambda it: vault.blind_index(it.identity_number, column=IDENTITY_NUMBER)
    )
    identity_number_masked = factory.LazyAttribute(
        lambda it: vault.masked_identity_number(it.identity_number)
    )
    birth_date = factory.LazyFunction(lambda: timezone.now().date().replace(year=1988, month=1, day=1))
    time_zones = ["Asia/Shanghai"]
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")


class PhoneFactory(DjangoModelFactory):
    """An own mobile; `number="+86…"` chooses it."""

    class Meta:
        model = Phone

    class Params:
        number = factory.Sequence(lambda n: f"+8613900{n:06}")

    id = factory.LazyFunction(uuid.uuid4)
    customer = factory.SubFactory(CustomerFactory)
    kind = PhoneKind.OWN
    number_sealed = factory.LazyAttribute(lambda it: vault.seal(it.number, column=PHONE_NUMBER, row=it.id))
    number_index = factory.LazyAttribute(lambda it: vault.blind_index(it.number, column=PHONE_NUMBER))
    number_masked = factory.LazyAttribute(lambda it: vault.masked_phone(it.number))
    country = "CN"
    is_mobile = True


class ContactPersonFactory(DjangoModelFactory):
    """A contact person named in the application; `role="GUARANTOR"` for a guarantor; `number="+86…"` chooses it."""

    class Meta:
        model = ContactPerson

    class Params:
        number = factory.Sequence(lambda n: f"+8613700{n:06}")

    id = factory.LazyFunction(uuid.uuid4)
    customer = factory.SubFactory(CustomerFactory)
    role = "CONTACT"
    name = factory.Sequence(lambda n: f"赵{'一二三四五六七八九十'[n % 10]}{n}")
    relation = "SIBLING"
    number_sealed = factory.LazyAttribute(
        lambda it: vault.seal(it.number, column=CONTACT_PERSON_NUMBER, row=it.id)
    )
    number_index = factory.LazyAttribute(
        lambda it: vault.blind_index(it.number, column=CONTACT_PERSON_NUMBER)
    )
    number_masked = factory.LazyAttribute(lambda it: vault.masked_phone(it.number))
    country = "CN"
    origin = factory.LazyAttribute(lambda it: "GUARANTEE" if it.role == "GUARANTOR" else "APPLICATION")
    guarantee_reference = factory.LazyAttribute(lambda it: "G-2026-7" if it.role == "GUARANTOR" else "")
    named_at = factory.SelfAttribute("customer.created_at")
    entered_at = factory.SelfAttribute("named_at")
    entered_by = factory.LazyFunction(lambda: User.objects.system())


class AddressFactory(DjangoModelFactory):
    """A complete residence in Kundulun, Baotou."""

    class Meta:
        model = Address

    customer = factory.SubFactory(CustomerFactory)
    kind = AddressKind.RESIDENCE
    country = "CN"
    province = "内蒙古自治区"
    city = "包头市"
    district = "昆都仑区"
    district_code = "150203"
    street = "钢铁大街"
    house_number = factory.Sequence(lambda n: f"{n + 1}号")
    latitude = factory.Sequence(lambda n: Decimal("40.641700") + Decimal(n % 50) / 2000)
    longitude = factory.Sequence(lambda n: Decimal("109.822400") + Decimal(n % 37) / 2000)
    datum = Datum.WGS84
    confidence = 80


class VerificationFactory(DjangoModelFactory):
    """A valid identity check of today, good for 60 days."""

    class Meta:
        model = Verification

    customer = factory.SubFactory(CustomerFactory)
    kind = "IDENTITY"
    status = Status.VALID
    checked_at = factory.LazyFunction(timezone.now)
    checked_by = factory.LazyFunction(lambda: User.objects.system())
    expires_at = factory.LazyAttribute(lambda it: it.checked_at + timedelta(days=60))


class AccountFactory(DjangoModelFactory):
    """A credit card 45 days overdue; `overdue_amount=0, oldest_unpaid_due_on=None` for one in order."""

    class Meta:
        model = Account

    customer = factory.SubFactory(CustomerFactory)
    reference = factory.Sequence(lambda n: f"A{n:010}")
    product = "credit card"
    currency = "CNY"
    credit_limit = Decimal("50000.00")
    balance = Decimal("20000.00")
    overdue_amount = Decimal("5000.00")
    oldest_unpaid_due_on = factory.LazyAttribute(lambda it: it.as_of - timedelta(days=45))
    as_of = factory.LazyFunction(lambda: timezone.now().date())


class CaseFactory(DjangoModelFactory):
    """An open case, just opened, of a customer without accounts; see `overdue_case` for a whole one."""

    class Meta:
        model = Case

    customer = factory.SubFactory(CustomerFactory)
    branch = factory.SelfAttribute("customer.branch")
    status = CaseStatus.OPEN
    stage = Stage.VERIFICATION
    currency = "CNY"
    overdue_amount = Decimal("5000.00")
    balance = Decimal("20000.00")
    oldest_unpaid_due_on = factory.LazyAttribute(lambda it: it.opened_at.date() - timedelta(days=45))
    opened_at = factory.LazyFunction(timezone.now)
    next_action = NextAction.VERIFY
    next_action_on = factory.LazyAttribute(lambda it: it.opened_at.date() + timedelta(days=1))
    facts_changed_at = factory.SelfAttribute("opened_at")


NUMBERS = itertools.count()


def somebody_else():
    """The identity number of a person whom no other test and no other customer is."""
    number = next(NUMBERS)
    born = date(1960, 1, 1) + timedelta(days=number % 14_000)
    first = f"150203{born:%Y%m%d}{number // 14_000:03}"
    return first + ric.calc_check_digit(f"{first}0")


def verified_customer(*, now, **customer):
    """A customer with an own mobile, a residence with coordinates, and all four items valid at `now`.

    Each is a person of its own: contacts are counted by person.
    """
    who = CustomerFactory(created_at=now, **{"identity_number": somebody_else(), **customer})
    PhoneFactory(customer=who)
    AddressFactory(customer=who)
    for kind in REQUIRED:
        VerificationFactory(customer=who, kind=kind, checked_at=now - timedelta(hours=1))
    return who


def overdue_case(*, now, overdue="5000.00", days=45, stage=Stage.ASSESSMENT, **customer):
    """The open case of a verified customer with one account `days` overdue. Extra facts go to the customer."""
    who = verified_customer(now=now, **customer)
    due_on = now.date() - timedelta(days=days)
    amounts = {"overdue_amount": Decimal(overdue), "oldest_unpaid_due_on": due_on}
    AccountFactory(customer=who, as_of=now.date(), **amounts)
    return CaseFactory(customer=who, opened_at=now, stage=stage, next_action=NextAction.VISIT, **amounts)
