"""Amounts as people read them: exact where it counts, rounded to 万 or thousands where one compares."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}

CHINESE_STEPS = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
ENGLISH_STEPS = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str

    @property
    def sign(self) -> str:
        return SIGNS.get(self.currency, f"{self.currency} ")

    @property
    def exact(self) -> str:
        """¥12,345.60"""
        return f"{self.sign}{self.amount:,.2f}"

    @property
    def rounded(self) -> str:
        """¥1.23 万 in Chinese, ¥12.3k in English; three figures are enough to compare."""
        for step, name in _steps():
            if self.amount >= step:
                return f"{self.sign}{_three_figures(self.amount / step)}{name}"
        return f"{self.sign}{self.amount:,.0f}"

    def __str__(self) -> str:
        return self.exact


def _steps() -> tuple[tuple[Decimal, str], ...]:
    chinese = (get_language() or "").startswith("zh")
    return tuple((step, f" {name}") for step, name in CHINESE_STEPS) if chinese else ENGLISH_STEPS


def _three_figures(amount: Decimal) -> str:
    places = 2 if amount < 10 else 1 if amount < 100 else 0
    return f"{amount:,.{places}f}"
