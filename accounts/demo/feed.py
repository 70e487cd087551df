"""`make_demo_feed`: the demonstration portfolio as a bank would deliver it."""

import csv
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from accounts.demo.debts import (
    Debt,
    first_of_month,
    oldest_unpaid_due_on,
    read_debts,
    received_at,
)
from accounts.demo.people import Debtor, invent_customer
from accounts.feed.format import FILES

if TYPE_CHECKING:
    from _csv import Writer

Report = Callable[[str, int, int], None]

OVERSEAS = 600
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
REPORT_EVERY = 1_000


def make_demo_feed(directory: Path, *, as_of: date, seed: int, report: Report) -> None:
    """Write the four files for `as_of` into `directory`. The same seed and day give the same bytes.

    The files of one day may be imported again for later days: the debts then grow older, as real ones do.
    """
    directory.mkdir(parents=True, exist_ok=True)
    debts = list(read_debts())
    overseas = sorted(Random(f"{seed} overseas").sample(range(len(debts)), OVERSEAS))  # noqa: S311
    position_overseas = {place: position for position, place in enumerate(overseas)}
    with ExitStack() as stack:
        writers = {name: _open(stack, directory / name) for name in FILES}
        for place, debt in enumerate(debts):
            for name, row in _rows(debt, as_of, seed, position_overseas.get(place)):
                writers[name].writerow(row.get(column, "") for column in FILES[name].by_name)
            if place % REPORT_EVERY == 0:
                report("make_demo_feed", place, len(debts))
    report("make_demo_feed", len(debts), len(debts))


def _open(stack: ExitStack, path: Path) -> "Writer":
    writer = csv.writer(
        stack.enter_context(path.open("w", encoding="utf-8", newline="")), lineterminator="\n"
    )
    writer.writerow(FILES[path.name].by_name)
    return writer


def _rows(debt: Debt, as_of: date, seed: int, overseas: int | None) -> Iterable[tuple[str, dict[str, str]]]:
    """All rows of one customer. Each customer has a dice of its own, so that none depends on another."""
    debtor = Debtor(debt.number, debt.credit_limit, overseas)
    customer = invent_customer(Random(f"{seed} person {debt.number}"), debtor)  # noqa: S311
    yield "customers.csv", customer
    account = f"{customer['branch_code']}-6225{debt.number:08}"
    yield "accounts.csv", _account(debt, as_of, seed, customer, account)
    for month in debt.months:
        first = first_of_month(as_of, ago=month.ago)
        yield (
            "repayment_months.csv",
            {
                "account_reference": account,
                "month": f"{first:%Y-%m}",
                "billed": _money(month.billed),
                "paid": _money(month.paid),
                "months_late": str(month.months_late),
            },
        )
    yield from _payments(debt, as_of, seed, debtor.country, account)


def _account(debt: Debt, as_of: date, seed: int, customer: dict[str, str], account: str) -> dict[str, str]:
    dice = Random(f"{seed} account {debt.number}")  # noqa: S311
    due_on = oldest_unpaid_due_on(dice, as_of, debt.months_late) if debt.overdue_amount else ""
    chinese = customer["country"] == "CN"
    return {
        "account_reference": account,
        "customer_number": customer["customer_number"],
        "product": "信用卡" if chinese else "Credit card",
        "currency": "CNY" if chinese else "USD",
        "credit_limit": _money(debt.credit_limit),
        "balance": _money(debt.balance),
        "overdue_amount": _money(debt.overdue_amount),
        "oldest_unpaid_due_on": str(due_on),
    }


def _payments(
    debt: Debt, as_of: date, seed: int, country: str, account: str
) -> Iterable[tuple[str, dict[str, str]]]:
    zone = SHANGHAI if country == "CN" else NEW_YORK
    dice = Random(f"{seed} payments {debt.number}")  # noqa: S311
    for month in debt.months:
        at = received_at(dice, as_of, month, zone)
        if month.paid > 0:
            row = {
                "payment_reference": f"P{debt.number:08}-{at:%Y%m}",
                "account_reference": account,
                "amount": _money(month.paid),
                "received_at": at.isoformat(timespec="seconds"),
            }
            yield "payments.csv", row


def _money(amount: int) -> str:
    return f"{amount}.00"
