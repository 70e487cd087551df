"""Disaster areas: by district code, half-open in time, overlapping as they like."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis.strategies import datetimes, lists, sampled_from, text

from accounts.models import CaseEvent
from accounts.models.staff import Role
from compliance.area_restrictions import (
    NoSuchArea,
    area_restrictions_in_force,
    areas_of,
    enter_area_restriction,
    lift_area_restriction,
    load_area_restrictions,
)
from compliance.areas import AreaRule
from compliance.limits import AlreadyLifted, EndsBeforeItStarts, NotYours, TooLong
from compliance.models import AreaRestriction, Stoppage
from tests.accounts.factories import AddressFactory, BranchFactory, UserFactory, overdue_case
from tests.accounts.people import make_everybody_somebody_else

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
DAY, A_MOMENT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def different_people(monkeypatch):
    make_everybody_somebody_else(monkeypatch)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def enter(officer, prefix="1502", **changes):
    given = {
        "prefix": prefix,
        "name": "包头市",
        "starts_at": NOON,
        "ends_at": None,
        "declared_by": "内蒙古自治区应急管理厅",
        "evidence": "通告 17 号",
        "by": officer,
        "now": NOON,
    }
    return enter_area_restriction(**{**given, **changes})


@pytest.mark.parametrize(
    ("codes", "binds"),
    [
        (["150203"], True),
        (["150203001002"], True),
        (["1502"], True),
        (["15"], False),
        (["150302"], False),
        (["015020"], False),
        ([""], False),
        ([], False),
        (["110101", "150203"], True),
    ],
)
def test_an_area_binds_who_has_an_address_in_it(codes, binds):
    assert AreaRule(1, "DISASTER", "1502", NOON, NOON + DAY).binds(codes, NOON) is binds


@pytest.mark.parametrize(
    ("at", "binds"),
    [(NOON - A_MOMENT, False), (NOON, True), (NOON + DAY - A_MOMENT, True), (NOON + DAY, False)],
)
def test_an_area_binds_from_its_start_until_before_its_end(at, binds):
    assert AreaRule(1, "DISASTER", "15", NOON, NOON + DAY).binds(["150203"], at) is binds


@given(
    codes=lists(text("0123456789", min_size=6, max_size=12), max_size=4),
    prefix=sampled_from(["15", "1502", "150203"]),
    at=datetimes(timezones=sampled_from([SHANGHAI])),
)
def test_a_wider_area_binds_everybody_a_narrower_one_does(codes, prefix, at):
    narrow = AreaRule(1, "DISASTER", prefix, NOON, NOON + 90 * DAY)
    wide = AreaRule(2, "DISASTER", prefix[:2], NOON, NOON + 90 * DAY)

    assert wide.binds(codes, at) or not narrow.binds(codes, at)


def test_it_lasts_90_days_at_most(officer):
    assert enter(officer).ends_at == NOON + 90 * DAY
    assert enter(officer, ends_at=NOON + 90 * DAY)
    with pytest.raises(TooLong):
        enter(officer, ends_at=NOON + 90 * DAY + A_MOMENT)
    with pytest.raises(EndsBeforeItStarts):
        enter(officer, ends_at=NOON)


@pytest.mark.parametrize("prefix", ["", "1", "150", "15020", "1502031", "15020x", "１５", "Baotou"])
def test_a_code_is_that_of_a_province_a_city_or_a_district(officer, prefix):
    with pytest.raises(NoSuchArea, match="2, 4 or 6|2、4"):
        enter(officer, prefix)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AreaRestriction.objects.create(
            prefix=prefix, name="x", starts_at=NOON, ends_at=NOON + DAY, declared_by="x", evidence="x",
            entered_at=NOON, entered_by=officer,
        )  # fmt: skip


def test_areas_may_overlap_and_are_loaded_until_they_are_lifted(officer):
    wide, narrow = enter(officer, "15"), enter(officer, "150203", starts_at=NOON + DAY)

    assert [rule.prefix for rule in load_area_restrictions()] == ["15", "150203"]
    assert list(area_restrictions_in_force(at=NOON)) == [wide]

    lift_area_restriction(wide, by=officer, now=NOON)

    assert [rule.id for rule in load_area_restrictions()] == [narrow.pk]
    with pytest.raises(AlreadyLifted):
        lift_area_restriction(wide, by=officer, now=NOON)


def test_who_may_not(db, officer):
    with pytest.raises(NotYours):
        enter(UserFactory(role=Role.FIELD_AGENT))
    with pytest.raises(NotYours):
        lift_area_restriction(enter(officer), by=UserFactory(role=Role.SUPERVISOR), now=NOON)


def test_it_is_never_rewritten_or_deleted(officer):
    entered = enter(officer)
    rows = AreaRestriction.objects.filter(pk=entered.pk)

    for change in (
        lambda: rows.update(ends_at=NOON + DAY),
        lambda: rows.update(prefix="11"),
        lambda: rows._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="lifted|permission denied"), transaction.atomic():
            change()


def test_every_open_case_of_the_area_is_told_and_no_other(officer):
    here, elsewhere = overdue_case(now=NOON - DAY), overdue_case(now=NOON - DAY)
    elsewhere.customer.addresses.update(district_code="110101")
    works_here = overdue_case(now=NOON - DAY)
    works_here.customer.addresses.update(district_code="110101")
    AddressFactory(customer=works_here.customer, kind="WORK")

    entered = enter(officer)
    lift_area_restriction(entered, by=officer, now=NOON + DAY)

    told = CaseEvent.objects.filter(kind__startswith="RESTRICTION").values_list("case", flat=True)
    assert sorted(told) == sorted([here.pk, works_here.pk] * 2)
    assert list(areas_of(here.customer)) == [entered]
    assert not areas_of(elsewhere.customer).exists()


def test_a_stoppage_is_kept_for_every_branch_of_the_area(officer):
    branches = [BranchFactory() for _ in range(3)]
    for branch in branches[:2]:
        overdue_case(now=NOON, branch=branch)

    entered = enter(officer)

    assert set(entered.stoppages.values_list("branch", flat=True)) == {branch.pk for branch in branches[:2]}
    assert Stoppage.objects.count() == 2


def test_one_customer_or_many_take_the_same_number_of_statements(officer):
    branch = BranchFactory()
    overdue_case(now=NOON, branch=branch)
    with CaptureQueriesContext(connection) as one:
        enter(officer)
    for _ in range(12):
        overdue_case(now=NOON, branch=branch)
    with CaptureQueriesContext(connection) as many:
        enter(officer)

    assert len(many) == len(one)
