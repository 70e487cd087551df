"""The table of special care against the words of `docs/special-care.md`: every kind, channel and purpose."""

import pytest
from django.conf import settings

from accounts.models.staff import Role
from compliance.evidence import EvidenceKind
from compliance.special_care import ALWAYS, EFFECTS, PAPER_WITHIN, Effect, may_enter, may_lift
from compliance.terms import Channel, RestrictionKind

DOC = settings.BASE_DIR / "docs" / "special-care.md"
LINES = [line.strip(" |").split(" | ") for line in DOC.read_text().splitlines() if line.startswith("| ")]
ROWS = {cells[0]: cells[1:] for cells in LINES if cells[0] in RestrictionKind.values}

EFFECT = {
    "–": Effect.NONE,
    "warn": Effect.WARN,
    "override": Effect.NEEDS_OVERRIDE,
    "block": Effect.BLOCK,
}
PASSES = {"bureau": "BUREAU_NOTICE", "answer": "COMPLAINT_ANSWER", "instalment": "INSTALMENT_NOTICE"}
PASSES |= {"search": "CONTACT_SEARCH"}
BY_CALL, NOT_IN_WRITING = ("COMPLAINT_ANSWER", "CONTACT_SEARCH"), ("CONTACT_SEARCH",)
# Channels and purposes by name: those that have no sender yet are bound all the same.
COLUMNS = {"VISIT": 0, "CALL": 1, "ROBOT_CALL": 2, "SMS": 3, "IM": 3, "EMAIL": 3, "PUSH": 3, "LETTER": 3}
PURPOSES = [
    "VISIT_PLAN",
    "VISIT_START",
    "VISIT_NOTICE",
    "PAYMENT_REMINDER",
    "PROMISE_REMINDER",
    "FOLLOW_UP_CALL",
    *PASSES.values(),
]
GROUPS = {
    "staff": {Role.FIELD_AGENT, Role.SECURITY_OFFICER, Role.SUPERVISOR, Role.COMPLIANCE_OFFICER},
    "office": {Role.SUPERVISOR, Role.COMPLIANCE_OFFICER},
    "officer": {Role.COMPLIANCE_OFFICER},
}

kinds = pytest.mark.parametrize("kind", RestrictionKind, ids=str)


def test_the_page_and_the_table_have_the_same_kinds():
    assert list(ROWS) == [str(kind) for kind in EFFECTS]
    assert set(EFFECTS) == set(RestrictionKind)


@pytest.mark.parametrize("channel", COLUMNS)
@pytest.mark.parametrize("purpose", PURPOSES)
@kinds
def test_the_effect_is_what_the_page_says(kind, purpose, channel):
    rule, *cells = ROWS[kind]
    expected = EFFECT[cells[COLUMNS[channel]]]
    let_through = {PASSES[word] for word in cells[5].split(", ") if word != "–"}
    if purpose in let_through and (
        (COLUMNS[channel] == 3 and purpose not in NOT_IN_WRITING)
        or (purpose in BY_CALL and channel == "CALL")
    ):
        expected = Effect.NONE

    assert EFFECTS[kind].effect_on(channel, purpose) == expected
    assert EFFECTS[kind].rule == rule


@kinds
def test_the_rest_of_the_row_is_what_the_page_says(kind):
    _rule, *_effects, override, _passes, lasts, continued, review, proof, enters, lifts = ROWS[kind]
    care = EFFECTS[kind]

    assert care.overridable == {"yes": True, "nobody": False}[override]
    days = int(lasts.removesuffix(" days")) if lasts.endswith(" days") else None
    assert (care.longest, care.usual) == (days, days)
    assert care.dated == (lasts == "dates of the order")
    assert care.extensions == int(continued.replace("–", "0"))
    assert care.review == (None if review == "–" else int(review))
    assert [str(one) for one in care.proof] == proof.removesuffix(", or a word").split(", ")
    assert care.on_word == proof.endswith(", or a word")
    for role in Role:
        assert may_enter(kind, role) == (role in GROUPS[enters] or role in ALWAYS)
        assert may_lift(kind, role) == (role in GROUPS[lifts] or role in ALWAYS)


@kinds
def test_every_kind_ends_by_itself_or_is_looked_at_again(kind):
    care = EFFECTS[kind]

    assert care.longest or care.dated or care.review
    assert care.review is None or care.review >= min(PAPER_WITHIN, 14)
    assert set(care.proof) <= set(EvidenceKind)
    assert care.enters | care.lifts <= set(Role.values)


@kinds
def test_a_channel_nobody_knows_is_treated_like_the_worst(kind):
    care = EFFECTS[kind]

    assert care.effect_on("TELEGRAM", "PAYMENT_REMINDER") == max(care.effect_on(one, "") for one in COLUMNS)
    assert {str(one) for one in Channel} <= set(COLUMNS)


def test_what_only_warns_goes_on_and_what_needs_an_override_stops():
    assert [one.stops for one in Effect] == [False, False, True, True]
    assert max(Effect.WARN, Effect.BLOCK, Effect.NONE) == Effect.BLOCK
