"""The people of the demonstration: two branches and everyone who works there."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Branch, User
from accounts.models.staff import Datum, Role
from accounts.roles import make_role_groups, put_into_role_groups, uses_admin

BRANCHES = (
    {
        "code": "BT",
        "name": "包头分行",
        "city": "包头市",
        "country": "CN",
        "time_zone": "Asia/Shanghai",
        "latitude": "40.650800",
        "longitude": "109.840300",
        "datum": Datum.WGS84,
        "hotline": "0472-5100100",
    },
    {
        "code": "NY",
        "name": "纽约分行",
        "city": "New York",
        "country": "US",
        "time_zone": "America/New_York",
        "latitude": "40.715100",
        "longitude": "-73.997300",
        "datum": Datum.WGS84,
        "hotline": "+1 212-555-0199",
    },
)

AGENTS_BT = ("王建军", "李晓梅", "张志强", "刘芳", "陈永刚", "杨丽娜", "赵文博", "黄秀英", "周海涛")
AGENTS_NY = ("林美华", "吴家豪", "郑雅婷")
SAFE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class LogIn(TypedDict):
    role: str
    username: str
    password: str
    branch: str


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: Role
    branch: str = ""


def _people() -> Iterator[Person]:
    for number, name in enumerate(AGENTS_BT, start=1):
        yield Person(f"bt-agent{number}", name, Role.FIELD_AGENT, "BT")
    for number, name in enumerate(AGENTS_NY, start=1):
        yield Person(f"ny-agent{number}", name, Role.FIELD_AGENT, "NY")
    yield Person("bt-security1", "马国强", Role.SECURITY_OFFICER, "BT")
    yield Person("bt-security2", "孙铁柱", Role.SECURITY_OFFICER, "BT")
    yield Person("ny-security1", "何伟明", Role.SECURITY_OFFICER, "NY")
    yield Person("bt-supervisor1", "高敏", Role.SUPERVISOR, "BT")
    yield Person("bt-supervisor2", "徐立新", Role.SUPERVISOR, "BT")
    yield Person("ny-supervisor1", "梁慧珍", Role.SUPERVISOR, "NY")
    yield Person("compliance", "宋清", Role.COMPLIANCE_OFFICER)
    yield Person("auditor", "唐正", Role.AUDITOR)
    yield Person("admin", "罗管", Role.ADMINISTRATOR)


PEOPLE = tuple(_people())


@transaction.atomic
def create_demo_staff(*, now: datetime, new_passwords: bool = False) -> list[LogIn]:
    """Create branches, staff and role groups where they do not exist yet.

    Returns the log-ins of those whose password was set: everyone new, with `new_passwords` everyone.
    """
    Branch.objects.bulk_create([Branch(**branch) for branch in BRANCHES], ignore_conflicts=True)
    branches = Branch.objects.in_bulk(["BT", "NY"], field_name="code")
    known = User.objects.in_bulk([person.username for person in PEOPLE], field_name="username")
    passwords = {
        person.username: "".join(secrets.choice(SAFE_LETTERS) for _ in range(12))
        for person in PEOPLE
        if new_passwords or person.username not in known
    }
    User.objects.bulk_create(
        [
            _user(person, number, branches.get(person.branch), passwords[person.username], now)
            for number, person in enumerate(PEOPLE, start=1)
            if person.username in passwords
        ],
        update_conflicts=True,
        unique_fields=["username"],
        update_fields=["password"],
    )
    make_role_groups()
    put_into_role_groups(list(User.objects.filter(username__in=[person.username for person in PEOPLE])))
    return [
        LogIn(
            role=person.role.value,
            username=person.username,
            password=passwords[person.username],
            branch=person.branch,
        )
        for person in PEOPLE
        if person.username in passwords
    ]


def _user(person: Person, number: int, branch: Branch | None, password: str, now: datetime) -> User:
    return User(
        username=person.username,
        last_name=person.name[0],
        first_name=person.name[1:],
        role=person.role,
        branch=branch,
        employee_number=f"E{number:04}",
        is_staff=uses_admin(person.role),
        is_superuser=person.role == Role.ADMINISTRATOR,
        password=make_password(password),
        date_joined=now,
    )
