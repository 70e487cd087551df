"""Checks of what belongs to a person: identity number, telephone numbers, the clock they live by."""

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import exceptions, numdb
from stdnum.cn import ric
from stdnum.us import ssn

from accounts.feed import reasons
from accounts.feed.fields import Wrong

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
SHANGHAI = ["Asia/Shanghai"]
XINJIANG = ["Asia/Shanghai", "Asia/Urumqi"]
NOT_MAINLAND = ("71", "81", "82")

# States that lie in one zone as a whole; the others are unknown, and unknown is closed.
_STATES = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA WA",
    "Pacific/Honolulu": "HI",
}
ZONE_OF_STATE = {state: [zone] for zone, states in _STATES.items() for state in states.split()}

_SEPARATORS = re.compile(r"[\s().\-]+")


@dataclass(frozen=True)
class Number:
    """A telephone number in E.164."""

    e164: str
    country: str
    is_mobile: bool


def normal_identity_number(country: str, raw: str) -> str:
    """The one form in which the same number is always sealed and indexed."""
    return str(ssn.compact(raw) if country == "US" else ric.compact(raw))


def check_identity_number(country: str, number: str, birth_date: date | None) -> date | None:
    """Check the normal form of a number; the date of birth it tells, else the one given. Raises Wrong."""
    try:
        if country == "US":
            ssn.validate(number)
            return birth_date
        if country != "CN":
            raise Wrong(reasons.IDENTITY_NOT_CHECKABLE)
        told = _check_chinese(number)
    except exceptions.InvalidChecksum as wrong:
        raise Wrong(reasons.IDENTITY_CHECKSUM) from wrong
    except exceptions.InvalidComponent as wrong:
        raise Wrong(reasons.IDENTITY_PARTS) from wrong
    except exceptions.ValidationError as wrong:
        raise Wrong(reasons.IDENTITY_LENGTH) from wrong
    if birth_date and birth_date != told:
        raise Wrong(reasons.IDENTITY_BIRTH_DATE)
    return told


def _check_chinese(number: str) -> date:
    """Length, check digit, day of birth, and a county that ever had this code.

    `ric.validate` also wants the code to be as old as its holder. But numbers were given out from 1984 on, with
    the codes of that day, to everybody then alive: it would refuse most people born before 1983.
    """
    try:
        ric.validate(number)
    except exceptions.InvalidComponent:
        counties = [properties for _, properties in numdb.get("cn/loc").info(number[:6])]
        if not any("county" in properties for properties in counties):
            raise
    return ric.get_birth_date(number)


def guess_e164(country: str, raw: str) -> str:
    """What `raw` most likely is in E.164, without checking: for finding numbers that are known already."""
    digits = _SEPARATORS.sub("", raw)
    if digits.startswith("+"):
        return digits
    return {"CN": "+86", "US": "+1"}.get(country, "") + digits


def check_phone(country: str, raw: str) -> Number:
    """A valid number, read as dialled inside `country` unless it starts with a plus. Raises Wrong."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException as wrong:
        raise Wrong(reasons.PHONE_NOT_VALID) from wrong
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Wrong(reasons.PHONE_NOT_VALID)
    return Number(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        country=phonenumbers.region_code_for_number(number) or country,
        is_mobile=phonenumbers.number_type(number) in MOBILE,
    )


def zones_of(*, country: str, province: str, district_code: str) -> list[str]:
    """Every zone the customer may be in; empty when that is not known, and then no contact is lawful.

    Xinjiang lives by two clocks, and so may a mainland customer of whom no place is known.
    """
    if country == "CN":
        if district_code.startswith(NOT_MAINLAND):
            return []
        elsewhere = bool(province or district_code)
        in_xinjiang = district_code.startswith("65") or province.startswith("新疆")
        return XINJIANG if in_xinjiang or not elsewhere else SHANGHAI
    if country == "US":
        return ZONE_OF_STATE.get(province.upper(), [])
    return []
