"""What holds whatever the facts are: no hour is ever open that should not be, and the next instant is the first."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compliance import wording
from compliance.facts import Clock, Facts, GrantedOverride, PastContact, QuietHours, Restriction
from compliance.rules import BOOK, Amendment, amended, packaged, rebuilt, stopping
from compliance.rules.rule import Decision
from compliance.storing import facts_as_json, facts_from_json
from compliance.terms import Channel, Party, Purpose, RestrictionKind
from compliance.verdicts import judge
from tests.compliance.rules.ordinary import NOON, calendar, holiday

POLICY = packaged()
ZONES = [
    ("Asia/Shanghai",),
    ("Asia/Shanghai", "Asia/Urumqi"),
    ("America/New_York",),
    ("Europe/London", "Australia/Lord_Howe"),
    ("Asia/Kathmandu",),
    (),
    ("Mars/Olympus",),
]
PLACES = {
    "CN": ((("CN", ("NM",)),), ("CN",)),
    "US-MA": ((("US", ("MA",)),), ("US-MA", "US-REG-F")),
    "AU": ((("AU", ("NSW",)),), ("AU", "CN")),
    "TH": ((("TH", ()),), ("TH",)),
    "KR": ((("KR", ()),), ("CN", "KR")),
    "nowhere known": ((("VN", ()),), ()),
}
DAYS = calendar(
    holiday("CN", date(2026, 11, 25), core=True),
    holiday("CN", date(2026, 11, 26)),
    holiday("AU", date(2026, 11, 24)),
)

seconds = st.integers(-9 * 86_400, 9 * 86_400).map(lambda n: NOON + timedelta(seconds=n))
instants = st.one_of(
    seconds,
    # near the edges of the day, to the microsecond
    st.builds(
        lambda day, hour, jitter: (
            NOON.replace(hour=hour, minute=0) + timedelta(days=day, microseconds=jitter)
        ),
        st.integers(-8, 8),
        st.sampled_from([8, 10, 20, 21, 22]),
        st.integers(-1, 1),
    ),
)
contacts = st.lists(
    st.builds(
        PastContact,
        channel=st.sampled_from(Channel.values),
        purpose=st.sampled_from(sorted(set(Purpose.values) - {"VISIT_PLAN"})),
        at=seconds,
        reached=st.sampled_from([None, True, False]),
        number=st.sampled_from(["", "a", "b"]),
        party=st.sampled_from(["DEBTOR", "DEBTOR", "CONTACT_PERSON"]),
    ),
    max_size=9,
).map(lambda some: tuple(sorted(some, key=lambda one: one.at)))
restrictions = st.lists(
    st.builds(
        lambda kind, start, length: Restriction(
            kind, (), start, None if length is None else start + timedelta(minutes=length)
        ),
        st.sampled_from(RestrictionKind.values),
        seconds,
        st.none() | st.integers(1, 20_000),
    ),
    max_size=2,
).map(tuple)
quiet = st.lists(
    st.builds(
        lambda day, start, length: QuietHours(day, start * 3600, min(86_400, (start + length) * 3600)),
        st.integers(0, 6),
        st.integers(0, 23),
        st.integers(1, 6),
    ),
    max_size=3,
).map(tuple)


@st.composite
def facts(draw):
    at = draw(instants)
    channel = draw(st.sampled_from(Channel.values))
    places, policies = PLACES[draw(st.sampled_from(sorted(PLACES)))]
    seen = draw(contacts)
    return Facts(
        channel=channel,
        purpose=draw(st.sampled_from(Purpose.values)),
        at=at,
        until=at + (timedelta(minutes=30) if channel == "VISIT" else timedelta()),
        zones=draw(st.sampled_from(ZONES)),
        owes=draw(st.sampled_from([True, True, True, False])),
        restrictions=draw(restrictions),
        contacts=seen,
        staff=draw(st.integers(1, 5)),
        verified_until=NOON + timedelta(days=draw(st.integers(-2, 90))),
        safety_band=draw(st.sampled_from(["NORMAL", "ESCORT", "NO_VISIT"])),
        birth_date=date(1988, 1, 1),
        number=draw(st.sampled_from(["", "a"])),
        address=draw(st.sampled_from(["", "RESIDENCE", "WORK"])),
        places=places,
        policies=policies,
        quiet_hours=draw(quiet),
        assessed_at=NOON + timedelta(days=draw(st.integers(-10, 0))),
        calendar=DAYS,
    )


@given(facts())
@settings(max_examples=300, deadline=None)
def test_nothing_is_ever_allowed_outside_the_window_of_any_zone(given_facts):
    verdict = judge(given_facts, POLICY)
    if not verdict.allowed:
        return

    assert given_facts.zones
    for zone in given_facts.zones:
        assert 8 <= given_facts.at.astimezone(ZoneInfo(zone)).hour < 21


@given(facts())
@settings(max_examples=200, deadline=None)
def test_rules_that_are_spared_would_have_had_nothing_to_say(given_facts):
    asked = tuple(hit for setting in POLICY.binding(given_facts) if (hit := setting.hit(given_facts)))

    assert asked == POLICY.evaluate(given_facts)


@given(facts())
@settings(max_examples=300, deadline=None)
def test_the_next_allowed_instant_is_allowed_and_no_earlier_one_is(given_facts):
    verdict = judge(given_facts, POLICY)
    then = verdict.next_allowed_at
    if verdict.allowed:
        assert then == given_facts.at
        return
    if then is None:
        assert any(hit.next is None for hit in verdict.stops) or len(verdict.stops) > 0
        return

    assert then > given_facts.at
    assert judge(given_facts.moved_to(then), POLICY).allowed
    span = then - given_facts.at
    before = [then - timedelta(microseconds=1), *(given_facts.at + span * n / 40 for n in range(40))]
    assert not any(judge(given_facts.moved_to(moment), POLICY).allowed for moment in before if moment < then)


@given(facts(), st.data())
@settings(max_examples=300, deadline=None)
def test_tightening_never_turns_a_refusal_into_a_clearance(given_facts, data):
    rule = data.draw(st.sampled_from([one for one in BOOK if one.check]))
    tighter = {
        one.name: data.draw(
            st.integers(max(one.least, one.limit), max(one.most, one.limit))
            if one.tighter > 0
            else st.integers(min(one.least, one.limit), one.limit)
        )
        for one in rule.settings
    }
    # From any amended setting to one that is at least as strict in every number.
    stricter = {
        one.name: data.draw(
            st.integers(tighter[one.name], max(one.most, tighter[one.name]))
            if one.tighter > 0
            else st.integers(one.least, tighter[one.name])
        )
        for one in rule.settings
    }
    for chosen in (tighter, stricter):
        assume(chosen.get("opens", 0) < chosen.get("closes", 1))
        assume(chosen.get("opens_free", 0) < chosen.get("closes_free", 1))
        assume(all(chosen[name] < 86_400 for name in chosen if rule_unit(rule, name) == "TIME"))
    before = amended([Amendment(rule.id, 1, tighter)])
    after = amended([Amendment(rule.id, 2, stricter)])

    if not judge(given_facts, before).allowed:
        assert not judge(given_facts, after).allowed


def rule_unit(rule, name):
    return next(one.unit for one in rule.settings if one.name == name)


@given(facts())
@settings(max_examples=200, deadline=None)
def test_a_decision_made_again_from_what_was_stored_is_the_same(given_facts):
    verdict = judge(given_facts, POLICY)

    again = judge(facts_from_json(facts_as_json(given_facts)), rebuilt(POLICY.content))

    assert again.reasons == verdict.reasons
    assert again.remarks == verdict.remarks
    assert again.next_allowed_at == verdict.next_allowed_at


@given(facts())
@settings(max_examples=200, deadline=None)
def test_every_hit_has_a_sentence_and_what_waiting_does_not_mend_a_condition(given_facts):
    verdict = judge(given_facts, POLICY)

    for said in wording.readable([*verdict.reasons, *verdict.remarks]):
        assert said["sentence"]
        assert "%(" not in said["sentence"]
        assert "–" not in said["sentence"].split()
    for said in wording.readable(verdict.reasons):
        assert said["next"] or said["condition"], said["rule"]


@given(facts())
@settings(max_examples=200, deadline=None)
def test_an_override_lets_pass_what_it_names_and_nothing_that_has_none(given_facts):
    verdict = judge(given_facts, POLICY)
    every = tuple({hit.rule for hit in verdict.hits})
    overridden = replace(
        given_facts, overrides=(GrantedOverride("o", every, given_facts.at + timedelta(hours=1)),)
    )

    left = stopping(POLICY.evaluate(overridden), overridden)

    assert {hit.rule for hit in left} == {hit.rule for hit in verdict.hits if hit.decision == Decision.FORBID}
    expired = replace(overridden, overrides=(GrantedOverride("o", every, given_facts.at),))
    assert stopping(POLICY.evaluate(expired), expired) == verdict.stops


def test_all_rules_speak_at_once():
    """No rule hides another, whatever the order."""
    everything_wrong = Facts(
        channel="VISIT",
        purpose="VISIT_START",
        at=NOON.replace(hour=23),
        until=NOON.replace(hour=23),
        zones=("Asia/Shanghai",),
        owes=False,
        restrictions=(Restriction("DECEASED", (), NOON, None), Restriction("DISPUTE", (), NOON, None)),
        staff=1,
        safety_band="NO_VISIT",
        places=(("CN", ()),),
        policies=("CN",),
        clocks=(Clock("database", 99),),
    )

    assert {hit.rule for hit in POLICY.evaluate(everything_wrong)} >= {
        "WIN-BANK", "WIN-CN", "CAL-MISSING", "CLOCK", "ST-DEAD", "ST-DISPUTE", "ST-PAID", "VIS-TEAM",
        "VIS-VERIFIED", "VIS-SAFETY", "VIS-RISK", "VIS-LAST", "VIS-NOTICE",
    }  # fmt: skip
    assert judge(everything_wrong, POLICY).decision == Decision.FORBID


def test_terms_are_those_of_the_rules():
    assert {channel for rule in BOOK for channel in rule.channels} == set(Channel.values)
    assert {"DEBTOR", "GUARANTOR", "CONTACT_PERSON"} == set(Party.values)
