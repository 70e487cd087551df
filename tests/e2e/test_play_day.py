"""The demonstration's day, played by the command against a real server: here by day, there by night, elsewhere before dawn."""

import io
import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from accounts.models import Case
from accounts.models.cases import Stage
from compliance.gate import readable
from compliance.models import Contact, Refusal
from tests.e2e.desk import have_the_day_planned
from tests.e2e.world import (
    LATE_EVENING,
    NOON,
    TO_BE_VISITED,
    Feed,
    local_now,
    open_office,
    zone_where_it_is,
)
from visits.models import CheckIn, Incident, Record, Visit
from visits.models.visits import Status
from visits.planning.decide import accept_plan
from visits.planning.propose import propose_plan

pytestmark = pytest.mark.e2e

BEFORE_DAWN = time(5)
A_DAY = timedelta(days=1)
TEAMS, DEBTORS = 2, 6


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def office_with_debtors(branch, code, *, zone, directory, debtors, teams=1):
    office = open_office(code, zone=zone, teams=teams)
    feed = Feed(office)
    for number in range(debtors):
        feed.customer(number, overdue="9000.00", facts=TO_BE_VISITED)
    feed.deliver(directory / code, as_of=office.today - A_DAY, source=code.lower())
    planned = Case.objects.filter(branch=office.branch, stage=Stage.PLANNING)
    branch.await_(lambda: planned.count() == debtors, "assessed")
    return office


def planned_long_ago(office):
    """Planned and accepted at three in the night, as a night job might: plans reach nobody."""
    then = datetime.combine(office.today, time(3), ZoneInfo(office.zone))
    Case.objects.filter(branch=office.branch).update(next_action_on=office.today)
    by = office.supervisor
    plan = propose_plan(branch=office.branch, date=office.today, by=by, now=then, seed=1, seconds=1)
    accept_plan(plan, by=by, now=then)
    assert Visit.objects.filter(plan=plan, status=Status.PLANNED).exists(), plan.summary
    return office


def play(branch, directory, *offices, **options):
    """What the command says when these offices' people are given to it."""
    log_ins = directory / "logins.json"
    log_ins.write_text(json.dumps([person for office in offices for person in office.log_ins]))
    said = io.StringIO()
    call_command("play_day", base_url=branch.address, logins=log_ins, pause=0, stdout=said, **options)
    return said.getvalue()


def test_one_branch_works_while_the_other_is_told_why_not(branch, tmp_path):
    here = office_with_debtors(
        branch, "PLAY", zone=zone_where_it_is(NOON), directory=tmp_path, debtors=DEBTORS, teams=TEAMS
    )
    there = office_with_debtors(
        branch, "DARK", zone=zone_where_it_is(LATE_EVENING), directory=tmp_path, debtors=1
    )
    have_the_day_planned(branch.address, here)
    planned_long_ago(there)

    said = play(branch, tmp_path, here, there, visits=DEBTORS)

    ended = Visit.objects.filter(plan__branch=here.branch, status__in=(Status.DONE, Status.ABORTED))
    assert ended.count() == DEBTORS
    assert CheckIn.objects.filter(visit__plan__branch=here.branch).count() == DEBTORS
    assert Incident.objects.filter(visit__plan__branch=here.branch, kind="SAFETY").exists()
    found = Record.objects.filter(visit__plan__branch=here.branch).values_list("result", flat=True)
    assert {"PROMISE", "REFUSES_TO_PAY"} <= set(found)
    assert "reports sent twice and taken once 1" in said

    refusal = Refusal.objects.get(customer__branch=there.branch, purpose="VISIT_START")
    eight = datetime.combine(there.today + A_DAY, time(8), ZoneInfo(there.zone))
    assert refusal.rule_ids[0] == "WIN-BANK"
    assert refusal.next_allowed_at == eight
    with translation.override("zh-hans"):  # the server's own language
        (reason, *_others) = readable(refusal.reasons)
        assert f"{reason['title']}: " in said
    assert f"Allowed again from {eight:%m-%d %H:%M} {there.zone}." in said
    assert "attempts refused 1" in said
    assert not Contact.objects.filter(customer__branch=there.branch).exists()


def test_before_dawn_it_says_when_it_goes_on(branch, tmp_path):
    office = office_with_debtors(
        branch, "DAWN", zone=zone_where_it_is(BEFORE_DAWN), directory=tmp_path, debtors=1
    )
    planned_long_ago(office)

    said = play(branch, tmp_path, office, no_wait=True)

    assert f"It goes on at {local_now(office.zone):%m-%d} 08:00 {office.zone}." in said
    assert not Contact.objects.filter(customer__branch=office.branch).exists()


def test_a_wrong_password_ends_the_day(branch, tmp_path):
    office = open_office("LOCK", zone=zone_where_it_is(NOON))
    office.log_ins[1]["password"] = "forgotten"

    with pytest.raises(CommandError, match="lock-agent1"):
        play(branch, tmp_path, office)


def test_missing_log_ins_are_told(tmp_path):
    with pytest.raises(CommandError, match="make run"):
        call_command("play_day", logins=tmp_path / "nowhere.json")
