"""What a visit is expected to be worth. Judgement, not measurement: no bank's own figures were to be had.

    worth = overdue amount x share a visit brings in that would not have come otherwise
                           x chance that the address is right
          - two people's time at the door

The shares by tier say only this: visits pay most where nothing else works. They are to be replaced by the
differences that a randomised holdout shows (incremental recovery per visit).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

UPLIFT = {"HIGH": Decimal("0.06"), "MEDIUM": Decimal("0.04"), "LOW": Decimal("0.015")}
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Costs:
    """In units of a currency: two people for an hour at the door or on the way to it, and a kilometre driven."""

    hour: Decimal
    kilometre: Decimal


COSTS = {
    "CNY": Costs(hour=Decimal(90), kilometre=Decimal(2)),
    "USD": Costs(hour=Decimal(60), kilometre=Decimal("0.70")),
}


def costs_in(currency: str) -> Costs:
    return COSTS.get(currency, COSTS["CNY"])


def prize(
    *, overdue: Decimal, currency: str, tier: str, address_confidence: int, service_minutes: int
) -> Decimal:
    """Expected benefit in the case's currency, to the cent; zero or less means: not worth a visit.

    `address_confidence` is a percentage.
    """
    found = Decimal(address_confidence) / 100
    time = costs_in(currency).hour * service_minutes / 60
    return (overdue * UPLIFT[tier] * found - time).quantize(CENT, ROUND_HALF_EVEN)
