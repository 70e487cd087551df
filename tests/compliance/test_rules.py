from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import rules, wording
from compliance.facts import Facts, PastContact, Restriction
from compliance.terms import Channel, Purpose, RestrictionKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
SMS = Facts(
    channel="SMS", purpose="PAYMENT_REMINDER", at=NOON, until=NOON, zones=("Asia/Shanghai",), owes=True
)
VISIT = replace(
    SMS,
    channel="VISIT",
    purpose="VISIT_START",
    staff=2,
    verified_until=NOON + timedelta(days=2),
    safety_band="NORMAL",
)
CALL = replace(SMS, channel="CALL", purpose="FOLLOW_UP_CALL")


def hit_by(facts):
    return {hit.rule for hit in rules.evaluate(facts)}


def at(hour, minute=0, second=0, microsecond=0, day=23):
    return datetime(2026, 11, day, hour, minute, second, microsecond, tzinfo=SHANGHAI)


@pytest.mark.parametrize("facts", [SMS, VISIT, CALL])
def test_an_ordinary_contact_at_noon_is_allowed(facts):
    assert hit_by(facts) == set()


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(7, 59, 59, 999_999), {"WIN-BANK", "WIN-CN"}),
        (at(8), set()),
        (at(20, 59, 59, 999_999), set()),
        (at(21), {"WIN-BANK"}),
        (at(21, 59, 59, 999_999), {"WIN-BANK"}),
        (at(22), {"WIN-BANK", "WIN-CN"}),
    ],
)
def test_hours_name_the_bank_and_the_industry_apart(moment, expected):
    assert hit_by(SMS.moved_to(moment)) == expected
    assert hit_by(CALL.moved_to(moment)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(8), set()),
        (at(20, 29, 59, 999_999), set()),
        (at(20, 30), {"WIN-CUTOFF"}),
        (at(20, 59, 59, 999_999), {"WIN-CUTOFF"}),
        (at(21), {"WIN-BANK"}),
    ],
)
def test_nothing_new_starts_from_half_past_eight(moment, expected):
    assert hit_by(VISIT.moved_to(moment)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(60, set()), (61, {"WIN-CUTOFF"})])
def test_a_planned_visit_ends_by_nine(minutes, expected):
    planned = replace(VISIT, purpose="VISIT_PLAN", at=at(20), until=at(20) + timedelta(minutes=minutes))

    assert hit_by(planned) == expected


def test_a_late_visit_is_next_allowed_at_eight_the_next_morning():
    late = VISIT.moved_to(at(20, 45))

    assert rules.next_allowed(late, rules.evaluate(late)) == at(8, day=24)


def test_every_rule_that_forbids_is_named_none_hides_another():
    facts = replace(VISIT.moved_to(at(23)), owes=False, staff=1, verified_until=None, safety_band="NO_VISIT")

    assert hit_by(facts) == {
        "WIN-BANK", "WIN-CN", "ST-PAID", "VIS-TEAM", "VIS-VERIFIED", "VIS-SAFETY",
    }  # fmt: skip


@pytest.mark.parametrize("kind", RestrictionKind.values)
def test_every_kind_of_restriction_is_in_the_rule_book(kind):
    facts = replace(VISIT, restrictions=(Restriction(kind, (), NOON - timedelta(days=1), None),))

    assert len(hit_by(facts)) == 1


@pytest.mark.parametrize(
    ("moment", "forbidden"),
    [
        (at(9) - timedelta(microseconds=1), False),
        (at(9), True),
        (at(18) - timedelta(microseconds=1), True),
        (at(18), False),
    ],
)
def test_a_restriction_binds_from_its_start_until_before_its_end(moment, forbidden):
    facts = replace(SMS, restrictions=(Restriction("HOSPITAL", (), at(9), at(18)),)).moved_to(moment)

    assert (hit_by(facts) == {"ST-MED"}) is forbidden


def test_a_restriction_on_one_channel_leaves_the_others():
    no_calls = (Restriction("DO_NOT_CONTACT", ("CALL",), at(0), None),)

    assert hit_by(replace(CALL, restrictions=no_calls)) == {"ST-DNC"}
    assert hit_by(replace(SMS, restrictions=no_calls)) == set()


def test_the_next_allowed_moment_is_after_the_last_of_several_restrictions():
    facts = replace(
        SMS,
        restrictions=(
            Restriction("HOSPITAL", (), at(0), at(18)),
            Restriction("BEREAVEMENT", (), at(0), at(22, 30)),
        ),
    )

    assert rules.next_allowed(facts, rules.evaluate(facts)) == at(8, day=24)


@pytest.mark.parametrize(
    ("born", "moment", "forbidden"),
    [
        (date(2008, 11, 23), at(8), False),
        (date(2008, 11, 24), at(20), True),
        (date(2008, 11, 24), at(8, day=24), False),
        (None, NOON, False),
    ],
)
def test_majority_is_reached_on_the_eighteenth_local_birthday(born, moment, forbidden):
    facts = replace(SMS, birth_date=born).moved_to(moment)

    assert (hit_by(facts) == {"ST-AGE"}) is forbidden


def sms(moment, purpose="PAYMENT_REMINDER"):
    return PastContact("SMS", purpose, moment)


def test_one_reminder_a_day_counted_by_the_customers_calendar():
    facts = replace(SMS, contacts=(sms(at(8)),))

    assert hit_by(facts) == {"FRQ-SMS"}
    assert rules.next_allowed(facts, rules.evaluate(facts)) == at(8, day=24)
    assert hit_by(replace(SMS, contacts=(sms(at(20, day=22)),))) == set()


def test_an_announcement_of_a_visit_is_no_reminder():
    announced = (sms(at(9), "VISIT_NOTICE"),)

    assert hit_by(replace(SMS, contacts=announced)) == set()


def test_a_fourth_reminder_waits_until_the_first_is_seven_days_old():
    first = at(12, day=17)
    facts = replace(SMS, contacts=(sms(first), sms(at(12, day=19)), sms(at(12, day=21))))

    assert hit_by(facts) == {"FRQ-SMS-7D"}
    assert rules.next_allowed(facts, rules.evaluate(facts)) == first + timedelta(days=7)
    assert hit_by(facts.moved_to(first + timedelta(days=7) - timedelta(microseconds=1))) == {"FRQ-SMS-7D"}
    assert hit_by(facts.moved_to(first + timedelta(days=7))) == set()


def test_one_visit_in_seven_days_exactly():
    last = at(10, day=16)
    facts = replace(
        VISIT,
        contacts=(PastContact("VISIT", "VISIT_START", last),),
        verified_until=NOON + timedelta(days=30),
    )

    assert hit_by(facts.moved_to(last + timedelta(days=7) - timedelta(microseconds=1))) == {"FRQ-VISIT"}
    assert hit_by(facts.moved_to(last + timedelta(days=7))) == set()


def test_three_calls_a_day():
    calls = tuple(PastContact("CALL", "FOLLOW_UP_CALL", at(9 + n)) for n in range(3))

    assert hit_by(replace(CALL, contacts=calls[:2])) == set()
    assert hit_by(replace(CALL, contacts=calls)) == {"FRQ-CALL"}


def test_seven_contacts_in_seven_days_over_all_channels():
    contacts = tuple(sms(NOON - timedelta(days=n, hours=1), "VISIT_NOTICE") for n in range(7))

    assert hit_by(replace(CALL, contacts=contacts[:6])) == set()
    assert hit_by(replace(CALL, contacts=contacts)) == {"FRQ-7D"}


@pytest.mark.parametrize(("staff", "forbidden"), [(0, True), (1, True), (2, False), (4, False)])
def test_nobody_visits_alone(staff, forbidden):
    assert (hit_by(replace(VISIT, staff=staff)) == {"VIS-TEAM"}) is forbidden


def test_a_verification_that_ends_at_the_door_is_over():
    assert hit_by(replace(VISIT, verified_until=NOON)) == {"VIS-VERIFIED"}
    assert hit_by(replace(VISIT, verified_until=NOON + timedelta(microseconds=1))) == set()


def test_waiting_does_not_help_when_a_rule_has_no_end():
    facts = replace(SMS.moved_to(at(23)), owes=False)

    assert rules.next_allowed(facts, rules.evaluate(facts)) is None


def test_rule_ids_are_unique_titled_and_have_sources():
    ids = [rule.id for rule in rules.RULES]

    assert len(ids) == len(set(ids))
    assert set(ids) == set(wording.TITLES)
    assert all(rule.sources for rule in rules.RULES)


def test_a_rule_without_a_confirmed_or_read_source_is_bank_policy():
    unconfirmed = [
        rule for rule in rules.RULES if all(source.verification == "BACKGROUND" for source in rule.sources)
    ]

    assert unconfirmed
    assert all(rule.authority == "BANK_POLICY" for rule in unconfirmed)


def test_every_source_and_authority_has_a_name():
    for rule in rules.RULES:
        assert wording.AUTHORITIES[rule.authority]
        for source in rule.sources:
            assert wording.source_named(source.key, source.verification)
    assert {source.key for rule in rules.RULES for source in rule.sources} == set(wording.SOURCES)


kinds = st.sampled_from(RestrictionKind.values)
minutes = st.integers(-60 * 24 * 9, 60 * 24 * 9).map(lambda n: NOON + timedelta(minutes=n))
any_facts = st.builds(
    Facts,
    channel=st.sampled_from(["SMS", "CALL", "VISIT"]),
    purpose=st.sampled_from(["PAYMENT_REMINDER", "VISIT_NOTICE", "FOLLOW_UP_CALL", "VISIT_START"]),
    at=minutes,
    until=st.none(),
    zones=st.sampled_from([("Asia/Shanghai",), ("America/New_York",), ("Asia/Shanghai", "Asia/Urumqi"), ()]),
    owes=st.just(True),
    restrictions=st.lists(
        st.builds(Restriction, kind=kinds, channels=st.just(()), starts_at=minutes, ends_at=minutes),
        max_size=2,
    ).map(tuple),
    contacts=st.lists(
        st.builds(
            PastContact,
            channel=st.sampled_from(["SMS", "CALL", "VISIT"]),
            purpose=st.sampled_from(["PAYMENT_REMINDER", "VISIT_NOTICE", "VISIT_START"]),
            at=minutes,
        ),
        max_size=8,
    ).map(tuple),
    staff=st.just(2),
    verified_until=st.just(NOON + timedelta(days=90)),
    safety_band=st.just("NORMAL"),
).map(lambda facts: replace(facts, until=facts.at))


@given(any_facts)
def test_the_next_allowed_moment_is_allowed_and_not_in_the_past(facts):
    hits = rules.evaluate(facts)
    allowed = rules.next_allowed(facts, hits)

    if not hits:
        assert allowed == facts.at
    elif allowed is not None:
        assert allowed > facts.at
        assert rules.evaluate(facts.moved_to(allowed)) == ()


@given(any_facts)
def test_no_contact_is_ever_allowed_outside_eight_to_nine_anywhere(facts):
    if rules.evaluate(facts):
        return

    for zone in facts.zones:
        assert 8 <= facts.at.astimezone(ZoneInfo(zone)).hour < 21


@given(any_facts)
def test_every_hit_has_a_sentence(facts):
    for hit in rules.evaluate(facts):
        said = wording.sentence(hit.rule, _through_json(hit.saw))
        assert said
        assert "%(" not in said


def _through_json(saw):
    return dict(saw)


def test_facts_become_json_with_instants_in_iso():
    facts = replace(SMS, restrictions=(Restriction("HOSPITAL", (), NOON, None),), birth_date=date(1990, 1, 2))

    stored = facts.as_json()

    assert stored["at"] == NOON.isoformat()
    assert stored["restrictions"][0]["kind"] == "HOSPITAL"
    assert stored["birth_date"] == "1990-01-02"


def test_terms_cover_the_rules():
    assert set(rules.RULES[0].channels) == set(Channel.values)
    assert {"PAYMENT_REMINDER", "PROMISE_REMINDER"} <= set(Purpose.values)
    assert NOON.astimezone(UTC).hour == 4
