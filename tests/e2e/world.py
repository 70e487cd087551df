"""Branches on the real clock and feeds of a few customers, for the tests with real processes.

The clock is never touched. Where it has to be day or night somewhere, a place is found where it is.
"""

import csv
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zlib import crc32
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from stdnum.cn import ric

from accounts.feed.format import FILES
from accounts.models import Branch, User
from accounts.models.staff import Datum, Role
from accounts.roles import make_role_groups, put_into_role_groups
from visits.models import Shift

AROUND_THE_GLOBE = (
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Guatemala",
    "America/Lima",
    "America/Santo_Domingo",
    "America/Sao_Paulo",
    "America/Noronha",
    "Atlantic/Cape_Verde",
    "Africa/Accra",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Pacific/Noumea",
    "Pacific/Fiji",
)
NOON = time(12)
LATE_EVENING = time(22, 20)


def local_now(zone):
    return datetime.now(UTC).astimezone(ZoneInfo(zone))


def zone_where_it_is(wanted):
    """The zone whose clock is nearest to `wanted`: within half an hour, at any moment."""

    def distance(zone):
        now = local_now(zone)
        return abs(datetime.combine(now.date(), now.time()) - datetime.combine(now.date(), wanted))

    return min(AROUND_THE_GLOBE, key=distance)


# Staff


@dataclass
class Office:
    """A branch with its people and their passwords."""

    branch: Branch
    zone: str
    log_ins: list = field(default_factory=list)

    @property
    def supervisor(self):
        return User.objects.get(branch=self.branch, role=Role.SUPERVISOR)

    @property
    def today(self):
        return local_now(self.zone).date()


def open_office(code, *, zone, teams=1):
    """A branch with a supervisor and agents on shift all day, two for each team."""
    branch = Branch.objects.create(
        code=code,
        name=f"{code}分行",
        city="包头市",
        time_zone=zone,
        latitude=Decimal("40.6508"),
        longitude=Decimal("109.8403"),
        datum=Datum.WGS84,
        hotline="0472-5100100",
    )
    office = Office(branch, zone)
    hire(office, "supervisor", Role.SUPERVISOR)
    for number in range(2 * teams):
        agent = hire(office, f"agent{number + 1}", Role.FIELD_AGENT)
        day = {name: datetime.combine(office.today, at, ZoneInfo(zone)) for name, at in SHIFT.items()}
        Shift.objects.create(user=agent, date=office.today, **day)
    return office


SHIFT = {"starts_at": time(8), "ends_at": time(20, 45)}


def hire(office, name, role):
    password = secrets.token_urlsafe(12)
    user = User.objects.create(
        username=f"{office.branch.code}-{name}".lower(),
        last_name="王",
        first_name=name,
        role=role,
        branch=office.branch,
        is_staff=role == Role.SUPERVISOR,
        password=make_password(password),
    )
    make_role_groups()
    put_into_role_groups([user])
    office.log_ins.append(
        {"role": role, "branch": office.branch.code, "username": user.username, "password": password}
    )
    return user


# The bank's feed

# What the default score card makes of a customer: a visit (high risk), a reminder (medium).
TO_BE_VISITED = {"income_kind": "SELF_EMPLOYED", "months_late": 6, "days_late": 150}
TO_BE_REMINDED = {"income_kind": "SALARY", "months_late": 3, "days_late": 75}


@dataclass
class Feed:
    """The bank's files of one day, row by row. `customer` numbers are unique over the whole database."""

    office: Office
    rows: dict = field(default_factory=lambda: {name: [] for name in FILES})

    def customer(self, number, *, overdue, facts):
        """A debtor of the office with one account; returns the bank's number of both."""
        name = f"{self.office.branch.code}{number:05}"
        # Nobody is a customer of two offices: contacts are counted by person.
        born = date(1980, 1, 1) + timedelta(days=crc32(self.office.branch.code.encode()) % 7000)
        identity = f"150203{born:%Y%m%d}{number % 1000:03}"
        self.rows["customers.csv"].append(
            {
                "customer_number": name,
                "branch_code": self.office.branch.code,
                "name": "李明",
                "country": "CN",
                "identity_number": identity + ric.calc_check_digit(identity + "0"),
                "mobile_phone": f"139{number % 10_000:04}{sum(self.office.branch.code.encode()) * 7 % 10_000:04}",
                "province": "内蒙古自治区",
                "city": "包头市",
                "district": "昆都仑区",
                "district_code": "150203",
                "street": "钢铁大街",
                "house_number": f"{number}号",
                "latitude": f"{40.64 + number % 40 / 2000:.6f}",
                "longitude": f"{109.83 + number % 37 / 2000:.6f}",
                "datum": "WGS84",
                "time_zones": self.office.zone,
                "income_kind": facts["income_kind"],
                "other_lenders_overdue": "1",
            }
        )
        self.account(name, overdue=overdue, days_late=facts["days_late"])
        for ago in range(1, 7):
            self.month(name, ago, months_late=max(facts["months_late"] - ago + 1, 0))
        return name

    def account(self, customer, *, overdue, days_late=0):
        due_on = self.office.today - timedelta(days=days_late) if Decimal(overdue) else ""
        self.rows["accounts.csv"].append(
            {
                "account_reference": f"A-{customer}",
                "customer_number": customer,
                "product": "信用卡",
                "currency": "CNY",
                "credit_limit": "20000.00",
                "balance": "18000.00",
                "overdue_amount": overdue,
                "oldest_unpaid_due_on": str(due_on),
            }
        )

    def month(self, customer, ago, *, months_late):
        first = self.office.today.replace(day=1)
        for _ in range(ago):
            first = (first - timedelta(days=1)).replace(day=1)
        self.rows["repayment_months.csv"].append(
            {
                "account_reference": f"A-{customer}",
                "month": f"{first:%Y-%m}",
                "billed": "3000.00",
                "paid": "0.00" if months_late else "3000.00",
                "months_late": str(months_late),
            }
        )

    def payment(self, customer, amount, *, received_at):
        self.rows["payments.csv"].append(
            {
                "payment_reference": f"P-{customer}",
                "account_reference": f"A-{customer}",
                "amount": amount,
                "received_at": received_at.astimezone(ZoneInfo(self.office.zone)).isoformat(
                    timespec="seconds"
                ),
            }
        )

    def deliver(self, directory, *, as_of: date, source: str):
        """Write the files and have them imported as the bank's night job would."""
        directory.mkdir(parents=True)
        for name, rows in self.rows.items():
            if rows:
                with (directory / name).open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, FILES[name].by_name, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
        call_command("import_feed", directory, "--as-of", as_of.isoformat(), "--source", source)
