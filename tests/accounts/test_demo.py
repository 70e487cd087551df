"""The demonstration portfolio and its staff."""

import csv
import hashlib
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from stdnum.us import ssn

from accounts.demo.debts import Debt, Month, first_of_month, oldest_unpaid_due_on, read_debts
from accounts.demo.feed import make_demo_feed
from accounts.demo.staff import create_demo_staff
from accounts.feed import people
from accounts.feed.format import FILES
from accounts.models import Branch, User
from accounts.models.staff import Role

AS_OF = date(2026, 11, 20)


def make(directory, *, seed=1):
    make_demo_feed(directory, as_of=AS_OF, seed=seed, report=lambda *_: None)
    return directory


def hashes(directory):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in directory.iterdir()}


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory):
    return make(tmp_path_factory.mktemp("demo"))


def rows(portfolio, name):
    with (portfolio / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def customers(portfolio):
    return rows(portfolio, "customers.csv")


@pytest.fixture(scope="module")
def accounts(portfolio):
    return rows(portfolio, "accounts.csv")


def test_the_same_seed_and_day_give_the_same_bytes(portfolio, tmp_path):
    assert hashes(make(tmp_path / "again")) == hashes(portfolio)
    assert hashes(make(tmp_path / "other", seed=2)).items().isdisjoint(hashes(portfolio).items())


def test_every_debt_of_the_data_set_is_there_once(customers, accounts):
    assert len(customers) == len(accounts) == len(list(read_debts())) == 21_011
    assert Counter(row["branch_code"] for row in customers) == {"BT": 20_411, "NY": 600}


def test_limits_and_balances_are_the_real_ones(accounts):
    debts = {debt.number: debt for debt in read_debts()}
    for row in accounts:
        debt = debts[int(row["account_reference"][-8:])]
        assert row["credit_limit"] == f"{debt.credit_limit}.00"
        assert row["balance"] == f"{debt.months[0].billed}.00"


def test_the_late_with_something_billed_are_overdue(accounts):
    overdue = [row for row in accounts if row["overdue_amount"] != "0.00"]

    assert len(overdue) == 3_588
    assert all(0 < float(row["overdue_amount"]) <= float(row["balance"]) for row in overdue)
    assert all(row["oldest_unpaid_due_on"] < "2026-11-20" for row in overdue)
    assert all(bool(row["oldest_unpaid_due_on"]) == (row["overdue_amount"] != "0.00") for row in accounts)


def test_nobody_shares_a_number_with_anybody(customers, accounts):
    for column in ("customer_number", "identity_number", "mobile_phone"):
        assert len({row[column] for row in customers}) == len(customers), column
    assert len({row["account_reference"] for row in accounts}) == len(accounts)


def test_about_three_in_a_thousand_carry_a_defect(customers):
    faults = Counter()
    for row in customers:
        try:
            number = people.normal_identity_number(row["country"], row["identity_number"])
            people.check_identity_number(row["country"], number, None)
        except people.Wrong:
            faults["identity"] += 1
        try:
            people.check_phone(row["country"], row["mobile_phone"])
        except people.Wrong:
            faults["phone"] += 1
        faults["house_number"] += not row["house_number"]
        faults["coordinates"] += not row["latitude"]

    assert 40 <= faults.total() <= 90
    assert all(faults[kind] >= 5 for kind in ("identity", "phone", "house_number", "coordinates"))


def test_invented_numbers_are_of_ranges_that_look_invented(customers):
    for row in customers:
        if row["country"] == "CN":
            assert row["mobile_phone"][3:7] == "0000"
        else:
            assert "555-01" in row["mobile_phone"]
            assert row["identity_number"][0] == "8"
            assert ssn.is_valid(row["identity_number"]) or row["identity_number"][-1] in "12"


def test_homes_lie_in_their_city(customers):
    for row in customers:
        if row["latitude"]:
            centre = (40.62, 109.93) if row["country"] == "CN" else (40.71, -73.93)
            assert abs(float(row["latitude"]) - centre[0]) < 0.15
            assert abs(float(row["longitude"]) - centre[1]) < 0.3


def test_sex_age_marriage_and_education_are_not_in_the_feed(portfolio):
    columns = {column for name in FILES for column in rows(portfolio, name)[0]}

    assert not {
        column for column in columns if any(word in column for word in ("sex", "age_", "marri", "educat"))
    }


@pytest.mark.parametrize(
    ("late", "billed", "overdue"),
    [
        (0, 5000, 0),
        (1, 0, 0),
        (1, -20, 0),
        (1, 50, 50),
        (1, 500, 100),
        (1, 5000, 500),
        (2, 5000, 700),
        (8, 900, 900),
    ],
)
def test_a_tenth_of_the_bill_is_overdue_for_each_late_month(late, billed, overdue):
    months = (Month(1, billed, 0, late), Month(2, 2000, 0, 0), *(Month(n, 9000, 0, 0) for n in range(3, 7)))

    assert Debt(number=1, credit_limit=10_000, months=months).overdue_amount == overdue


@pytest.mark.parametrize(
    ("day", "late"), [(date(2026, 1, 1), 1), (date(2026, 3, 31), 3), (date(2026, 12, 25), 8)]
)
def test_k_months_late_means_the_due_day_passed_k_times(day, late):
    class Dice:
        def choice(self, days):
            return 10

    due_on = oldest_unpaid_due_on(Dice(), day, late)

    passed = [first_of_month(day, ago=n).replace(day=10) for n in range(12)]
    assert sum(due_on <= each < day for each in passed) == late


@pytest.mark.django_db
class TestStaff:
    NOW = datetime(2026, 11, 20, tzinfo=UTC)

    @pytest.fixture(autouse=True)
    def quick_passwords(self, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def test_two_branches_with_everyone_they_need(self):
        people = create_demo_staff(now=self.NOW)

        assert Counter((person["branch"], person["role"]) for person in people) == {
            ("BT", Role.FIELD_AGENT): 9,
            ("NY", Role.FIELD_AGENT): 3,
            ("BT", Role.SECURITY_OFFICER): 2,
            ("NY", Role.SECURITY_OFFICER): 1,
            ("BT", Role.SUPERVISOR): 2,
            ("NY", Role.SUPERVISOR): 1,
            ("", Role.COMPLIANCE_OFFICER): 1,
            ("", Role.AUDITOR): 1,
            ("", Role.ADMINISTRATOR): 1,
        }
        assert set(Branch.objects.values_list("time_zone", flat=True)) == {
            "Asia/Shanghai",
            "America/New_York",
        }

    def test_passwords_open_the_door_and_come_once(self, client):
        people = create_demo_staff(now=self.NOW)
        agent = people[0]

        assert client.login(username=agent["username"], password=agent["password"])
        assert create_demo_staff(now=self.NOW) == []
        assert client.login(username=agent["username"], password=agent["password"])

        renewed = create_demo_staff(now=self.NOW, new_passwords=True)
        assert len(renewed) == len(people)
        assert not client.login(username=agent["username"], password=agent["password"])
        assert User.objects.exclude(role=Role.SYSTEM).count() == len(people)

    def test_people_changed_by_hand_stay_as_they_are(self):
        create_demo_staff(now=self.NOW)
        User.objects.filter(username="auditor").update(last_name="欧阳", is_active=False)

        create_demo_staff(now=self.NOW, new_passwords=True)

        auditor = User.objects.get(username="auditor")
        assert (auditor.last_name, auditor.is_active) == ("欧阳", False)
