"""Asking the gate in tests: as on machines whose clocks agree."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from compliance import gate
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


def at(hour, minute=0, second=0, microsecond=0, day=23):
    return datetime(2026, 11, day, hour, minute, second, microsecond, tzinfo=SHANGHAI)


def set_database_clock(moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zoufang.now', %s, false)", [moment.isoformat()])


@contextmanager
def cleared(ask, *, by, now):
    set_database_clock(now)
    with gate.clearance(ask, by=by, now=now) as clearance:
        yield clearance


def sms(case, moment=NOON, purpose=Purpose.PAYMENT_REMINDER):
    return Ask(case.customer_id, Channel.SMS, purpose, moment, moment)


def call(case, moment=NOON, phone_id=None):
    return Ask(case.customer_id, Channel.CALL, Purpose.FOLLOW_UP_CALL, moment, moment, phone_id=phone_id)


def visit_plan(case, moment, *, staff=2):
    until = moment + timedelta(minutes=30)
    return Ask(case.customer_id, Channel.VISIT, Purpose.VISIT_PLAN, moment, until, staff=staff)


def make(ask, *, by, now, staff=0):
    """One contact, cleared and made."""
    with cleared(ask, by=by, now=now) as clearance:
        return gate.make_contact(clearance, staff=staff, by=by, now=now)


def refused(ask, *, by, now) -> Refusal:
    """The refusal of an ask that must be refused."""
    try:
        with cleared(ask, by=by, now=now):
            raise AssertionError("The gate let it pass.")
    except Refused as no:
        return no.refusal
