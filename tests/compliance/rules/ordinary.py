"""An ordinary customer on an ordinary Monday, by every channel; a test changes what it is about."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.calendar.days import Calendar, DayKind, LoadedYear, SpecialDay
from compliance.facts import Facts, PastContact, Restriction

SHANGHAI = ZoneInfo("Asia/Shanghai")
COUNTRIES = ("CN", "US", "GB", "AU", "IN", "TH", "KR", "JP")


def at(hour, minute=0, second=0, microsecond=0, *, day=23, month=11, zone="Asia/Shanghai"):
    """An instant of November 2026; the 23rd is a Monday."""
    return datetime(2026, month, day, hour, minute, second, microsecond, tzinfo=ZoneInfo(zone))


NOON = at(12)
MICROSECOND = timedelta(microseconds=1)
A_DAY = timedelta(days=1)


def calendar(*days, years=(2026, 2027)):
    """A calendar of all countries with just these (country, date, kind, spring festival core)."""
    return Calendar(
        date(2026, 1, 1),
        date(2027, 12, 31),
        tuple(LoadedYear(country, year, False) for country in COUNTRIES for year in years),
        tuple(
            SpecialDay(country, "", day, kind, core, "节日", "holiday") for country, day, kind, core in days
        ),
    )


def holiday(country, day, *, kind=DayKind.HOLIDAY, core=False):
    return country, day, kind, core


ORDINARY = calendar()

SMS = Facts(
    channel="SMS",
    purpose="PAYMENT_REMINDER",
    at=NOON,
    until=NOON,
    zones=("Asia/Shanghai",),
    owes=True,
    places=(("CN", ("NM", "1502")),),
    policies=("CN",),
    birth_date=date(1988, 1, 1),
    calendar=ORDINARY,
)
CALL = replace(SMS, channel="CALL", purpose="FOLLOW_UP_CALL", number="number-1")


def sms(moment, purpose="PAYMENT_REMINDER"):
    return PastContact("SMS", purpose, moment)


def call(moment, *, reached=None, number="number-1", channel="CALL"):
    return PastContact(channel, "FOLLOW_UP_CALL", moment, reached, number)


def visited(moment, *, reached=None):
    return PastContact("VISIT", "VISIT_START", moment, reached)


# Told in time, and gentler means came first: nothing to remark upon.
TRIED = (
    sms(at(10, day=12)),
    sms(at(10, day=15), "VISIT_NOTICE"),
    call(at(10, day=13), reached=False, number=""),
)
VISIT = replace(
    SMS,
    channel="VISIT",
    purpose="VISIT_START",
    staff=2,
    verified_until=NOON + 40 * A_DAY,
    safety_band="NORMAL",
    assessed_at=NOON - A_DAY,
    address="RESIDENCE",
    until=NOON + timedelta(minutes=30),
    contacts=TRIED,
)
PLAN = replace(VISIT, purpose="VISIT_PLAN")


def moved(facts, moment):
    return facts.moved_to(moment)


def abroad(facts, country, zone, *policies, parts=()):
    """The same customer in another country, at noon there."""
    there = replace(facts, zones=(zone,), places=((country, parts),), policies=policies)
    return there.moved_to(at(12, zone=zone))


def restricted(facts, kind, *, channels=(), starts_at=None, ends_at=None):
    one = Restriction(kind, channels, starts_at or at(0), ends_at)
    return replace(facts, restrictions=(*facts.restrictions, one))


def after(facts, *contacts):
    return replace(facts, contacts=(*facts.contacts, *contacts))
