"""The demonstration's encounters speak the API's language."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from config.play.rounds import is_to_be_announced, may_begin_now, next_lawful_moment, sum_promised
from config.play.scenes import BY_CHANCE, CERTAIN, scene_for
from visits.api.inputs import AbortInput, RecordInput

ENVELOPE = {"reference": str(uuid4()), "client_at": "2026-11-20T10:00:00+08:00"}


@pytest.mark.parametrize("scene", [*CERTAIN, *BY_CHANCE], ids=lambda scene: scene.notes[:12])
def test_every_scene_is_a_valid_report(scene):
    if scene.breaks_off:
        words = {"kind": scene.breaks_off, "danger": scene.danger, "account": scene.notes}
        broken_off = AbortInput(data={**ENVELOPE, **words})
        assert broken_off.is_valid(), broken_off.errors
    words = {name: getattr(scene, name) for name in ("party", "address_state", "result", "notes")}
    form = RecordInput(data={**ENVELOPE, **words, "hardship_reason": scene.hardship_reason})

    assert form.is_valid(), form.errors
    assert bool(scene.promised) == (scene.result == "PROMISE")


def test_every_day_has_a_promise_a_refusal_to_pay_a_danger_and_a_broken_line():
    assert [scene_for(slot=slot, seed=9, team="x") for slot in range(4)] == list(CERTAIN)
    assert {scene.breaks_off or scene.result for scene in CERTAIN} == {"PROMISE", "SAFETY", "REFUSES_TO_PAY"}
    assert any(scene.line_breaks for scene in CERTAIN)


def test_the_same_seed_gives_the_same_day():
    days = [[scene_for(slot=slot, seed=seed, team="BT-01") for slot in range(40)] for seed in (1, 1, 2)]

    assert days[0] == days[1] != days[2]


@pytest.mark.parametrize(
    ("overdue", "share", "promised"),
    [
        ("5234.56", 1.0, "5234.56"),
        ("5234.56", 0.5, "2600.00"),
        ("274000.00", 0.8, "20000.00"),
        ("80.00", 0.5, "40.00"),
        ("0.01", 0.2, "0.01"),
    ],
)
def test_people_promise_round_sums_they_can_have(overdue, share, promised):
    amount = sum_promised(Decimal(overdue), share)

    assert amount == Decimal(promised)
    assert amount <= Decimal(overdue)


def visit_between(first, last, *, status="PLANNED", start=None):
    now = datetime.now(UTC)
    window = {"first": (now + first).isoformat(), "last": (now + last).isoformat()}
    return {"may_begin": [window], "status": status, "planned_start": (now + (start or first)).isoformat()}


HOUR = timedelta(hours=1)


def test_a_visit_may_begin_inside_the_interval_the_phone_was_told():
    assert may_begin_now(visit_between(-HOUR, HOUR))
    assert not may_begin_now(visit_between(HOUR, 2 * HOUR))
    assert not may_begin_now(visit_between(-2 * HOUR, -HOUR))


def test_the_day_goes_on_with_the_first_interval_to_come():
    visits = [
        visit_between(3 * HOUR, 4 * HOUR),
        visit_between(HOUR, 2 * HOUR),
        visit_between(-2 * HOUR, -HOUR),
    ]

    assert next_lawful_moment(visits).isoformat() == visits[1]["may_begin"][0]["first"]
    assert next_lawful_moment(visits[2:]) is None


def test_a_visit_whose_hour_has_passed_is_not_waited_for():
    assert is_to_be_announced(visit_between(HOUR, HOUR))
    assert not is_to_be_announced(visit_between(-HOUR, HOUR))
    assert not is_to_be_announced(visit_between(HOUR, HOUR, status="NOTIFIED"))
