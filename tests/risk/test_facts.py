from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Batch, Payment, RepaymentMonth, User
from accounts.models.customers import AddressKind
from accounts.models.feed import BatchStatus
from risk.behaviour import note_contact, note_incident, note_promises, note_surroundings
from risk.facts import facts_of
from risk.models import Animal, Attitude, IncidentKind, People, Signal
from risk.terms import FACTS
from tests.accounts.factories import (
    AccountFactory,
    AddressFactory,
    BranchFactory,
    CaseFactory,
    CustomerFactory,
    PhoneFactory,
    overdue_case,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Baotou
TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.django_db


def known_of(case, *, now=NOW):
    """The facts of one case, readable."""
    values = facts_of([case.pk], now=now).row(0).values
    return {code: FACTS[code].decode(value) for code, value in values.items()}


@pytest.fixture
def by():
    return User.objects.system()


@pytest.fixture
def bare():
    """A case of a customer of whom nothing else is known."""
    return CaseFactory(opened_at=NOW, oldest_unpaid_due_on=TODAY - timedelta(days=45))


@pytest.fixture
def account(bare):
    return AccountFactory(customer=bare.customer, as_of=TODAY)


def pay(account, amount, *, received_at, reversed_at=None):
    batch = Batch.objects.create(
        source=f"{received_at}{amount}",
        as_of=TODAY,
        content_hash="",
        status=BatchStatus.DONE,
        started_at=NOW,
        imported_by=User.objects.system(),
    )
    Payment.objects.create(
        account=account,
        batch=batch,
        reference=f"P{batch.pk}",
        amount=amount,
        received_at=received_at,
        reversed_at=reversed_at,
    )


def bill(account, month, billed, paid, months_late=0):
    RepaymentMonth.objects.create(
        account=account, month=month, billed=billed, paid=paid, months_late=months_late
    )


def test_what_nobody_told_is_not_known(bare):
    known = known_of(bare)

    assert {code for code, value in known.items() if value is not None} == {
        "days_past_due",
        "paid_since_overdue",
        "contact_data",
    }
    assert known["contact_data"] == "NONE"


def test_the_amount_is_in_hundredths_of_its_currency(bare):
    row = facts_of([bare.pk], now=NOW).row(0)

    assert (row.overdue_cents, row.currency) == (500_000, "CNY")


def test_facts_come_in_the_order_of_the_cases():
    cases = [overdue_case(now=NOW, days=days) for days in (40, 10, 30, 20)]

    assert facts_of([case.pk for case in cases], now=NOW).values["days_past_due"].tolist() == [40, 10, 30, 20]


def test_one_statement_reads_many_cases():
    cases = [overdue_case(now=NOW).pk for _ in range(5)]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        facts_of(cases, now=NOW)

    assert len(queries) == 1


@pytest.mark.parametrize(
    ("zone", "days"), [("Asia/Shanghai", 45), ("America/New_York", 44), ("Pacific/Kiritimati", 45)]
)
def test_days_are_counted_on_the_branchs_calendar(zone, days):
    case = CaseFactory(
        customer=CustomerFactory(branch=BranchFactory(time_zone=zone)),
        opened_at=NOW,
        oldest_unpaid_due_on=TODAY - timedelta(days=45),
    )

    assert known_of(case)["days_past_due"] == days


def test_what_the_feed_told_of_the_customer():
    case = CaseFactory(
        customer=CustomerFactory(
            income_kind="SELF_EMPLOYED",
            monthly_income=Decimal("8000.00"),
            other_lenders_overdue=2,
            has_collateral=False,
            hardship="TEMPORARY",
        ),
        overdue_amount=Decimal("5000.01"),
        opened_at=NOW,
    )

    known = known_of(case)

    assert (known["income"], known["hardship"], known["collateral"]) == ("SELF_EMPLOYED", "TEMPORARY", "NO")
    assert known["other_lenders_overdue"] == 2
    assert known["overdue_of_income"] == 6251  # 62.500125 %, up to the next basis point


def test_a_debt_without_any_income_is_as_heavy_as_can_be():
    case = CaseFactory(customer=CustomerFactory(monthly_income=Decimal(0)), opened_at=NOW)

    assert known_of(case)["overdue_of_income"] == 1_000_000


def test_the_limit_used_is_of_all_accounts(bare, account):
    AccountFactory(
        customer=bare.customer,
        balance=Decimal("-500.00"),
        credit_limit=Decimal("15000.00"),
        overdue_amount=0,
        oldest_unpaid_due_on=None,
    )

    assert known_of(bare)["limit_used"] == 3000


def test_an_account_without_a_limit_tells_nothing_of_its_use(bare):
    AccountFactory(customer=bare.customer, credit_limit=0)

    assert known_of(bare)["limit_used"] is None


def test_the_last_six_months_count_and_no_more(bare, account):
    bill(account, date(2026, 4, 1), 1_000_000, 1_000_000, 5)
    for month in range(5, 11):
        bill(account, date(2026, month, 1), 1000, 333, months_late=1 if month > 7 else 0)

    known = known_of(bare)

    assert known["paid_of_billed"] == 3330
    assert known["late_months"] == 3


def test_a_month_late_on_two_accounts_is_one_late_month(bare, account):
    for one in (account, AccountFactory(customer=bare.customer)):
        bill(one, date(2026, 10, 1), 1000, 0, months_late=1)

    assert known_of(bare)["late_months"] == 1


def test_nothing_billed_tells_nothing_of_paying(bare, account):
    bill(account, date(2026, 10, 1), 0, 0)

    assert known_of(bare)["paid_of_billed"] is None


def test_paid_since_the_arrears_began(bare, account):
    due = datetime(2026, 10, 6, tzinfo=UTC)  # the unpaid due date: 45 days ago
    pay(account, 9_000, received_at=due - timedelta(hours=9))  # the evening before in Baotou
    pay(account, 1_000, received_at=due - timedelta(hours=8))  # midnight in Baotou
    pay(account, 700, received_at=due + timedelta(days=3), reversed_at=NOW)
    pay(account, 500, received_at=NOW + timedelta(seconds=1))

    assert known_of(bare)["paid_since_overdue"] == 1667  # 1,000 of the 5,000 left and the 1,000 paid


@pytest.mark.parametrize(("days", "told"), [(7, "TOO_EARLY"), (8, 0)])
def test_in_the_first_week_nobody_has_paid_too_little(days, told):
    assert known_of(overdue_case(now=NOW, days=days))["paid_since_overdue"] == told


@pytest.mark.parametrize(
    ("phone", "address", "told"),
    [(True, True, "PHONE_AND_ADDRESS"), (True, False, "ONE"), (False, True, "ONE"), (False, False, "NONE")],
)
def test_contact_data(bare, phone, address, told):
    if phone:
        PhoneFactory(customer=bare.customer)
    if address:
        AddressFactory(customer=bare.customer)

    assert known_of(bare)["contact_data"] == told


@pytest.mark.parametrize(("kept", "broken", "told"), [(0, 0, "NONE_MADE"), (3, 0, 0), (1, 1, 1), (0, 4, 4)])
def test_promises(bare, by, kept, broken, told):
    note_promises(bare.customer_id, kept=kept, broken=broken, by=by, now=NOW)

    assert known_of(bare)["broken_promises"] == told


@pytest.mark.parametrize(("days", "told"), [(0, 0), (14, 14), (60, 60), (61, "FEW_ATTEMPTS")])
def test_a_contact_counts_for_sixty_days(bare, by, days, told):
    note_contact(bare.customer_id, right_party=True, attitude=None, by=by, now=NOW - timedelta(days=days))

    assert known_of(bare)["days_since_contact"] == told


@pytest.mark.parametrize(("attempts", "told"), [(1, "FEW_ATTEMPTS"), (5, "FEW_ATTEMPTS"), (6, "UNREACHABLE")])
def test_six_attempts_in_vain(bare, by, attempts, told):
    for day in range(attempts):
        note_contact(
            bare.customer_id, right_party=False, attitude=None, by=by, now=NOW - timedelta(days=60 - day)
        )

    assert known_of(bare)["days_since_contact"] == told


def test_attempts_of_long_ago_do_not_make_anybody_unreachable(bare, by):
    for day in range(6):
        note_contact(
            bare.customer_id, right_party=False, attitude=None, by=by, now=NOW - timedelta(days=61 - day)
        )

    assert known_of(bare)["days_since_contact"] == "FEW_ATTEMPTS"


def test_reaching_the_customer_ends_the_attempts_in_vain(bare, by):
    for hour in range(6, 0, -1):
        note_contact(
            bare.customer_id, right_party=False, attitude=None, by=by, now=NOW - timedelta(hours=hour)
        )
    note_contact(bare.customer_id, right_party=True, attitude=Attitude.VAGUE, by=by, now=NOW)

    known = known_of(bare)
    assert (known["days_since_contact"], known["attitude"]) == (0, "VAGUE")


def test_the_worst_incident_of_the_last_two_years_counts(bare, by):
    for kind, days in ((IncidentKind.ASSAULT, 731), (IncidentKind.THREAT, 700), (IncidentKind.VERBAL, 1)):
        note_incident(bare.customer_id, kind=kind, by=by, now=NOW - timedelta(days=days))

    assert known_of(bare)["incident"] == "THREAT"
    assert known_of(bare, now=NOW - timedelta(days=2))["incident"] == "ASSAULT"
    assert known_of(bare, now=NOW + timedelta(days=60))["incident"] == "VERBAL"


def test_an_uneventful_contact_tells_that_there_was_no_incident(bare, by):
    note_promises(bare.customer_id, kept=1, broken=0, by=by, now=NOW)
    assert known_of(bare)["incident"] is None

    note_contact(bare.customer_id, right_party=False, attitude=None, by=by, now=NOW)
    assert known_of(bare)["incident"] == "NONE"


def test_what_was_seen_around_the_door(bare, by):
    note_surroundings(bare.customer_id, animal=Animal.LOOSE, people=People.CALM, by=by, now=NOW)
    note_surroundings(bare.customer_id, signal=Signal.WEAK, by=by, now=NOW)

    known = known_of(bare)
    assert (known["animal"], known["people_present"], known["phone_signal"]) == ("LOOSE", "CALM", "WEAK")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"last_verified_on": TODAY}, 0),
        ({"last_verified_on": TODAY - timedelta(days=183)}, 183),
        ({"last_verified_on": None}, "UNVERIFIED"),
        ({"last_verified_on": TODAY, "confidence": 29}, "CONTRADICTED"),
        ({"last_verified_on": TODAY, "confidence": 30}, 0),
    ],
)
def test_how_far_the_address_is_trusted(bare, facts, told):
    AddressFactory(customer=bare.customer, **facts)

    assert known_of(bare)["address_checked"] == told


def test_safety_is_that_of_the_home_when_there_is_one(bare):
    AddressFactory(customer=bare.customer, kind=AddressKind.WORK, area_risk="HIGH", access="ISOLATED")
    assert known_of(bare)["area_risk"] == "HIGH"

    AddressFactory(customer=bare.customer, kind=AddressKind.RESIDENCE, area_risk="LOW", access="EASY")
    known = known_of(bare)
    assert (known["area_risk"], known["access"]) == ("LOW", "EASY")


@pytest.mark.parametrize(
    ("place", "minutes"),
    [
        ({"latitude": Decimal("40.641700"), "longitude": Decimal("109.822400")}, 0),
        ({"latitude": Decimal("40.841700"), "longitude": Decimal("109.822400")}, 58),
        ({"latitude": Decimal("40.641700"), "longitude": Decimal("110.092400")}, 60),
        ({"latitude": Decimal("40.841700"), "longitude": Decimal("109.822400"), "datum": "GCJ02"}, None),
        ({"latitude": None, "longitude": None}, None),
    ],
)
def test_the_way_from_the_branch(bare, place, minutes):
    AddressFactory(customer=bare.customer, **place)

    assert known_of(bare)["travel"] == minutes
