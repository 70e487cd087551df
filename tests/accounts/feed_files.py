"""Feed files for tests: rows that are right unless a test says otherwise, and a way to deliver them."""

import csv
from datetime import UTC, date, datetime, time

from accounts.feed import import_feed
from accounts.feed.format import FILES
from accounts.models import User

AS_OF = date(2026, 11, 20)


def customer_row(number="C1", **fields):
    return {
        "customer_number": number,
        "branch_code": "BT",
        "name": "李明",
        "country": "CN",
        "identity_number": "150203198801012343",
        "mobile_phone": "139 0000 1234",
        "province": "内蒙古自治区",
        "city": "包头市",
        "district": "昆都仑区",
        "district_code": "150203",
        "street": "钢铁大街",
        "house_number": "27号",
        "latitude": "40.641700",
        "longitude": "109.822400",
        "datum": "WGS84",
        **fields,
    }


def account_row(reference="A1", number="C1", overdue="500.00", due_on="2026-10-05", **fields):
    return {
        "account_reference": reference,
        "customer_number": number,
        "product": "信用卡",
        "currency": "CNY",
        "credit_limit": "20000.00",
        "balance": "8000.00",
        "overdue_amount": overdue,
        "oldest_unpaid_due_on": due_on if overdue != "0.00" else "",
        **fields,
    }


def month_row(reference="A1", month="2026-10", **fields):
    return {
        "account_reference": reference,
        "month": month,
        "billed": "8000.00",
        "paid": "0.00",
        "months_late": "1",
        **fields,
    }


def payment_row(payment="P1", reference="A1", **fields):
    return {
        "payment_reference": payment,
        "account_reference": reference,
        "amount": "300.00",
        "received_at": "2026-11-19T10:30:00+08:00",
        **fields,
    }


def write_feed(directory, *, customers=None, accounts=None, months=None, payments=None):
    """Write the files of which rows are given; an empty list gives a file with a header only."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(FILES, (customers, accounts, months, payments), strict=True):
        if rows is not None:
            with (directory / name).open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, FILES[name].by_name, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    return directory


def deliver(directory, *, as_of=AS_OF, source="core", now=None, report=lambda *_: None):
    """Import what lies in `directory`, at noon in Shanghai of the as-of day unless `now` is given."""
    return import_feed(
        directory,
        source=source,
        as_of=as_of,
        by=User.objects.system(),
        now=now or datetime.combine(as_of, time(4), tzinfo=UTC),
        report=report,
    )
