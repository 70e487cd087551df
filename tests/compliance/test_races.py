"""Several people at the same moment, each on a connection of their own: one yes, every no committed, nobody stuck."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models.staff import Role
from compliance import gate
from compliance.amendments import AMENDABLE, approve_amendment, propose_amendment
from compliance.complaints.handling import match_complaint
from compliance.complaints.intake import receive_complaint
from compliance.complaints.terms import Category, Intake
from compliance.gate import Ask, Channel, Purpose, Refused
from compliance.models import (
    AuditEntry,
    Clearance,
    Complaint,
    Contact,
    OverrideUse,
    PolicySnapshot,
    Refusal,
    Restriction,
)
from compliance.outcomes import AlreadyNoted, note_outcome
from compliance.overrides import approve_override, request_override
from compliance.parties import PartyReached
from compliance.replay import replay
from compliance.restrictions import enter_restriction, hold, lift_restriction, review_restriction
from compliance.rules.rule import clock
from compliance.terms import OverrideReason, RestrictionKind
from tests.accounts.factories import BranchFactory, UserFactory, overdue_case
from tests.compliance.asking import (
    NOON,
    at,
    call,
    make,
    refused,
    set_database_clock,
    sms,
    visit_plan,
)
from tests.compliance.audit_scenes import verified
from tests.visits.factories import assess

PATIENCE = 60  # seconds until a test gives up on threads that wait for each other


def at_once(*acts, now=NOON):
    """Do all acts at the same moment, each on a connection of its own. What each gave, or raised, in their order."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def go(number, act):
        try:
            set_database_clock(now)
            start.wait(timeout=PATIENCE)
            answers[number] = act()
        except Exception as raised:  # noqa: BLE001 - every answer counts
            answers[number] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=one, daemon=True) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def in_the_background(act, *, now=NOON):
    """Begin an act on a connection of its own. Returns a function that waits for its answer."""
    answers = []

    def go():
        try:
            set_database_clock(now)
            answers.append(act())
        except Exception as raised:  # noqa: BLE001 - every answer counts
            answers.append(raised)
        finally:
            connection.close()

    thread = threading.Thread(target=go, daemon=True)
    thread.start()

    def answer():
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()
        return answers[0]

    return answer


def until_somebody_waits():
    """Return as soon as another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))), pg_sleep(0.01)"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("Nobody waits.")


def reserve(ask, *, by, now=NOON):
    """Ask at `now` and make the contact."""
    with gate.clearance(ask, by=by, now=now) as clearance:
        return gate.make_contact(clearance, staff=ask.staff, by=by, now=now)


def one_person_twice():
    return [overdue_case(now=NOON, identity_number="150203198801012343") for _ in range(2)]


def staff(number):
    return [UserFactory(role=Role.SUPERVISOR) for _ in range(number)]


def chains_are_right(directory):
    """No bad entry, no row without one; the checkpoints are not what this is about."""
    return [it.bad for it in verified(directory).chains.values() if it.bad] == []


# The last one that is permitted


def unanswered(case, *moments):
    by = UserFactory()
    for moment in moments:
        contact = make(call(case, moment, _phone(case)), by=by, now=moment)
        note_outcome(contact, reached=False, party=PartyReached.NOBODY, by=by, now=moment)


def _phone(case):
    return case.customer.phones.get().pk


def last_usual_attempt(case):
    unanswered(case, at(8), at(10))
    return call(case, NOON, _phone(case)), NOON


def last_attempt_of_all(case):
    """Where the bank lets six attempts pass without a second person, which is the most there may be."""
    first, second = (UserFactory(role=Role.COMPLIANCE_OFFICER) for _ in range(2))
    settings = {one.name: int(one.value) for one in AMENDABLE["FRQ-ATT"].settings} | {"usual": 6}
    amendment = propose_amendment(
        rule="FRQ-ATT", settings=settings, effective_from=at(7), reason="x", by=first, now=at(7)
    )
    approve_amendment(amendment, by=second, now=at(7))
    unanswered(case, at(8), at(10), at(12), at(14), at(16))
    return call(case, at(18), _phone(case)), at(18)


def first_conversation(case):
    return call(case, NOON, _phone(case)), NOON


def a_day_after_the_last_conversation(case):
    make(call(case, at(12, day=22)), by=UserFactory(), now=at(12, day=22))
    return call(case, NOON), NOON


def only_reminder(case):
    return sms(case), NOON


def last_reminder_of_the_week(case):
    for day in (18, 20):
        make(sms(case, at(12, day=day)), by=UserFactory(), now=at(12, day=day))
    return sms(case), NOON


def only_visit(case):
    assess(case, now=NOON)
    return Ask(case.customer_id, Channel.VISIT, Purpose.VISIT_START, NOON, NOON, staff=2), NOON


@pytest.mark.parametrize("askers", [2, 4])
@pytest.mark.parametrize(
    ("scene", "rules"),
    [
        (last_usual_attempt, {"FRQ-ATT", "FRQ-GAP"}),
        (last_attempt_of_all, {"FRQ-ATT", "FRQ-GAP"}),
        (first_conversation, {"FRQ-EFF", "FRQ-COOL", "FRQ-GAP"}),
        (a_day_after_the_last_conversation, {"FRQ-EFF", "FRQ-COOL", "FRQ-GAP"}),
        (only_reminder, {"FRQ-SMS"}),
        (last_reminder_of_the_week, {"FRQ-SMS", "FRQ-SMS-7D"}),
        (only_visit, {"FRQ-VISIT"}),
    ],
)
def test_the_last_permitted_contact_is_made_once(committed_db, tmp_path, scene, rules, askers):
    case = overdue_case(now=NOON)
    ask, now = scene(case)
    before = Contact.objects.count()

    answers = at_once(*(lambda by=by: reserve(ask, by=by, now=now) for by in staff(askers)), now=now)

    made = [one for one in answers if isinstance(one, Contact)]
    no = [one for one in answers if isinstance(one, Refused)]
    assert (len(made), len(no)) == (1, askers - 1), answers
    assert Contact.objects.count() == Clearance.objects.count() == before + 1
    assert set(Refusal.objects.values_list("pk", flat=True)) == {one.refusal.pk for one in no}
    assert all(rules <= set(one.rule_ids) for one in Refusal.objects.all())
    assert chains_are_right(tmp_path)


@pytest.mark.parametrize("askers", [2, 4])
def test_one_person_with_two_customer_numbers_is_one_person(committed_db, askers):
    cases = one_person_twice()
    asks = [sms(cases[number % 2]) for number in range(askers)]

    people = staff(askers)
    answers = at_once(
        *(lambda ask=ask, by=by: reserve(ask, by=by) for ask, by in zip(asks, people, strict=True))
    )

    assert sum(isinstance(one, Contact) for one in answers) == 1, answers
    assert sum(isinstance(one, Refused) for one in answers) == askers - 1
    assert {tuple(one.rule_ids) for one in Refusal.objects.all()} == {("FRQ-SMS",)}


# Overrides


def an_eighth_contact(case):
    """Two people have let it pass, once."""
    agent, first, second = (UserFactory(role=role, branch=case.branch) for role in WHO)
    for day in range(17, 24):
        make(sms(case, at(9, day=day), Purpose.VISIT_NOTICE), by=agent, now=at(9, day=day))
    ask = sms(case, NOON, Purpose.VISIT_NOTICE)
    override = request_override(
        refusal=refused(ask, by=agent, now=NOON),
        reason_code=OverrideReason.CUSTOMER_ASKED,
        reason="asked to be told",
        by=first,
        now=NOON,
    )
    approve_override(override, by=second, now=NOON)
    return ask, override


WHO = (Role.FIELD_AGENT, Role.SUPERVISOR, Role.SUPERVISOR)


@pytest.mark.parametrize("askers", [2, 4])
def test_an_override_is_used_once(committed_db, tmp_path, askers):
    ask, override = an_eighth_contact(overdue_case(now=NOON))

    answers = at_once(*(lambda by=by: reserve(ask, by=by) for by in staff(askers)))

    assert sum(isinstance(one, Contact) for one in answers) == 1, answers
    assert [one.refusal.rule_ids for one in answers if isinstance(one, Refused)] == [["FRQ-7D"]] * (
        askers - 1
    )
    assert OverrideUse.objects.get().override == override
    assert chains_are_right(tmp_path)


def test_of_two_who_decide_on_an_override_one_does(committed_db):
    case = overdue_case(now=NOON)
    ask, override = an_eighth_contact(case)
    reserve(ask, by=override.decided_by)
    again = refused(ask, by=UserFactory(), now=NOON)
    asked = request_override(
        refusal=again, reason_code=OverrideReason.OTHER, reason="x", by=override.requested_by, now=NOON
    )
    deciders = [UserFactory(role=Role.SUPERVISOR, branch=case.branch) for _ in range(2)]

    answers = at_once(*(lambda by=by: approve_override(asked, by=by, now=NOON) for by in deciders))

    assert sorted(type(one).__name__ for one in answers) == ["AlreadyDecided", "NoneType"]


# What happens while a contact is being cleared


def stop(case, kind=RestrictionKind.BEREAVEMENT):
    return enter_restriction(
        customer=case.customer,
        kind=kind,
        channels=[],
        starts_at=NOON,
        ends_at=None,
        evidence="told",
        by=UserFactory(role=Role.COMPLIANCE_OFFICER),
        now=NOON,
    )


@pytest.mark.parametrize("by_which_number", ["the same", "the other"])
def test_a_restriction_waits_for_the_contact_that_is_being_made(committed_db, by_which_number):
    cases = one_person_twice()
    set_database_clock(NOON)
    by = UserFactory()
    restricted = cases[by_which_number == "the other"]

    with gate.clearance(sms(cases[0]), by=by, now=NOON) as clearance:
        entering = in_the_background(lambda: stop(restricted))
        until_somebody_waits()
        assert not Restriction.objects.exists()
        contact = gate.make_contact(clearance, by=by, now=NOON)

    assert isinstance(entering(), Restriction)
    assert Contact.objects.get() == contact
    assert "ST-BEREAVE" in refused(sms(cases[0]), by=by, now=NOON).rule_ids


@pytest.mark.parametrize("by_which_number", ["the same", "the other"])
def test_a_contact_waits_for_the_restriction_that_is_being_entered(committed_db, by_which_number):
    cases = one_person_twice()
    by = UserFactory()

    with transaction.atomic():
        stop(cases[by_which_number == "the other"])
        asking = in_the_background(lambda: reserve(sms(cases[0]), by=by))
        until_somebody_waits()
    answer = asking()

    assert isinstance(answer, Refused), answer
    assert answer.refusal.rule_ids == ["ST-BEREAVE"]
    assert not Contact.objects.exists()


def test_a_decision_stands_on_the_settings_it_was_made_by(committed_db, tmp_path):
    case = overdue_case(now=NOON)
    by, first, second = UserFactory(), *(UserFactory(role=Role.COMPLIANCE_OFFICER) for _ in range(2))
    settings = {one.name: int(one.value) for one in AMENDABLE["WIN-BANK"].settings} | {"closes": clock(11)}
    amendment = propose_amendment(
        rule="WIN-BANK", settings=settings, effective_from=NOON, reason="shorter", by=first, now=NOON
    )
    set_database_clock(NOON)

    with gate.clearance(sms(case), by=by, now=NOON) as clearance:
        approving = in_the_background(lambda: approve_amendment(amendment, by=second, now=NOON))
        assert approving() is None  # nobody waits for anybody
        gate.make_contact(clearance, by=by, now=NOON)
    no = refused(sms(overdue_case(now=NOON, identity_number="110101199003077715")), by=by, now=NOON)

    assert no.rule_ids == ["WIN-BANK"]
    assert no.reasons[0]["amendment"] == 1
    assert PolicySnapshot.objects.count() == 2
    assert [replay(one) for one in (Clearance.objects.get(), Refusal.objects.get())] == [None, None]
    assert chains_are_right(tmp_path)


def test_settings_that_are_new_to_all_are_kept_once(committed_db, tmp_path):
    cases = several_customers(4)
    by = UserFactory()

    answers = at_once(*(lambda case=case: reserve(sms(case), by=by) for case in cases))

    assert [type(one) for one in answers] == [Contact] * 4
    assert PolicySnapshot.objects.count() == 1
    assert AuditEntry.objects.filter(subject__startswith="compliance.policysnapshot:").count() == 1
    assert chains_are_right(tmp_path)


# Crowds


def several_customers(number):
    branch = BranchFactory()
    return [
        overdue_case(now=NOON, branch=branch, identity_number=f"1502031988010{n:05}") for n in range(number)
    ]


def accept(cases, *, by):
    """Plan tomorrow's visits in one set."""
    asks = [visit_plan(case, at(10, day=24)) for case in cases]
    with gate.clearances(asks, by=by, now=NOON) as answers:
        return len(answers)


def test_plans_in_sets_and_single_contacts_do_not_wait_in_a_circle(committed_db, tmp_path):
    cases = several_customers(6)
    for case in cases:
        assess(case, now=NOON)
    one, other, *agents = staff(5)

    answers = at_once(
        lambda: [accept(cases, by=one) for _ in range(4)],
        lambda: [accept(cases[::-1], by=other) for _ in range(4)],
        *(lambda by=by: [_answer(sms(case), by=by) for case in cases[::-1]] for by in agents),
    )

    assert answers[:2] == [[6] * 4] * 2
    assert not [one for one in answers if isinstance(one, Exception)]
    assert [sum(told[n] for told in answers[2:]) for n in range(6)] == [1] * 6
    assert Contact.objects.count() == 6
    assert Refusal.objects.filter(purpose=Purpose.PAYMENT_REMINDER).count() == 12
    assert chains_are_right(tmp_path)


def _answer(ask, *, by):
    try:
        reserve(ask, by=by)
    except Refused:
        return 0
    return 1


def test_restrictions_reviews_complaints_and_outcomes_do_not_wait_in_a_circle(committed_db, tmp_path):
    """They all record: the customers' locks come first, the chains' last."""
    cases = several_customers(2)
    officer = UserFactory(role=Role.COMPLIANCE_OFFICER)
    people = [case.customer for case in cases]
    called = [make(call(case, NOON), by=officer, now=NOON) for case in cases]
    held = [stop(case, RestrictionKind.REPRESENTED) for case in cases]
    complaints = [
        receive_complaint(
            category=Category.AMOUNT_DISPUTED,
            intake=Intake.CALL,
            told="no",
            customer=person,
            by=officer,
            now=NOON,
        )
        for person in people
    ]

    def move_complaint(number):
        for turn in range(3):
            there = people[(number + turn + 1) % 2]
            match_complaint(
                Complaint.objects.get(pk=complaints[number].pk), customer=there, by=officer, now=NOON
            )

    def tell(number):
        with transaction.atomic():
            hold(people[number].pk)
            note_outcome(called[number], reached=True, party=PartyReached.DEBTOR, by=UserFactory(), now=NOON)

    answers = at_once(
        lambda: move_complaint(0),
        lambda: move_complaint(1),
        lambda: [review_restriction(one, by=officer, now=NOON) for one in held * 3] and None,
        lambda: [lift_restriction(stop(case), by=officer, now=NOON) for case in cases * 2] and None,
        lambda: tell(0),
        lambda: tell(1),
    )

    assert [one for one in answers if one is not None] == []
    assert chains_are_right(tmp_path)


def test_of_two_who_tell_what_came_of_a_contact_one_does(committed_db, tmp_path):
    contact = make(call(overdue_case(now=NOON), NOON), by=UserFactory(), now=NOON)

    answers = at_once(
        *(
            lambda by=by: note_outcome(contact, reached=True, party=PartyReached.DEBTOR, by=by, now=NOON)
            for by in staff(2)
        )
    )

    assert sum(isinstance(one, AlreadyNoted) for one in answers) == 1, answers
    assert not any(isinstance(one, DatabaseError) for one in answers)
    assert chains_are_right(tmp_path)
