"""The repayment months of an account as a small chart: what was billed, what was paid, how late."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from accounts.models import Account, RepaymentMonth
from config.desk.money import Money

SHOWN = 12
ENOUGH = Decimal("0.999")


@dataclass(frozen=True)
class Month:
    """One month; `billed` and `paid` are heights of 100. `paid_in_full` is whether the bill was met."""

    month: date
    billed: int
    paid: int
    paid_in_full: bool
    late: int
    told: str

    @property
    def billed_top(self) -> int:
        return 100 - self.billed

    @property
    def paid_top(self) -> int:
        return 100 - self.paid


@dataclass(frozen=True)
class AccountLine:
    account: Account
    overdue: Money
    balance: Money
    limit: Money
    months: tuple[Month, ...]


def account_lines(accounts: Sequence[Account]) -> tuple[AccountLine, ...]:
    """The accounts with the last twelve months of each, in one query."""
    months: dict[UUID, list[RepaymentMonth]] = defaultdict(list)
    for row in RepaymentMonth.objects.filter(account__in=accounts).order_by("month"):
        months[row.account_id].append(row)
    return tuple(_line(account, months[account.pk][-SHOWN:]) for account in accounts)


def _line(account: Account, rows: Sequence[RepaymentMonth]) -> AccountLine:
    most = max((max(row.billed, row.paid) for row in rows), default=Decimal(0)) or Decimal(1)
    return AccountLine(
        account=account,
        overdue=Money(account.overdue_amount, account.currency),
        balance=Money(account.balance, account.currency),
        limit=Money(account.credit_limit, account.currency),
        months=tuple(_month(row, most, account.currency) for row in rows),
    )


def _month(row: RepaymentMonth, most: Decimal, currency: str) -> Month:
    billed, paid = max(row.billed, Decimal(0)), max(row.paid, Decimal(0))
    return Month(
        month=row.month,
        billed=round(100 * billed / most),
        paid=round(100 * paid / most),
        paid_in_full=paid >= billed * ENOUGH,
        late=row.months_late,
        told=f"{row.month:%Y-%m}: {Money(row.paid, currency)} / {Money(row.billed, currency)}",
    )
