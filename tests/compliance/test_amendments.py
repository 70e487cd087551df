"""Settings of the rules: two persons, never looser than the limit, whoever writes them and however."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models.staff import Role
from compliance import gate
from compliance.amendments import (
    AMENDABLE,
    AlreadyDecided,
    NotAmendable,
    NotYours,
    approve_amendment,
    propose_amendment,
    reject_amendment,
)
from compliance.models import AuditEntry, PolicySnapshot, RuleAmendment, RuleLimit
from compliance.rules.rule import clock
from tests.accounts.factories import UserFactory, overdue_case
from tests.compliance.asking import NOON, at, make, refused, sms

HOUR = timedelta(hours=1)


@pytest.fixture
def officer(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


@pytest.fixture
def second(db):
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def packaged(rule, **changes):
    return {one.name: int(one.value) for one in AMENDABLE[rule].settings} | changes


def propose(officer, rule="WIN-BANK", *, effective_from=NOON, now=NOON, **changes):
    return propose_amendment(
        rule=rule,
        settings=packaged(rule, **changes),
        effective_from=effective_from,
        reason="summer hours",
        by=officer,
        now=now,
    )


def test_a_stricter_setting_binds_from_its_date_on_when_a_second_person_approved(officer, second):
    case = overdue_case(now=NOON)
    amendment = propose(officer, effective_from=at(13), opens=clock(9))
    assert gate.preview_each([sms(case, at(8, 30, day=24))]).popitem()[1].allowed

    approve_amendment(amendment, by=second, now=NOON)

    by_asks = gate.preview_each(
        [sms(case, at(8, 30)), sms(case, at(8, 30, day=24)), sms(case, at(9, day=24))]
    )
    before, after, later = by_asks.values()
    assert before.allowed
    assert [(hit.rule, hit.amendment, hit.params["opens"]) for hit in after.stops] == [
        ("WIN-BANK", 1, clock(9))
    ]
    assert after.next_allowed_at == at(9, day=24)
    assert later.allowed


def test_what_was_in_force_is_kept_with_the_decision(officer, second):
    case = overdue_case(now=NOON)
    make(sms(case), by=officer, now=NOON)
    approve_amendment(propose(officer, "FRQ-SMS-7D", most=1), by=second, now=NOON + HOUR)

    refusal = refused(sms(case, at(12, day=25)), by=officer, now=at(12, day=25))

    assert refusal.rule_ids == ["FRQ-SMS-7D"]
    assert refusal.reasons[0]["amendment"] == 1
    assert refusal.reasons[0]["params"] == {"most": 1, "days": 7}
    assert PolicySnapshot.objects.count() == 2
    assert ["FRQ-SMS-7D", 1, 1, 3, {"most": 1, "days": 7}] in refusal.policy.content


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("WIN-BANK", {"opens": clock(8) - 1}),
        ("WIN-BANK", {"closes": clock(21) + 1}),
        ("FRQ-ATT", {"usual": 8}),  # test vector 12
        ("FRQ-ATT", {"most": 7}),
        ("FRQ-EFF", {"most": 4}),
        ("FRQ-VISIT", {"days": 6}),
        ("VIS-TEAM", {"least": 1}),
        ("WIN-BANK", {"decision": 3}),
        ("CLOCK", {"skew": 31}),
    ],
)
def test_nothing_looser_than_its_limit_is_saved(officer, rule, changes):
    with pytest.raises(NotAmendable, match=r"looser|宽") as refused_:
        propose(officer, rule, **changes)

    assert len(refused_.value.problems) == 1
    assert not RuleAmendment.objects.exists()


@pytest.mark.parametrize("rule", ["WIN-BANK", "FRQ-ATT", "VIS-TEAM", "CLOCK"])
def test_the_database_refuses_a_looser_setting_whoever_writes_it(officer, rule):
    limit = AMENDABLE[rule].params[0]
    looser = packaged(rule, **{limit.name: int(limit.limit) - int(limit.tighter)})

    with pytest.raises(IntegrityError, match="looser than the limit"), transaction.atomic():
        RuleAmendment.objects.create(
            rule=rule,
            number=1,
            settings=looser,
            effective_from=NOON,
            reason="x",
            proposed_at=NOON,
            proposed_by=officer,
        )
    with pytest.raises(IntegrityError, match="looser than the limit"), transaction.atomic():
        RuleAmendment.objects.bulk_create(
            [
                RuleAmendment(
                    rule=rule,
                    number=1,
                    settings=looser,
                    effective_from=NOON,
                    reason="x",
                    proposed_at=NOON,
                    proposed_by=officer,
                )
            ]
        )


@pytest.mark.parametrize(
    "settings", [{}, {"opens": clock(9)}, {"opens": "9", "closes": 1, "decision": 4}, {"moon": 1}]
)
def test_the_database_wants_every_setting_and_no_other(officer, settings):
    with pytest.raises(IntegrityError, match="name every setting|missing or no number"), transaction.atomic():
        RuleAmendment.objects.create(
            rule="WIN-BANK",
            number=1,
            settings=settings,
            effective_from=NOON,
            reason="x",
            proposed_at=NOON,
            proposed_by=officer,
        )


def test_the_application_cannot_move_the_limits(db):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RuleLimit.objects.update(loosest=0)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        RuleLimit.objects.all().delete()


def test_hours_that_never_open_are_refused(officer):
    with pytest.raises(NotAmendable):
        propose(officer, opens=clock(21), closes=clock(8, 0) + 46_800)


def test_one_person_alone_changes_nothing(officer):
    amendment = propose(officer, opens=clock(9))

    with pytest.raises(NotYours):
        approve_amendment(amendment, by=officer, now=NOON)
    with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
        RuleAmendment.objects.update(status="APPROVED", decided_at=NOON, decided_by=officer)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.FIELD_AGENT])
def test_only_compliance_officers_change_the_book(officer, role):
    somebody = UserFactory(role=role)
    amendment = propose(officer, opens=clock(9))

    with pytest.raises(NotYours):
        propose(somebody, opens=clock(9))
    with pytest.raises(NotYours):
        approve_amendment(amendment, by=somebody, now=NOON)


def test_it_is_decided_once(officer, second):
    amendment = propose(officer, opens=clock(9))
    reject_amendment(amendment, by=second, now=NOON)

    with pytest.raises(AlreadyDecided):
        approve_amendment(amendment, by=second, now=NOON)
    with pytest.raises(DatabaseError, match="decided once"), transaction.atomic():
        RuleAmendment.objects.update(status="APPROVED")
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        RuleAmendment.objects.all().delete()


def test_what_was_approved_is_never_rewritten(officer, second):
    approve_amendment(propose(officer, opens=clock(9)), by=second, now=NOON)

    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        RuleAmendment.objects.update(settings=packaged("WIN-BANK"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE compliance_ruleamendment")


def test_it_cannot_come_into_force_in_the_past(officer, second):
    with pytest.raises(NotAmendable):
        propose(officer, effective_from=NOON - timedelta(microseconds=1), opens=clock(9))
    amendment = propose(officer, effective_from=at(13), opens=clock(9))

    approve_amendment(amendment, by=second, now=at(14))

    assert amendment.effective_from == at(14)


def test_a_later_amendment_takes_the_place_of_an_earlier_one_and_may_go_back_to_the_packaged(officer, second):
    case = overdue_case(now=NOON)
    approve_amendment(propose(officer, opens=clock(10)), by=second, now=NOON)
    approve_amendment(propose(officer, effective_from=at(13)), by=second, now=NOON)

    early = at(9, day=24)
    assert gate.preview_each([sms(case, early)]).popitem()[1].allowed


def test_the_whole_rule_can_be_made_stricter(officer, second):
    case = overdue_case(now=NOON)
    approve_amendment(propose(officer, "VIS-LAST", decision=4), by=second, now=NOON)
    asks = gate.preview(
        [case.customer_id],
        channel=gate.Channel.VISIT,
        purpose=gate.Purpose.VISIT_PLAN,
        at=at(10, day=24),
        lasting=timedelta(minutes=30),
        staff=2,
    )

    assert ("VIS-LAST", 4) in [(hit.rule, hit.decision) for hit in asks.popitem()[1].stops]


def test_every_step_is_in_the_audit_chain(officer, second):
    approve_amendment(propose(officer, opens=clock(9)), by=second, now=NOON)

    told = [
        json.loads(entry.body)["detail"]["what"]
        for entry in AuditEntry.objects.filter(kind="POLICY").order_by("seq")
    ]
    assert told == ["proposed", "approved"]


def test_limits_are_those_of_the_packaged_book(db):
    kept = {(row.rule, row.setting): (row.loosest, row.direction) for row in RuleLimit.objects.all()}

    assert kept == {
        (rule.id, one.name): (one.limit, one.tighter) for rule in AMENDABLE.values() for one in rule.settings
    }
