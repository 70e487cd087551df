"""`manage.py may_contact`: the same answer as the gate, for people and for programs; nothing is written."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from compliance.models import Clearance, Refusal
from tests.accounts.factories import overdue_case
from tests.compliance.asking import NOON, at
from tests.visits.factories import assess


@pytest.fixture
def case(db):
    case = overdue_case(now=NOON)
    assess(case, now=NOON)
    return case


def answer(case, *options):
    out = StringIO()
    call_command("may_contact", case.customer.bank_number, *options, stdout=out)
    return out.getvalue()


def as_json(case, *options):
    return json.loads(answer(case, *options, "--json"))


@pytest.mark.parametrize("channel", ["SMS", "CALL", "VISIT", "LETTER", "ROBOT_CALL", "EMAIL", "IM", "PUSH"])
def test_every_channel_is_answered(case, channel):
    said = as_json(case, "--channel", channel, "--at", NOON.isoformat())

    assert said["allowed"] is True
    assert said["next_allowed_at"] == NOON.isoformat()
    assert said["channel"] == channel


def test_a_no_names_every_rule_and_when(case):
    said = as_json(case, "--channel", "sms", "--at", at(22).isoformat())

    assert said["allowed"] is False
    assert said["decision"] == "FORBID"
    assert [hit["rule"] for hit in said["hits"]] == ["WIN-BANK", "WIN-CN"]
    assert said["next_allowed_at"] == "2026-11-24T00:00:00+00:00"
    assert said["policies"] == ["BANK", "CN"]


def test_people_read_sentences(case):
    case.overdue_amount = 0
    case.save()

    said = answer(case, "--channel", "SMS", "--at", at(22).isoformat())

    assert "WIN-BANK" in said
    assert "ST-PAID" in said
    assert "%(" not in said


def test_nothing_is_written(case):
    answer(case, "--channel", "SMS", "--at", at(22).isoformat())

    assert not Clearance.objects.exists()
    assert not Refusal.objects.exists()


def test_an_unknown_customer_is_said(db):
    with pytest.raises(CommandError, match="C-NOBODY"):
        call_command("may_contact", "C-NOBODY", "--channel", "SMS")


@pytest.mark.parametrize("moment", ["noon", "2026-11-23T12:00:00"])
def test_an_instant_without_offset_is_not_guessed(case, moment):
    with pytest.raises((CommandError, SystemExit)):
        call_command("may_contact", case.customer.bank_number, "--channel", "SMS", "--at", moment)
