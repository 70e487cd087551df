"""What a night's customers.csv does to people known already."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Address, Customer, Phone, Reject
from accounts.models.customers import PhoneKind
from tests.accounts.factories import BranchFactory
from tests.accounts.feed_files import AS_OF, account_row, customer_row

TOMORROW = AS_OF + timedelta(days=1)


def sealed():
    return bytes(Customer.objects.get().identity_number_sealed)


def test_no_personal_number_stands_in_any_table_in_clear(feed):
    feed(
        customers=[customer_row(), customer_row("C2", identity_number="150203198801012344")],
        accounts=[account_row()],
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s',
                ["8801012343|8801012344|139 ?0000 ?1234"],
            )
            assert cursor.fetchone()[0] == 0, table


def test_unchanged_numbers_are_not_sealed_again(feed):
    feed(customers=[customer_row()])
    before = sealed(), bytes(Phone.objects.get().number_sealed)
    feed(customers=[customer_row(name="李明明", mobile_phone="+86 13900001234")], as_of=TOMORROW)

    assert Customer.objects.get().name == "李明明"
    assert (sealed(), bytes(Phone.objects.get().number_sealed)) == before


def test_a_corrected_identity_number_replaces_the_old_one(feed):
    feed(customers=[customer_row(identity_number="")])
    assert Customer.objects.get().identity_number_sealed is None
    feed(customers=[customer_row()], as_of=TOMORROW)

    customer = Customer.objects.get()
    assert customer.unseal_identity_number() == "150203198801012343"
    assert (customer.identity_number_masked, customer.birth_date) == ("1502**********2343", date(1988, 1, 1))


@pytest.mark.parametrize("number", ["", "150203198801012344"], ids=["empty", "wrong"])
def test_an_empty_or_wrong_identity_number_leaves_the_known_one(feed, number):
    feed(customers=[customer_row()])
    feed(customers=[customer_row(identity_number=number)], as_of=TOMORROW)

    customer = Customer.objects.get()
    assert customer.unseal_identity_number() == "150203198801012343"
    assert customer.birth_date == date(1988, 1, 1)


def test_a_date_of_birth_that_contradicts_a_known_number_is_noticed(feed):
    feed(customers=[customer_row()])
    feed(customers=[customer_row(birth_date="1990-01-01")], as_of=TOMORROW)

    assert Reject.objects.get().field == "identity_number"


@pytest.mark.parametrize("born", ["1899-12-31", "2026-11-21"])
def test_an_unlikely_date_of_birth_is_left_out(feed, born):
    feed(
        customers=[customer_row(country="US", province="NY", identity_number="800-46-0298", birth_date=born)]
    )

    assert Customer.objects.get().birth_date is None
    assert Reject.objects.filter(field="birth_date").count() == 1


def test_a_number_no_longer_listed_is_withdrawn_and_comes_back_when_listed_again(feed):
    feed(customers=[customer_row(home_phone="0472-5100100")])
    feed(customers=[customer_row(mobile_phone="13900009999", home_phone="0472-5100100")], as_of=TOMORROW)

    old = Phone.objects.get(withdrawn_at__isnull=False)
    assert old.unseal_number() == "+8613900001234"
    assert [phone.unseal_number() for phone in Phone.objects.own_mobiles()] == ["+8613900009999"]

    feed(customers=[customer_row()], as_of=TOMORROW + timedelta(days=1))
    old.refresh_from_db()
    assert old.withdrawn_at is None
    assert Phone.objects.count() == 3
    assert Phone.objects.in_use().get() == old


def test_one_number_in_two_columns_is_one_own_number(feed):
    feed(customers=[customer_row(work_phone="13900001234")])

    assert Phone.objects.get().kind == PhoneKind.OWN


def test_the_kind_of_a_number_may_change(feed):
    feed(customers=[customer_row(mobile_phone="", work_phone="13900001234")])
    feed(customers=[customer_row()], as_of=TOMORROW)

    assert Phone.objects.get().kind == PhoneKind.OWN


def test_what_agents_learnt_stays_while_the_place_is_the_same(feed):
    feed(customers=[customer_row()])
    Address.objects.update(confidence=30, access="POOR", last_verified_on=AS_OF, latitude=Decimal("40.65"))
    feed(customers=[customer_row(latitude="", longitude="", datum="")], as_of=TOMORROW)

    address = Address.objects.get()
    assert (address.confidence, address.access, address.last_verified_on) == (30, "POOR", AS_OF)
    assert address.latitude == Decimal("40.65")


def test_a_new_place_is_not_what_agents_knew(feed):
    feed(customers=[customer_row(access="POOR")])
    Address.objects.update(confidence=30, last_verified_on=AS_OF)
    feed(customers=[customer_row(house_number="28号", latitude="", longitude="", datum="")], as_of=TOMORROW)

    address = Address.objects.get()
    assert (address.confidence, address.access, address.last_verified_on) == (60, "", None)
    assert address.latitude is None


def test_no_address_in_the_feed_is_no_address(feed):
    place = dict.fromkeys(("province", "city", "district", "street", "latitude", "longitude", "datum"), "")
    feed(customers=[customer_row(**place)])

    assert not Address.objects.exists()


def test_coordinates_without_their_datum_are_left_out(feed):
    feed(customers=[customer_row(datum="")])

    assert Address.objects.get().latitude is None
    assert Reject.objects.get().reason.startswith("Latitude, longitude and datum")


@pytest.mark.parametrize(
    ("given", "zones"),
    [
        ("", ["Asia/Shanghai"]),
        ("Asia/Shanghai;Asia/Urumqi", ["Asia/Shanghai", "Asia/Urumqi"]),
        ("Asia/Peking", []),
    ],
    ids=["derived", "told", "unknown name closes"],
)
def test_time_zones(feed, given, zones):
    feed(customers=[customer_row(time_zones=given)])

    assert Customer.objects.get().time_zones == zones


def test_a_customer_elsewhere_speaks_english_unless_told_otherwise(feed):
    american = {"country": "US", "province": "NY", "identity_number": "800-46-0298"}
    feed(
        customers=[
            customer_row("C1", **american),
            customer_row("C2", **american, language="zh-hans"),
            customer_row("C3"),
        ]
    )

    assert dict(Customer.objects.values_list("bank_number", "language")) == {
        "C1": "en",
        "C2": "zh-hans",
        "C3": "zh-hans",
    }


def test_a_fact_no_longer_told_is_no_longer_known(feed):
    feed(customers=[customer_row(income_kind="SALARY", monthly_income="5000.00", has_collateral="yes")])
    feed(customers=[customer_row()], as_of=TOMORROW)

    customer = Customer.objects.get()
    assert (customer.income_kind, customer.monthly_income, customer.has_collateral) == ("", None, None)


def test_a_moved_customer_takes_the_open_case_to_the_new_branch(feed):
    new = BranchFactory(code="HH")
    feed(customers=[customer_row()], accounts=[account_row()])
    feed(customers=[customer_row(branch_code="HH")], as_of=TOMORROW)

    customer = Customer.objects.get()
    assert customer.branch == new
    assert customer.cases.get().branch == new
