from decimal import Decimal

import pytest
from django.utils import translation

from config.desk.money import Money


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("0", "¥0", "¥0"),
        ("999.50", "¥1,000", "¥1,000"),
        ("1000", "¥1,000", "¥1.00k"),
        ("9999", "¥9,999", "¥10.00k"),
        ("12345.60", "¥1.23 万", "¥12.3k"),
        ("123456", "¥12.3 万", "¥123k"),
        ("36390000", "¥3,639 万", "¥36.4m"),
        ("123456789", "¥1.23 亿", "¥123m"),
        ("5000000000", "¥50.0 亿", "¥5.00bn"),
    ],
)
def test_amounts_to_compare_are_rounded_as_the_reader_counts(amount, chinese, english):
    money = Money(Decimal(amount), "CNY")

    with translation.override("zh-hans"):
        assert money.rounded == chinese
    with translation.override("en"):
        assert money.rounded == english


def test_exact_amounts_keep_their_cents():
    assert Money(Decimal("12345.6"), "CNY").exact == "¥12,345.60"
    assert str(Money(Decimal("7"), "USD")) == "$7.00"
    assert str(Money(Decimal("7"), "CHF")) == "CHF 7.00"
