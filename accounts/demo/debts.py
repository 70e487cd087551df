"""The real arrears behind the demonstration, put into today's calendar and the feed's columns.

All 21,011 rows of the file are used: every one holds whole, finite figures, no customer number stands twice, and no two
rows are the same. New Taiwan dollars are taken as yuan or dollars, figure for figure.

A customer counts as overdue when the newest month is one or more months late (`PAY_0` >= 1) and something is billed.
1,173 rows say "late" and bill nothing; nothing can be overdue there. What is overdue is not in the data: it is taken as a
tenth of the bill for each late month (what a card bill asks for at least), never less than 100 nor more than the bill.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

DATA = Path(__file__).with_name("uci_credit_card_clients.csv.gz")
STATUS = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")
DUE_DAYS = (5, 8, 10, 12, 15, 18, 20, 25)
LEAST_DUE = 100


@dataclass(frozen=True)
class Month:
    """`ago` 1 is the last full month before the feed's day."""

    ago: int
    billed: int
    paid: int
    months_late: int


@dataclass(frozen=True)
class Debt:
    """One customer of the data set: whole currency units, newest month first."""

    number: int
    credit_limit: int
    months: tuple[Month, ...]

    @property
    def balance(self) -> int:
        return self.months[0].billed

    @property
    def months_late(self) -> int:
        return self.months[0].months_late if self.balance > 0 else 0

    @property
    def overdue_amount(self) -> int:
        late = self.months[: self.months_late]
        tenths = sum(max(month.billed, 0) for month in late) // 10
        return min(max(tenths, LEAST_DUE), self.balance) if late else 0


def read_debts() -> Iterator[Debt]:
    with gzip.open(DATA, "rt", encoding="ascii") as lines:
        for row in csv.DictReader(lines):
            months = tuple(
                Month(
                    ago=n,
                    billed=_whole(row[f"BILL_AMT{n}"]),
                    paid=_whole(row[f"PAY_AMT{n}"]),
                    months_late=max(_whole(row[status]), 0),
                )
                for n, status in enumerate(STATUS, start=1)
            )
            yield Debt(number=_whole(row["ID"]), credit_limit=_whole(row["LIMIT_BAL"]), months=months)


def _whole(figure: str) -> int:
    return int(float(figure))  # some figures are written as 5e+05


def first_of_month(as_of: date, *, ago: int) -> date:
    month = as_of.year * 12 + as_of.month - 1 - ago
    return date(month // 12, month % 12 + 1, 1)


def oldest_unpaid_due_on(draw: Random, as_of: date, months_late: int) -> date:
    """k months late: the due day passed k times since, the last time before `as_of`."""
    day = draw.choice(DUE_DAYS)
    passed = 0 if as_of.day > day else 1
    return first_of_month(as_of, ago=passed + months_late - 1).replace(day=day)


def received_at(draw: Random, as_of: date, month: Month, zone: ZoneInfo) -> datetime:
    """Some office hour of the month in which it was paid."""
    day = first_of_month(as_of, ago=month.ago) + timedelta(days=draw.randrange(28))
    return datetime.combine(day, time(draw.randrange(9, 20), draw.randrange(60)), tzinfo=zone)
