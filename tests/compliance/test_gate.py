import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, lists

from accounts.models.staff import Role
from compliance import gate
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import Clearance, Contact, Refusal
from compliance.restrictions import enter_restriction
from compliance.terms import RestrictionKind
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.visits.factories import assess

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


@pytest.fixture
def supervisor(db):
    return UserFactory(role=Role.SUPERVISOR)


@pytest.fixture
def it_is(database_clock):
    """The database's clock, which the gate compares with the application's."""
    return database_clock


@pytest.fixture
def case(db, it_is):
    it_is(NOON)
    return overdue_case(now=NOON)


def sms(case, at=NOON):
    return Ask(case.customer_id, Channel.SMS, Purpose.PAYMENT_REMINDER, at, at)


@contextmanager
def cleared(ask, *, by, now):
    """As on a machine whose clocks agree."""
    connection.cursor().execute("SELECT set_config('zoufang.now', %s, false)", [now.isoformat()])
    with gate.clearance(ask, by=by, now=now) as clearance:
        yield clearance


def planned_visit(case, at):
    return Ask(case.customer_id, Channel.VISIT, Purpose.VISIT_PLAN, at, at + timedelta(minutes=30), staff=2)


def at(hour, minute=0, second=0, microsecond=0, day=23):
    return datetime(2026, 11, day, hour, minute, second, microsecond, tzinfo=SHANGHAI)


def test_a_yes_is_a_clearance_with_what_the_gate_saw(case, supervisor):
    with cleared(sms(case), by=supervisor, now=NOON) as clearance:
        contact = gate.make_contact(clearance, by=supervisor, now=NOON)

    kept = Clearance.objects.get()
    assert kept.asked_by == supervisor
    assert kept.expires_at == NOON + timedelta(seconds=60)
    assert kept.facts["zones"] == ["Asia/Shanghai"]
    assert kept.tzdata
    assert kept.policy.sha256
    assert ["WIN-BANK", 1] in kept.rules
    assert contact.clearance == kept


def test_a_no_is_committed_with_every_reason_and_the_next_moment(case, supervisor):
    case.overdue_amount = 0
    case.save()

    with pytest.raises(Refused) as refused, cleared(sms(case, at(22)), by=supervisor, now=at(22)):
        pytest.fail("the body of a refused clearance ran")

    kept = Refusal.objects.get()
    assert kept.pk == refused.value.refusal.pk
    assert kept.rule_ids == ["WIN-BANK", "WIN-CN", "ST-PAID"]
    assert kept.next_allowed_at is None
    assert not Clearance.objects.exists()


def test_a_refusal_at_night_says_eight_tomorrow(case, supervisor):
    with pytest.raises(Refused) as refused, cleared(sms(case, at(21)), by=supervisor, now=at(21)):
        pass

    assert refused.value.refusal.next_allowed_at == at(8, day=24)


def test_a_refusal_reads_as_a_sentence(case, supervisor):
    with pytest.raises(Refused) as refused, cleared(sms(case, at(21)), by=supervisor, now=at(21)):
        pass

    assert "21:00:00" in str(refused.value)


def test_a_clearance_is_undone_with_the_body_that_fails(case, supervisor):
    with pytest.raises(ZeroDivisionError), cleared(sms(case), by=supervisor, now=NOON):
        raise ZeroDivisionError

    assert not Clearance.objects.exists()


def test_an_act_cannot_be_cleared_for_another_moment(case, supervisor):
    with (
        pytest.raises(ValueError, match="moment it is made"),
        cleared(sms(case, at(13)), by=supervisor, now=NOON),
    ):
        pass


def test_the_permit_ends_at_the_cut_off(case, supervisor):
    late = at(20, 49, 30)

    with cleared(sms(case, late), by=supervisor, now=late) as clearance:
        assert clearance.expires_at == at(20, 50)


def test_hand_over_is_checked_again(case, supervisor):
    late = at(20, 49, 30)
    with cleared(sms(case, late), by=supervisor, now=late) as clearance:
        contact = gate.make_contact(clearance, by=supervisor, now=late)

    gate.ensure_still_allowed(contact, now=at(20, 49, 59, 999_999))
    with pytest.raises(gate.Expired):
        gate.ensure_still_allowed(contact, now=at(20, 50))


def test_hand_over_after_sixty_seconds_is_too_late(case, supervisor):
    with cleared(sms(case), by=supervisor, now=NOON) as clearance:
        contact = gate.make_contact(clearance, by=supervisor, now=NOON)

    gate.ensure_still_allowed(contact, now=NOON + timedelta(seconds=59, microseconds=999_999))
    with pytest.raises(gate.Expired):
        gate.ensure_still_allowed(contact, now=NOON + timedelta(seconds=60))


def test_the_ledger_counts_towards_the_next_decision(case, supervisor):
    with cleared(sms(case), by=supervisor, now=NOON) as clearance:
        gate.make_contact(clearance, by=supervisor, now=NOON)

    with (
        pytest.raises(Refused) as refused,
        cleared(sms(case, NOON + timedelta(hours=1)), by=supervisor, now=NOON + timedelta(hours=1)),
    ):
        pass

    assert refused.value.refusal.rule_ids == ["FRQ-SMS"]


def test_a_restriction_binds_at_once(case, supervisor):
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.BEREAVEMENT,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="told by the family",
        by=supervisor,
        now=NOON,
    )

    with pytest.raises(Refused) as refused, cleared(sms(case), by=supervisor, now=NOON):
        pass

    assert refused.value.refusal.rule_ids == ["ST-BEREAVE"]


def test_an_unverified_customer_cannot_be_planned(case, supervisor):
    assess(case, now=NOON)
    case.customer.verifications.filter(kind="ADDRESS").delete()

    verdict = gate.preview_each([planned_visit(case, at(10, day=24))]).popitem()[1]

    assert [hit.rule for hit in verdict.stops] == ["VIS-VERIFIED"]


def test_a_set_of_plans_is_answered_together_and_commits_together(case, supervisor):
    other = overdue_case(now=NOON, branch=case.branch)
    assess(case, now=NOON)
    assess(other, now=NOON)
    asks = [planned_visit(case, at(10, day=24)), planned_visit(other, at(20, 30, day=24))]

    with gate.clearances(asks, by=supervisor, now=NOON) as answers:
        assert isinstance(answers[asks[0]], Clearance)
        assert isinstance(answers[asks[1]], Refusal)

    assert Clearance.objects.get().customer_id == case.customer_id
    assert Refusal.objects.get().rule_ids == ["WIN-CUTOFF"]


def test_only_plans_are_cleared_in_sets(case, supervisor):
    with pytest.raises(ValueError, match="Only plans"), gate.clearances([sms(case)], by=supervisor, now=NOON):
        pass


@given(
    minutes=integers(0, 3 * 24 * 60),
    contacts=lists(integers(0, 9 * 24 * 60), max_size=4),
    hospital=lists(integers(0, 3 * 24 * 60), min_size=2, max_size=2, unique=True).map(sorted),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_preview_agrees_with_the_gate_whatever_happened_before(
    case, supervisor, database_clock, minutes, contacts, hospital
):
    moment = at(6) + timedelta(minutes=minutes)
    with Undo():
        for before in contacts:
            _contact_in_the_past(case, supervisor, moment - timedelta(minutes=before))
        from_, until = (at(0) + timedelta(minutes=each) for each in hospital)
        restrict(case, supervisor, from_, until)

        verdict = gate.preview_each([sms(case, moment)]).popitem()[1]
        written = Clearance.objects.count() + Refusal.objects.count()
        try:
            with cleared(sms(case, moment), by=supervisor, now=moment):
                allowed = True
        except Refused as refused:
            allowed = False
            assert refused.refusal.rule_ids == [hit.rule for hit in verdict.stops]
            assert refused.refusal.next_allowed_at == verdict.next_allowed_at

        assert verdict.allowed is allowed
        assert written == len(contacts)
        assert Clearance.objects.count() + Refusal.objects.count() == written + 1


class Undo:
    """A savepoint for one example that does not count as a transaction around the gate."""

    def __enter__(self):
        self.savepoint = transaction.savepoint()

    def __exit__(self, *error):
        transaction.savepoint_rollback(self.savepoint)


def _contact_in_the_past(case, supervisor, moment):
    connection.cursor().execute("SELECT set_config('zoufang.now', %s, false)", [NOON.isoformat()])
    clearance = Clearance.objects.create(
        customer=case.customer, channel="SMS", purpose="PAYMENT_REMINDER", asked_by=supervisor,
        decided_at=moment, at=moment, facts={}, rulebook="x", rules=[], expires_at=NOON + timedelta(days=9),
    )  # fmt: skip
    gate.make_contact(clearance, by=supervisor, now=moment)


def restrict(case, supervisor, starts_at, ends_at):
    enter_restriction(
        customer=case.customer,
        kind=RestrictionKind.HOSPITAL,
        channels=[],
        starts_at=starts_at,
        ends_at=ends_at,
        evidence="letter",
        by=supervisor,
        now=NOON,
    )


def test_one_customer_or_many_take_the_same_number_of_queries(case):
    branch = BranchFactory()
    many = [overdue_case(now=NOON, branch=branch) for _ in range(12)]

    with CaptureQueriesContext(connection) as one:
        gate.preview_each([sms(case)])
    with CaptureQueriesContext(connection) as twelve:
        gate.preview_each([sms(each) for each in many])

    assert len(twelve) == len(one) == 12


def test_the_gate_is_not_asked_inside_a_transaction(committed_db):
    case = overdue_case(now=NOON)
    supervisor = UserFactory(role=Role.SUPERVISOR)

    with (
        transaction.atomic(),
        pytest.raises(RuntimeError, match="durable"),
        cleared(sms(case), by=supervisor, now=NOON),
    ):
        pass


def test_a_refusal_survives_the_rollback_around_the_caller(committed_db):
    case = overdue_case(now=NOON)
    supervisor = UserFactory(role=Role.SUPERVISOR)

    with pytest.raises(Refused), cleared(sms(case, at(23)), by=supervisor, now=at(23)):
        pass
    connections.close_all()

    assert Refusal.objects.count() == 1


def test_two_people_asking_at_once_for_the_last_permitted_message_get_one(committed_db):
    case = overdue_case(now=NOON)
    supervisor = UserFactory(role=Role.SUPERVISOR)
    outcomes, start = [], threading.Barrier(4)

    def ask():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('zoufang.now', %s, false)", [NOON.isoformat()])
            start.wait(timeout=10)
            with cleared(sms(case), by=supervisor, now=NOON) as clearance:
                gate.make_contact(clearance, by=supervisor, now=NOON)
            outcomes.append("yes")
        except Refused as refused:
            outcomes.append(refused.refusal.rule_ids)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(map(str, outcomes)) == sorted(["yes", *[str(["FRQ-SMS"])] * 3])
    assert Contact.objects.count() == 1


def test_a_clearance_serves_one_contact(case, supervisor):
    with cleared(sms(case), by=supervisor, now=NOON) as clearance:
        gate.make_contact(clearance, by=supervisor, now=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            gate.make_contact(clearance, by=supervisor, now=NOON)


@pytest.mark.parametrize(
    "borrowed",
    [
        {"customer_id": "other"},
        {"channel": "CALL"},
        {"purpose": "PROMISE_REMINDER"},
        {"clearance_id": uuid4()},
    ],
)
def test_a_contact_cannot_borrow_another_clearance(case, supervisor, borrowed):
    other = overdue_case(now=NOON)
    if borrowed.get("customer_id"):
        borrowed = {"customer_id": other.customer_id}
    with cleared(sms(case), by=supervisor, now=NOON) as clearance:
        own = {
            "clearance_id": clearance.pk,
            "customer_id": case.customer_id,
            "channel": "SMS",
            "purpose": "PAYMENT_REMINDER",
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(**{**own, **borrowed}, made_at=NOON, made_by=supervisor)
            connection.check_constraints()
