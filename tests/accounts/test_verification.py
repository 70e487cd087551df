"""The checklist: what makes each item valid, until when, and how cases follow."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Customer, User, verified_customers
from accounts.models.cases import CaseEventKind, NextAction, Stage
from accounts.models.verification import Kind, Status
from accounts.verification import FINDINGS, verify_customers
from tests.accounts.factories import (
    AccountFactory,
    AddressFactory,
    BranchFactory,
    CaseFactory,
    CustomerFactory,
    PhoneFactory,
)

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


def make_customer(*, born=date(1988, 1, 1), as_of=TODAY, account=True, phone=True, address=True, **facts):
    """A customer with an open case who has everything unless told otherwise."""
    customer = CustomerFactory(birth_date=born, **facts)
    if account:
        AccountFactory(customer=customer, as_of=as_of)
    if phone:
        PhoneFactory(customer=customer)
    if address:
        AddressFactory(customer=customer)
    CaseFactory(customer=customer, opened_at=NOW)
    return customer


def verify(*, now=NOW):
    return verify_customers(by=User.objects.system(), now=now)


def item(customer, kind):
    return customer.verifications.get(kind=kind)


def test_a_customer_with_everything_is_verified():
    customer = make_customer()

    assert verify() == 1

    assert verified_customers(at=NOW).get() == customer
    assert {each.kind: each.expires_at for each in customer.verifications.all()} == {
        Kind.IDENTITY: NOW + 365 * DAY,
        Kind.PHONE: NOW + 90 * DAY,
        Kind.ADDRESS: NOW + 180 * DAY,
        Kind.BALANCE: datetime(2026, 11, 22, 16, 0, tzinfo=UTC),  # midnight in Shanghai after the 22nd
    }


@pytest.mark.parametrize(
    ("facts", "kind", "finding"),
    [
        (
            {"identity_number_sealed": None, "identity_number_index": None, "identity_number_masked": ""},
            Kind.IDENTITY,
            "no_identity",
        ),
        ({"born": None}, Kind.IDENTITY, "no_birth_date"),
        ({"phone": False}, Kind.PHONE, "no_phone"),
        ({"address": False}, Kind.ADDRESS, "no_address"),
        ({"account": False}, Kind.BALANCE, "no_account"),
    ],
)
def test_what_is_missing_is_found(facts, kind, finding):
    customer = make_customer(**facts)

    verify()

    assert (item(customer, kind).status, item(customer, kind).finding) == (Status.INVALID, FINDINGS[finding])
    assert customer.verifications.filter(status=Status.VALID).count() == 3
    assert not verified_customers(at=NOW).exists()


@pytest.mark.parametrize(
    ("born", "of_age"), [(date(2008, 11, 19), True), (date(2008, 11, 20), False), (date(2008, 11, 21), False)]
)
def test_of_age_from_the_day_after_the_eighteenth_birthday(born, of_age):
    customer = make_customer(born=born)

    verify()

    found = item(customer, Kind.IDENTITY)
    assert (found.status == Status.VALID) == of_age
    assert found.finding == ("" if of_age else FINDINGS["minor"])


def test_the_birthday_is_that_of_the_branchs_clock():
    """At 16:30 UTC it is the next day in Shanghai and still the same day in New York."""
    now = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
    here = make_customer(born=date(2008, 11, 19), branch=BranchFactory(time_zone="Asia/Shanghai"))
    there = make_customer(born=date(2008, 11, 19), branch=BranchFactory(time_zone="America/New_York"))

    verify(now=now)

    assert [item(each, Kind.IDENTITY).status for each in (here, there)] == [Status.VALID, Status.INVALID]


@pytest.mark.parametrize(
    ("phone", "finding"),
    [
        ({"kind": "WORK"}, "no_phone"),
        ({"withdrawn_at": NOW}, "no_phone"),
        ({"is_mobile": False}, "no_mobile"),
    ],
)
def test_only_an_own_mobile_in_use_will_do(phone, finding):
    customer = make_customer(phone=False)
    PhoneFactory(customer=customer, **phone)

    verify()

    assert item(customer, Kind.PHONE).finding == FINDINGS[finding]


@pytest.mark.parametrize(
    ("address", "finding"),
    [
        ({"province": ""}, "address_incomplete"),
        ({"district": ""}, "address_incomplete"),
        ({"street": ""}, "address_incomplete"),
        ({"house_number": ""}, "no_house_number"),
        ({"latitude": None, "longitude": None}, "no_coordinates"),
        ({"confidence": 49}, "address_doubtful"),
        ({"confidence": 50}, None),
        ({"kind": "WORK"}, "no_address"),
    ],
)
def test_the_residence_must_be_complete_and_likely(address, finding):
    customer = make_customer(address=False)
    AddressFactory(customer=customer, **address)

    verify()

    assert item(customer, Kind.ADDRESS).finding == (FINDINGS[finding] if finding else "")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_balance_is_good_for_two_days_after_its_own_by_the_branchs_clock(zone):
    customer = make_customer(branch=BranchFactory(time_zone=zone))
    end = datetime(2026, 11, 23, tzinfo=ZoneInfo(zone))

    verify(now=end - INSTANT)
    assert (item(customer, Kind.BALANCE).status, item(customer, Kind.BALANCE).expires_at) == (
        Status.VALID,
        end,
    )

    verify(now=end)
    assert item(customer, Kind.BALANCE).finding == FINDINGS["balance_old"]


def test_the_stalest_overdue_account_decides_and_settled_ones_do_not():
    customer = make_customer()
    AccountFactory(customer=customer, as_of=date(2026, 1, 1), overdue_amount=0, oldest_unpaid_due_on=None)
    verify()
    assert item(customer, Kind.BALANCE).status == Status.VALID

    AccountFactory(customer=customer, as_of=date(2026, 11, 17))
    verify()
    assert item(customer, Kind.BALANCE).status == Status.INVALID


@pytest.mark.parametrize(("later", "verified"), [(90 * DAY - INSTANT, True), (90 * DAY, False)])
def test_an_item_expires_on_the_instant(later, verified):
    make_customer(as_of=date(2027, 3, 1))
    verify()

    assert verified_customers(at=NOW + later).exists() == verified


def test_a_complete_case_goes_on_and_a_lapsed_one_returns():
    customer = make_customer()
    case = customer.cases.get()
    verify()
    case.refresh_from_db()
    assert (case.stage, case.next_action, case.next_action_on) == (
        Stage.ASSESSMENT,
        NextAction.VISIT,
        TODAY + DAY,
    )
    assert case.facts_changed_at == NOW

    customer.phones.update(withdrawn_at=NOW)
    verify(now=NOW + DAY)
    case.refresh_from_db()
    assert (case.stage, case.next_action) == (Stage.VERIFICATION, NextAction.VERIFY)
    assert list(case.events.order_by("pk").values_list("kind", "detail__from", "detail__to")) == [
        (CaseEventKind.STAGE, Stage.VERIFICATION, Stage.ASSESSMENT),
        (CaseEventKind.STAGE, Stage.ASSESSMENT, Stage.VERIFICATION),
    ]


@pytest.mark.parametrize(
    ("stage", "returns"),
    [(Stage.ASSESSMENT, True), (Stage.PLANNING, True), (Stage.VISIT, False), (Stage.FOLLOW_UP, False)],
)
def test_a_case_with_a_visit_or_after_it_stays_where_it_is(stage, returns):
    customer = make_customer(phone=False)
    customer.cases.update(stage=stage)

    verify()

    assert (customer.cases.get().stage == Stage.VERIFICATION) == returns


@pytest.mark.parametrize("stage", [Stage.ASSESSMENT, Stage.PLANNING, Stage.VISIT, Stage.FOLLOW_UP])
def test_a_complete_case_further_on_is_not_moved(stage):
    customer = make_customer()
    customer.cases.update(stage=stage)

    verify()

    assert customer.cases.get().stage == stage
    assert not customer.cases.get().events.exists()


def test_customers_can_be_chosen_and_those_without_a_case_are_left_out_otherwise():
    chosen, other = make_customer(), make_customer()
    bystander = CustomerFactory()

    checked = verify_customers(
        by=User.objects.system(), now=NOW, customers=Customer.objects.filter(pk__in=[chosen.pk, bystander.pk])
    )

    assert checked == 2
    assert not other.verifications.exists()
    assert verify_customers(by=User.objects.system(), now=NOW, customers=Customer.objects.none()) == 0
    assert verify() == 2


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for _ in range(3):
        make_customer()
    system = User.objects.system()

    with django_assert_num_queries(4):  # savepoint, check, move, release
        verify_customers(by=system, now=NOW)


def test_a_check_is_kept_once_a_kind():
    customer = make_customer()
    verify()
    verify(now=NOW + DAY)

    assert customer.verifications.count() == 4
    assert item(customer, Kind.PHONE).checked_at == NOW + DAY
    assert item(customer, Kind.PHONE).expires_at == NOW + 91 * DAY
