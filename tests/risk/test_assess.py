import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.cases import note_changed_facts
from accounts.models import Case, CaseEvent, User
from accounts.models.cases import CaseStatus, NextAction, Stage
from config.ledger import LedgerChanged
from risk import assess
from risk.assess import assess_cases, assess_changed_cases, assess_portfolio, recompute
from risk.behaviour import note_incident
from risk.models import Assessment, IncidentKind, Scorecard, Standing
from tests.accounts.factories import BranchFactory, CaseFactory, CustomerFactory, overdue_case

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def case(db):
    return overdue_case(now=NOW, income_kind="SALARY", monthly_income=Decimal("9000.00"))


def current(case):
    return Standing.objects.select_related("assessment").get(case=case).assessment


def change_income(case, kind, *, now):
    case.customer.income_kind = kind
    case.customer.save()
    note_changed_facts(customers=[case.customer_id], now=now)


# What is kept


def test_a_new_case_is_assessed(case):
    assert assess_changed_cases(now=NOW) == 1

    assessment = current(case)
    assert (assessment.ability, assessment.willingness, assessment.safety) == (56, 47, 14)
    assert (assessment.tier, assessment.strategy, assessment.safety_band) == ("MEDIUM", "FIRM", "CAREFUL")
    assert (assessment.known, assessment.asked) == (6, 15)
    assert (assessment.customer_id, assessment.assessed_at) == (case.customer_id, NOW)
    assert assessment.facts["income"] == "SALARY"
    assert assessment.facts["other_lenders_overdue"] is None
    assert (assessment.facts["overdue_cents"], assessment.facts["currency"]) == (500_000, "CNY")
    assert assessment.reasons[0] == {
        "dimension": "ability",
        "characteristic": "paid_of_billed",
        "value": None,
        "points": 9,
        "best": 24,
    }
    assert Case.objects.get().assessed_at == NOW


def test_what_was_assessed_is_not_assessed_again(case):
    assess_changed_cases(now=NOW)

    assert assess_changed_cases(now=LATER) == 0
    assert Assessment.objects.count() == 1


def test_changed_facts_are_assessed_and_the_old_assessment_is_kept(case):
    assess_changed_cases(now=NOW)
    old = current(case)
    change_income(case, "NONE", now=LATER)

    assert assess_changed_cases(now=LATER) == 1

    assert current(case).ability == old.ability - 14
    assert list(Assessment.objects.order_by("pk").values_list("ability", flat=True)) == [56, 42]


def test_a_change_told_late_with_an_earlier_clock_is_not_lost(case):
    """A long import reads its clock at the start and commits at the end, after an assessment in between."""
    assess_changed_cases(now=LATER)
    change_income(case, "NONE", now=NOW + timedelta(minutes=1))

    assert assess_changed_cases(now=LATER + timedelta(minutes=1)) == 1


def test_an_incident_closes_the_home(case):
    assess_changed_cases(now=NOW)
    note_incident(case.customer_id, kind=IncidentKind.ASSAULT, by=User.objects.system(), now=LATER)

    assess_changed_cases(now=LATER)

    assert current(case).safety_band == "NO_VISIT"


def test_every_open_case_of_the_portfolio_is_assessed_even_unchanged(case):
    CaseFactory(opened_at=NOW, status=CaseStatus.CLOSED, closed_at=NOW, stage=Stage.CLOSED)
    assess_changed_cases(now=NOW)

    assert assess_portfolio(now=NOW + timedelta(days=1)) == 1
    assert current(case).facts["days_past_due"] == 46


def test_only_the_wanted_cases_are_assessed(case):
    other = overdue_case(now=NOW)

    assert assess_cases(Case.objects.filter(customer__bank_number=other.customer.bank_number), now=NOW) == 1
    assert Standing.objects.get().case_id == other.pk


def test_a_stored_score_is_recomputed_from_its_facts_and_its_card(case):
    for days, hardship in ((3, ""), (10, "LASTING"), (70, "NONE"), (200, "TEMPORARY")):
        overdue_case(
            now=NOW, days=days, hardship=hardship, overdue="60000.00", other_lenders_overdue=days % 4
        )
    assess_changed_cases(now=NOW)

    for assessment in Assessment.objects.select_related("scorecard"):
        again = recompute(assessment)
        assert (again.ability, again.willingness, again.safety) == (
            assessment.ability,
            assessment.willingness,
            assessment.safety,
        )
        assert (again.tier, again.strategy, again.safety_band) == (
            assessment.tier,
            assessment.strategy,
            assessment.safety_band,
        )
        assert list(again.points) == assessment.points
        assert [vars(reason) for reason in again.reasons] == assessment.reasons
        assert (again.known, again.asked) == (assessment.known, assessment.asked)


def test_an_assessment_stays_as_it_was(case):
    assess_changed_cases(now=NOW)
    assessment = Assessment.objects.get()

    with pytest.raises(LedgerChanged):
        assessment.save()
    with pytest.raises(LedgerChanged):
        Assessment.objects.update(tier="LOW")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE risk_assessment SET tier = 'LOW'",
        "DELETE FROM risk_assessment",
        "TRUNCATE risk_assessment CASCADE",
    ],
)
def test_the_database_keeps_assessments_from_the_application(case, change):
    assess_changed_cases(now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_without_a_card_in_force_nothing_is_assessed(case):
    Scorecard.objects.update(status="RETIRED")

    with pytest.raises(Scorecard.DoesNotExist):
        assess_changed_cases(now=NOW)


# What it makes of the case


def test_the_case_moves_on_to_planning_with_a_next_action(case):
    assess_changed_cases(now=NOW)

    moved = Case.objects.get()
    assert (moved.stage, moved.next_action, moved.next_action_on) == (
        Stage.PLANNING,
        NextAction.REMIND,
        date(2026, 11, 20),
    )
    event = CaseEvent.objects.get()
    assert (event.by.username, event.at) == ("system", NOW)
    assert event.detail == {"next_action": "REMIND", "next_action_on": "2026-11-20", "stage": "PLANNING"}


def test_the_next_action_falls_on_the_branchs_own_date(db):
    overdue_case(now=NOW, branch=BranchFactory(time_zone="America/New_York"))

    assess_changed_cases(now=NOW)

    assert Case.objects.get().next_action_on == date(2026, 11, 19)


def test_the_same_answer_again_changes_nothing_on_the_case(case):
    assess_changed_cases(now=NOW)
    assess_portfolio(now=NOW + timedelta(days=1))

    assert Case.objects.get().next_action_on == date(2026, 11, 20)
    assert CaseEvent.objects.count() == 1


def test_another_answer_changes_the_next_action(case):
    assess_changed_cases(now=NOW)
    Case.objects.update(overdue_amount=Decimal("60000.00"), facts_changed_at=LATER)

    assess_changed_cases(now=LATER)

    assert Case.objects.get().next_action == NextAction.VISIT


@pytest.mark.parametrize("stage", [Stage.VERIFICATION, Stage.VISIT, Stage.FOLLOW_UP])
def test_a_case_that_is_elsewhere_is_assessed_and_left_where_it_is(case, stage):
    Case.objects.update(stage=stage, next_action=NextAction.VERIFY)

    assess_changed_cases(now=NOW)

    left = Case.objects.get()
    assert (left.stage, left.next_action, left.assessed_at) == (stage, NextAction.VERIFY, NOW)
    assert not CaseEvent.objects.exists()


@pytest.mark.parametrize(
    "decided", [NextAction.SUPERVISOR, NextAction.LEGAL, NextAction.RESOLVE_DISPUTE, NextAction.AWAIT_PAYMENT]
)
def test_what_people_decided_stands(case, decided):
    Case.objects.update(stage=Stage.PLANNING, next_action=decided)

    assess_changed_cases(now=NOW)

    assert Case.objects.get().next_action == decided


# Portfolios and workers


def test_a_portfolio_costs_no_more_statements_than_a_case(db):
    branch = BranchFactory()
    CaseFactory(customer=CustomerFactory(branch=branch), opened_at=NOW, stage=Stage.ASSESSMENT)
    with CaptureQueriesContext(connection) as for_one:
        assess_changed_cases(now=NOW)
    for _ in range(200):
        CaseFactory(customer=CustomerFactory(branch=branch), opened_at=NOW, stage=Stage.ASSESSMENT)

    with CaptureQueriesContext(connection) as for_many:
        assert assess_changed_cases(now=NOW) == 200

    assert len(for_many) == len(for_one) < 25


def test_a_portfolio_is_assessed_in_chunks_and_says_how_far_it_is(db, monkeypatch):
    monkeypatch.setattr(assess, "CHUNK", 2)
    cases = {CaseFactory(opened_at=NOW).pk for _ in range(5)}
    heard = []

    assert assess_portfolio(now=NOW, report=heard.append) == 5

    assert heard == [2, 4, 5]
    assert set(Standing.objects.values_list("case", flat=True)) == cases


def in_thread(work):
    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_workers_assess_each_case_once(committed_db, monkeypatch):
    monkeypatch.setattr(assess, "CHUNK", 3)
    for _ in range(20):
        CaseFactory(opened_at=NOW, stage=Stage.ASSESSMENT)
    together = threading.Barrier(2)
    done = []

    def work():
        together.wait()
        done.append(assess_changed_cases(now=NOW))

    for thread in [in_thread(work), in_thread(work)]:
        thread.join()

    assert sum(done) == Assessment.objects.count() == Standing.objects.count() == 20
    assert CaseEvent.objects.count() == 20


@pytest.mark.parametrize("assess_them", [assess_changed_cases, assess_portfolio])
def test_a_case_somebody_else_holds_is_left_to_them(committed_db, assess_them):
    held, free = CaseFactory(opened_at=NOW), CaseFactory(opened_at=NOW)
    done = []

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=held.pk)
        in_thread(lambda: done.append(assess_them(now=NOW))).join(timeout=20)

    assert done == [1]
    assert Standing.objects.get().case_id == free.pk


def test_a_case_that_was_just_assessed_is_not_assessed_again(case, monkeypatch):
    """The worker that waited for a chunk looks a second time, when the rows are its own."""
    look_again = assess._locked

    def another_worker_was_here(cases):
        Standing.objects.create(
            case=case, assessment=Assessment.objects.get(), facts_of=case.facts_changed_at
        )
        return look_again(cases)

    assess_changed_cases(now=NOW)
    Standing.objects.all().delete()
    monkeypatch.setattr(assess, "_locked", another_worker_was_here)

    assert assess_changed_cases(now=LATER) == 0
