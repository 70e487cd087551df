"""On which conditions a contact person is asked: each on its boundary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.third_party_conditions import (
    COLLECTS,
    CONDITIONS,
    CONTACT,
    GUARANTOR,
    SEARCH,
    Limits,
    ThirdPartyFacts,
    Unable,
    days_of,
    unmet_conditions,
)

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
AT = datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
DAY = timedelta(days=1)

OF_A_CONTACT = ThirdPartyFacts(
    role=CONTACT,
    origin="APPLICATION",
    own_mobile_in_use=False,
    own_mobile_wrong=True,
    customer_zones=("Asia/Shanghai",),
    zones=("Asia/Shanghai",),
)
REACHABLE = replace(OF_A_CONTACT, own_mobile_in_use=True, own_mobile_wrong=False)
OF_A_GUARANTOR = replace(REACHABLE, role=GUARANTOR, origin="GUARANTEE", has_contract=True)


def unmet(facts, purpose=SEARCH, at=AT, **limits):
    return [one.rule for one in unmet_conditions(facts, purpose=purpose, at=at, **limits)]


def at(day, hour, minute=0, second=0, microsecond=0, zone=SHANGHAI):
    return datetime(2026, 11, day, hour, minute, second, microsecond, tzinfo=zone)


class TestGate:
    """TP-GATE"""

    def test_a_customer_whose_only_mobile_is_wrong_is_searched_for(self):
        assert unmet(OF_A_CONTACT) == []

    @pytest.mark.parametrize(
        ("in_use", "wrong"),
        [
            (True, True),  # one was wrong, another is there to call
            (True, False),
            (False, False),  # the bank never had one: nobody tried to reach the customer
        ],
    )
    def test_nobody_else_is_asked_while_a_mobile_is_there_or_none_was_tried(self, in_use, wrong):
        facts = replace(OF_A_CONTACT, own_mobile_in_use=in_use, own_mobile_wrong=wrong)

        assert unmet(facts) == ["TP-GATE"]

    @pytest.mark.parametrize(
        ("failures", "expected"),
        [
            ([], ["TP-GATE"]),
            ([at(18, 9), at(19, 9)], ["TP-GATE"]),  # two failures on two days
            ([at(19, 9), at(19, 12), at(19, 18)], ["TP-GATE"]),  # three on one day
            ([at(18, 9), at(19, 9), at(19, 18)], []),  # three on two days
            ([at(18, 9), at(18, 12), at(18, 18), at(19, 8)], []),
        ],
    )
    def test_three_failures_on_two_days(self, failures, expected):
        assert unmet(replace(REACHABLE, failures=tuple(failures))) == expected

    @pytest.mark.parametrize(
        ("last", "expected"),
        [
            (at(18, 23, 59, 59, 999_999), ["TP-GATE"]),
            (at(19, 0), []),
        ],
    )
    def test_the_day_ends_at_midnight_of_the_customer_to_the_microsecond(self, last, expected):
        assert unmet(replace(REACHABLE, failures=(last, at(18, 9), at(18, 8)))) == expected

    def test_the_days_are_the_customers_not_ours(self):
        three = (at(19, 13, zone=SHANGHAI), at(19, 12, zone=SHANGHAI), at(19, 9, zone=SHANGHAI))
        in_new_york = replace(REACHABLE, failures=three, customer_zones=("America/New_York",))

        assert [one.astimezone(NEW_YORK).day for one in three] == [19, 18, 18]
        assert unmet(in_new_york) == []
        assert unmet(replace(in_new_york, customer_zones=("Asia/Shanghai",))) == ["TP-GATE"]

    def test_of_two_zones_the_one_with_fewer_days_counts(self):
        three = (at(19, 13), at(19, 12), at(19, 9))
        facts = replace(REACHABLE, failures=three, customer_zones=("America/New_York", "Asia/Shanghai"))

        assert facts.failure_days == 1
        assert unmet(facts) == ["TP-GATE"]

    @pytest.mark.parametrize("zones", [(), ("Mars/Olympus",), ("Asia/Shanghai", "Mars/Olympus")])
    def test_without_a_known_zone_no_day_is_counted(self, zones):
        three = (at(19, 9), at(18, 9), at(17, 9))

        assert unmet(replace(REACHABLE, failures=three, customer_zones=zones)) == ["TP-GATE"]

    @pytest.mark.parametrize(
        ("kind", "expected"), [("DECEASED", []), ("INCAPACITY", []), ("HOSPITAL", ["TP-GATE"])]
    )
    def test_who_died_or_cannot_decide_is_not_asked_themselves(self, kind, expected):
        assert unmet(replace(REACHABLE, unable=(Unable(kind, AT - DAY),))) == expected

    @pytest.mark.parametrize(
        ("starts", "ends", "expected"),
        [
            (AT, None, []),
            (AT + timedelta(microseconds=1), None, ["TP-GATE"]),
            (AT - DAY, AT + timedelta(microseconds=1), []),
            (AT - DAY, AT, ["TP-GATE"]),
        ],
    )
    def test_that_holds_from_its_start_until_its_end(self, starts, ends, expected):
        assert unmet(replace(REACHABLE, unable=(Unable("INCAPACITY", starts, ends),))) == expected

    def test_the_bank_may_ask_for_more_failures(self):
        three = replace(REACHABLE, failures=(at(19, 9), at(18, 9), at(17, 9)))

        assert unmet(three, limits=Limits(failures=3, days=3)) == []
        assert unmet(three, limits=Limits(failures=4)) == ["TP-GATE"]
        assert unmet(three, limits=Limits(days=4)) == ["TP-GATE"]

    def test_what_was_seen_is_said(self):
        facts = replace(REACHABLE, failures=(at(19, 9), at(19, 8)))

        (failure,) = unmet_conditions(facts, purpose=SEARCH, at=AT)

        assert failure.saw == {
            "own_mobile_in_use": True,
            "own_mobile_wrong": False,
            "failures": 2,
            "failures_needed": 3,
            "days": 1,
            "days_needed": 2,
        }


class TestPurpose:
    """TP-PURPOSE and TP-COLLECT"""

    @pytest.mark.parametrize("purpose", sorted(COLLECTS))
    def test_a_contact_person_is_never_asked_for_money(self, purpose):
        assert unmet(OF_A_CONTACT, purpose) == ["TP-PURPOSE", "TP-COLLECT"]

    def test_nor_for_anything_else(self):
        assert unmet(OF_A_CONTACT, "COMPLAINT_ANSWER") == ["TP-PURPOSE"]

    @pytest.mark.parametrize("purpose", [SEARCH, *sorted(COLLECTS)])
    def test_a_guarantor_is_contacted_like_the_customer(self, purpose):
        assert unmet(OF_A_GUARANTOR, purpose) == []


class TestRefused:
    """TP-REFUSED"""

    def test_a_no_is_for_ever(self):
        assert unmet(replace(OF_A_CONTACT, refused=True), at=AT + 3650 * DAY) == ["TP-REFUSED"]

    def test_also_when_the_customer_died(self):
        facts = replace(OF_A_CONTACT, refused=True, unable=(Unable("DECEASED", AT - DAY),))

        assert unmet(facts) == ["TP-REFUSED"]

    def test_a_guarantor_answers_for_the_debt_all_the_same(self):
        assert unmet(replace(OF_A_GUARANTOR, refused=True), "FOLLOW_UP_CALL") == []


class TestOnce:
    """FRQ-THIRD"""

    @pytest.mark.parametrize(
        ("conversations", "attempts", "expected"),
        [(0, 0, []), (0, 1, []), (1, 1, ["FRQ-THIRD"]), (0, 2, ["FRQ-THIRD"]), (2, 2, ["FRQ-THIRD"])],
    )
    def test_one_conversation_or_two_calls_that_nobody_answered(self, conversations, attempts, expected):
        facts = replace(OF_A_CONTACT, conversations=conversations, attempts=attempts)

        assert unmet(facts) == expected

    def test_a_guarantor_is_bound_by_the_other_rules(self):
        assert unmet(replace(OF_A_GUARANTOR, conversations=9, attempts=9), "FOLLOW_UP_CALL") == []

    def test_the_bank_may_allow_no_second_attempt(self):
        assert unmet(replace(OF_A_CONTACT, attempts=1), limits=Limits(attempts=1)) == ["FRQ-THIRD"]


class TestSource:
    """TP-SOURCE"""

    @pytest.mark.parametrize("origin", ["APPLICATION", "CUSTOMER", "BANK_RECORD"])
    def test_a_number_of_known_origin_may_be_called(self, origin):
        assert unmet(replace(OF_A_CONTACT, origin=origin)) == []

    @pytest.mark.parametrize("origin", ["", "UNKNOWN", "SCRAPED", "application"])
    @pytest.mark.parametrize("facts", [OF_A_CONTACT, OF_A_GUARANTOR])
    def test_any_other_is_not(self, facts, origin):
        assert unmet(replace(facts, origin=origin)) == ["TP-SOURCE"]

    @pytest.mark.parametrize("facts", [OF_A_CONTACT, OF_A_GUARANTOR])
    def test_whoever_was_withdrawn_is_not_contacted(self, facts):
        assert unmet(replace(facts, withdrawn=True)) == ["TP-SOURCE"]

    def test_a_guarantor_without_a_contract_is_none(self):
        assert unmet(replace(OF_A_GUARANTOR, has_contract=False)) == ["TP-SOURCE"]

    def test_there_is_no_third_role(self):
        assert "TP-SOURCE" in unmet(replace(OF_A_CONTACT, role="NEIGHBOUR"))


def test_nothing_known_is_not_enough():
    assert set(unmet(ThirdPartyFacts(), "PAYMENT_REMINDER")) >= {"TP-SOURCE", "TP-GATE", "TP-COLLECT"}


instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
facts_of_contacts = st.builds(
    ThirdPartyFacts,
    role=st.just(CONTACT),
    origin=st.sampled_from(["", "APPLICATION", "BANK_RECORD"]),
    withdrawn=st.booleans(),
    refused=st.booleans(),
    conversations=st.integers(0, 2),
    attempts=st.integers(0, 3),
    own_mobile_in_use=st.booleans(),
    own_mobile_wrong=st.booleans(),
    failures=st.lists(instants, max_size=6).map(tuple),
    customer_zones=st.sampled_from([(), ("Asia/Shanghai",), ("Asia/Shanghai", "Asia/Urumqi")]),
)


@given(facts_of_contacts, st.sampled_from([SEARCH, *sorted(COLLECTS)]))
def test_a_contact_person_may_be_asked_only_when_every_condition_holds(facts, purpose):
    met = not unmet(facts, purpose)

    assert met == (
        facts.origin != ""
        and not facts.withdrawn
        and not facts.refused
        and purpose == SEARCH
        and facts.conversations == 0
        and facts.attempts < 2
        and (
            (facts.own_mobile_wrong and not facts.own_mobile_in_use)
            or (len(facts.failures) >= 3 and facts.failure_days >= 2)
        )
    )


@given(facts_of_contacts, st.integers(3, 6), st.integers(2, 6), st.integers(0, 1), st.integers(0, 2))
def test_tighter_numbers_never_open_what_was_closed(facts, failures, days, conversations, attempts):
    tighter = Limits(failures, days, conversations, attempts)

    assert set(unmet(facts)) <= set(unmet(facts, limits=tighter))


@given(st.lists(instants, max_size=8), st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Urumqi"]))
def test_another_zone_never_adds_a_day(failures, zone):
    alone = days_of(failures, zones=("Asia/Shanghai",))

    assert days_of(failures, zones=("Asia/Shanghai", zone)) <= alone


def test_every_rule_of_third_parties_is_here():
    assert set(CONDITIONS) == {"TP-SOURCE", "TP-GATE", "TP-PURPOSE", "TP-COLLECT", "TP-REFUSED", "FRQ-THIRD"}
