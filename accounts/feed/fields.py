"""How one field is read: text of the file in, the value that PostgreSQL takes out, or Wrong."""

import re
import zoneinfo
from collections.abc import Callable, Container
from datetime import date, datetime

import phonenumbers

from accounts.feed import reasons

Read = Callable[[str], str]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[ \u00a0\u3000]+")
_MONEY = re.compile(r"-?[0-9]{1,16}\.[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,5}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")
_DATE = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
NOWHERE = "{}"
_TIME_ZONES = frozenset(name for name in zoneinfo.available_timezones() if "/" in name)
_LONG_NUMBER = re.compile(r"(?<=[0-9]{2})[0-9]{5,}(?=[0-9]{2})")


class Wrong(Exception):
    """A field does not hold what it must. `reason` is one of `accounts.feed.reasons`."""

    def __init__(self, reason: str, *, field: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.value = value


def text(longest: int) -> Read:
    """Trimmed text of at most `longest` characters, without control characters."""

    def read(raw: str) -> str:
        value = _SPACES.sub(" ", raw).strip()
        if _CONTROL.search(value):
            raise Wrong(reasons.CONTROL_CHARACTERS)
        if len(value) > longest:
            raise Wrong(reasons.TOO_LONG)
        return value

    return read


def one_of(codes: Container[str]) -> Read:
    def read(raw: str) -> str:
        if raw not in codes:
            raise Wrong(reasons.NOT_A_CODE)
        return raw

    return read


def money(raw: str) -> str:
    """An amount with exactly two decimals, of either sign. No exponent, no NaN, no thousands separator."""
    if not _MONEY.fullmatch(raw):
        raise Wrong(reasons.NOT_MONEY)
    return raw


def money_not_negative(raw: str) -> str:
    if money(raw).startswith("-"):
        raise Wrong(reasons.NEGATIVE)
    return raw


def money_above_zero(raw: str) -> str:
    if money(raw).startswith("-") or not raw.strip("0."):
        raise Wrong(reasons.NOT_POSITIVE)
    return raw


def day(raw: str) -> str:
    if not _DATE.fullmatch(raw):
        raise Wrong(reasons.NOT_A_DATE)
    try:
        return date.fromisoformat(raw).isoformat()
    except ValueError as wrong:
        raise Wrong(reasons.NOT_A_DATE) from wrong


def month(raw: str) -> str:
    """The first day of a month written as 2026-11."""
    try:
        return day(f"{raw}-01")
    except Wrong as wrong:
        raise Wrong(reasons.NOT_A_MONTH) from wrong


def instant(raw: str) -> str:
    """A time with its offset from UTC."""
    if not _INSTANT.fullmatch(raw):
        raise Wrong(reasons.NOT_AN_INSTANT)
    try:
        return datetime.fromisoformat(raw).isoformat()
    except ValueError as wrong:
        raise Wrong(reasons.NOT_AN_INSTANT) from wrong


def count(greatest: int) -> Read:
    def read(raw: str) -> str:
        if not _COUNT.fullmatch(raw) or int(raw) > greatest:
            raise Wrong(reasons.NOT_A_COUNT)
        return raw

    return read


def degrees(greatest: int) -> Read:
    """Decimal degrees between -greatest and +greatest."""

    def read(raw: str) -> str:
        if not _DEGREES.fullmatch(raw) or abs(float(raw)) > greatest:
            raise Wrong(reasons.NOT_A_COORDINATE)
        return raw

    return read


def currency(raw: str) -> str:
    if not (len(raw) == 3 and raw.isascii() and raw.isalpha() and raw.isupper()):
        raise Wrong(reasons.NOT_A_CURRENCY)
    return raw


def country(raw: str) -> str:
    if raw not in phonenumbers.SUPPORTED_REGIONS:
        raise Wrong(reasons.NOT_A_COUNTRY)
    return raw


def yes_or_no(raw: str) -> str:
    return {"yes": "true", "no": "false"}[one_of(("yes", "no"))(raw)]


def time_zones(raw: str) -> str:
    """IANA names separated by semicolons, as a PostgreSQL array."""
    names = [name.strip() for name in raw.split(";")]
    if not _TIME_ZONES.issuperset(names):
        raise Wrong(reasons.UNKNOWN_TIME_ZONE)
    return as_array(dict.fromkeys(names))


def as_array(values: "dict[str, None] | list[str]") -> str:
    return "{" + ",".join(values) + "}"


def masked(value: str) -> str:
    """Any text that may be shown beside a reason: long runs of digits keep two at either end."""
    return _LONG_NUMBER.sub("****", _CONTROL.sub(" ", value))[:100]


def masked_text(value: str) -> str:
    """Text about a person: the first character and its length."""
    return value[:1] + "*" * min(len(value) - 1, 20)
