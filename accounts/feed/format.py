"""The four files and their columns. `docs/feed.md` says the same in words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from accounts import vault
from accounts.feed import fields, reasons
from accounts.feed.fields import Read, Wrong
from accounts.models.customers import Access, AreaRisk, Hardship, IncomeKind
from accounts.models.staff import Datum

Values = dict[str, str | None]


@dataclass(frozen=True)
class Column:
    """One column.

    `key`: the row is nothing without it. `lenient`: a wrong value is left out and the row taken, with `instead`
    in its place. `mask`: what may be shown of a rejected value.
    """

    name: str
    read: Read
    key: bool = False
    lenient: bool = False
    mask: Callable[[str], str] = fields.masked
    instead: str | None = None


@dataclass(frozen=True)
class FileFormat:
    """One file: its columns and what must hold between the fields of a row.

    `check` raises Wrong with the field's name. `keys` name a row apart from all others.
    """

    name: str
    table: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    check: Callable[[Values, date], None]
    by_name: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def _key(name: str, read: Read, mask: Callable[[str], str] = fields.masked) -> Column:
    return Column(name, read, key=True, mask=mask)


def _fact(
    name: str, read: Read, mask: Callable[[str], str] = fields.masked, instead: str | None = None
) -> Column:
    return Column(name, read, lenient=True, mask=mask, instead=instead)


def _nothing_between_fields(values: Values, as_of: date) -> None:
    """The fields of this file do not depend on each other."""


def _check_account(values: Values, as_of: date) -> None:
    due_on = values["oldest_unpaid_due_on"]
    is_overdue = bool((values["overdue_amount"] or "").strip("0."))
    if is_overdue and due_on is None:
        raise Wrong(reasons.OVERDUE_WITHOUT_DATE, field="oldest_unpaid_due_on")
    if due_on is not None and not is_overdue:
        raise Wrong(reasons.DATE_WITHOUT_OVERDUE, field="oldest_unpaid_due_on", value=due_on)
    if due_on is not None and due_on > as_of.isoformat():
        raise Wrong(reasons.LATER_THAN_THE_FEED, field="oldest_unpaid_due_on", value=due_on)


def _check_month(values: Values, as_of: date) -> None:
    if str(values["month"]) > as_of.isoformat():
        raise Wrong(reasons.LATER_THAN_THE_FEED, field="month", value=str(values["month"]))


def _check_payment(values: Values, as_of: date) -> None:
    """Days are those written in the file, by the offset they were written with."""
    received, reversal = str(values["received_at"]), values["reversed_at"]
    if received[:10] > as_of.isoformat():
        raise Wrong(reasons.LATER_THAN_THE_FEED, field="received_at", value=received)
    if reversal is not None and reversal[:10] > as_of.isoformat():
        raise Wrong(reasons.LATER_THAN_THE_FEED, field="reversed_at", value=reversal)


CUSTOMERS = FileFormat(
    name="customers.csv",
    table="staged_customer",
    keys=("customer_number",),
    columns=(
        _key("customer_number", fields.text(40)),
        _key("branch_code", fields.text(20)),
        _key("name", fields.text(100), mask=vault.masked_name),
        _key("country", fields.country),
        _fact("identity_number", fields.text(40), mask=vault.masked_identity_number),
        _fact("birth_date", fields.day, mask=fields.masked_text),
        _fact("language", fields.one_of(("zh-hans", "en"))),
        _fact("mobile_phone", fields.text(40), mask=vault.masked_phone),
        _fact("home_phone", fields.text(40), mask=vault.masked_phone),
        _fact("work_phone", fields.text(40), mask=vault.masked_phone),
        _fact("province", fields.text(60)),
        _fact("city", fields.text(60)),
        _fact("district", fields.text(60)),
        _fact("district_code", fields.text(12)),
        _fact("street", fields.text(200), mask=fields.masked_text),
        _fact("house_number", fields.text(60), mask=fields.masked_text),
        _fact("latitude", fields.degrees(90), mask=fields.masked_text),
        _fact("longitude", fields.degrees(180), mask=fields.masked_text),
        _fact("datum", fields.one_of(Datum.values)),
        _fact("area_risk", fields.one_of(AreaRisk.values)),
        _fact("access", fields.one_of(Access.values)),
        _fact("time_zones", fields.time_zones, instead=fields.NOWHERE),
        _fact("income_kind", fields.one_of(IncomeKind.values)),
        _fact("monthly_income", fields.money_not_negative),
        _fact("other_lenders_overdue", fields.count(999)),
        _fact("has_collateral", fields.yes_or_no),
        _fact("hardship", fields.one_of(Hardship.values)),
    ),
    check=_nothing_between_fields,
)

ACCOUNTS = FileFormat(
    name="accounts.csv",
    table="staged_account",
    keys=("account_reference",),
    columns=(
        _key("account_reference", fields.text(40)),
        _key("customer_number", fields.text(40)),
        _key("product", fields.text(40)),
        _key("currency", fields.currency),
        _key("credit_limit", fields.money_not_negative),
        _key("balance", fields.money),
        _key("overdue_amount", fields.money_not_negative),
        Column("oldest_unpaid_due_on", fields.day),
    ),
    check=_check_account,
)

REPAYMENT_MONTHS = FileFormat(
    name="repayment_months.csv",
    table="staged_month",
    keys=("account_reference", "month"),
    columns=(
        _key("account_reference", fields.text(40)),
        _key("month", fields.month),
        _key("billed", fields.money),
        _key("paid", fields.money_not_negative),
        _key("months_late", fields.count(999)),
    ),
    check=_check_month,
)

PAYMENTS = FileFormat(
    name="payments.csv",
    table="staged_payment",
    keys=("payment_reference",),
    columns=(
        _key("payment_reference", fields.text(60)),
        _key("account_reference", fields.text(40)),
        _key("amount", fields.money_above_zero),
        _key("received_at", fields.instant),
        Column("reversed_at", fields.instant),
    ),
    check=_check_payment,
)

FILES = {file.name: file for file in (CUSTOMERS, ACCOUNTS, REPAYMENT_MONTHS, PAYMENTS)}
