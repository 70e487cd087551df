from decimal import Decimal

import pytest

from visits.planning.prize import prize

FACTS = {
    "overdue": Decimal("10000.00"),
    "currency": "CNY",
    "tier": "HIGH",
    "address_confidence": 80,
    "service_minutes": 30,
}


def test_it_is_what_a_visit_adds_less_the_time_it_takes():
    assert prize(**FACTS) == Decimal("435.00")  # 10,000 x 6% x 80% - half an hour at 90


@pytest.mark.parametrize(
    "better",
    [{"overdue": Decimal(20000)}, {"address_confidence": 90}, {"service_minutes": 20}],
)
def test_more_owed_surer_addresses_and_shorter_talks_are_worth_more(better):
    assert prize(**FACTS | better) > prize(**FACTS)


def test_urgent_cases_come_first():
    by_tier = [prize(**FACTS | {"tier": tier}) for tier in ("HIGH", "MEDIUM", "LOW")]

    assert by_tier == sorted(by_tier, reverse=True)


def test_a_small_debt_is_not_worth_a_visit():
    assert prize(**FACTS | {"overdue": Decimal(500)}) < 0


def test_it_is_told_to_the_cent():
    assert prize(**FACTS | {"overdue": Decimal("1234.56")}).as_tuple().exponent == -2
