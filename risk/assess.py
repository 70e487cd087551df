"""Assessing cases set-wise: read the facts, score them, keep what the card said, say what happens next.

One case and a whole portfolio go through the same code, in chunks, each in a transaction of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.cases import NextStep, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from risk import next_steps
from risk.card import Card
from risk.card_checks import read_card
from risk.evidence import facts_from_json
from risk.facts import facts_of
from risk.keeping import append_assessments, mark_assessed, switch_standings
from risk.models import Assessment, SafetyBand, Scorecard, Strategy, Tier
from risk.scoring import BANDS, STRATEGIES, TIERS, Scores, score
from risk.scoring_many import ScoreColumns, score_many

CHUNK = 20_000

Report = Callable[[int], None]


def silent(_done: int) -> None:
    """For callers that want no news of the progress."""


@dataclass(frozen=True)
class CardInForce:
    """The active card, read once a run."""

    id: int
    card: Card

    @classmethod
    def now(cls) -> "CardInForce":
        row = Scorecard.objects.in_force()
        return cls(row.pk, read_card(row.definition))


@dataclass(frozen=True)
class LockedCase:
    """What a case holds while it is assessed, locked against others."""

    id: UUID
    customer_id: UUID
    stage: str
    next_action: str
    facts_changed_at: datetime
    time_zone: str


def assess_cases(cases: QuerySet[Case], *, now: datetime, report: Report = silent) -> int:
    """Assess the open ones of `cases`, whatever is known of them. Returns how many; `report` hears of each chunk.

    Waits for cases that others hold.
    """
    wanted = Case.objects.open().filter(pk__in=cases.values("pk"))
    return _assess_in_chunks(wanted, skip_locked=False, now=now, report=report)


def assess_portfolio(*, now: datetime, report: Report = silent) -> int:
    """Assess every open case anew: days pass and cards change even where no fact did.

    Cases that others hold are left out: whoever holds one is changing it, and it will be assessed for that.
    """
    return _assess_in_chunks(Case.objects.open(), skip_locked=True, now=now, report=report)


def assess_changed_cases(*, now: datetime, report: Report = silent) -> int:
    """Assess the open cases that never were, or whose facts changed since. Cases that another worker holds are
    left to it.
    """
    return _assess_in_chunks(changed_cases(), skip_locked=True, now=now, report=report)


def changed_cases() -> QuerySet[Case]:
    """Open cases whose current assessment, if any, saw other facts than there are now."""
    return Case.objects.open().filter(Q(standing__isnull=True) | ~Q(standing__facts_of=F("facts_changed_at")))


def recompute(assessment: Assessment) -> Scores:
    """The scores once more, from the kept facts and the card: they must equal what is stored."""
    return score(read_card(assessment.scorecard.definition), facts_from_json(assessment.facts))


def _assess_in_chunks(cases: QuerySet[Case], *, skip_locked: bool, now: datetime, report: Report) -> int:
    card = CardInForce.now()
    by = User.objects.system()
    done = 0
    remaining = cases.order_by("pk")
    while True:
        with transaction.atomic():
            chunk = list(
                remaining.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked).values_list(
                    "pk", flat=True
                )[:CHUNK]
            )
            if not chunk:
                return done
            # A second look, now that the rows are ours: another worker may just have been here.
            done += _assess(_locked(cases.filter(pk__in=chunk)), card, by=by, now=now)
        report(done)
        remaining = remaining.filter(pk__gt=chunk[-1])


def _locked(cases: QuerySet[Case]) -> list[LockedCase]:
    rows = cases.values_list(
        "pk", "customer_id", "stage", "next_action", "facts_changed_at", "branch__time_zone"
    )
    return [LockedCase(*row) for row in rows]


def _assess(cases: list[LockedCase], card: CardInForce, *, by: User, now: datetime) -> int:
    if not cases:
        return 0
    scores = score_many(card.card, facts_of([case.id for case in cases], now=now))
    assessments = append_assessments(
        cases=[case.id for case in cases],
        customers=[case.customer_id for case in cases],
        scorecard=card.id,
        scores=scores,
        now=now,
    )
    switch_standings(
        cases=[case.id for case in cases],
        assessments=assessments,
        facts_of=[case.facts_changed_at for case in cases],
    )
    mark_assessed([case.id for case in cases], now=now)
    set_next_actions(_steps(cases, scores, now=now), by=by, now=now)
    return len(cases)


def _steps(cases: list[LockedCase], scores: ScoreColumns, *, now: datetime) -> list[NextStep]:
    """The next steps that differ from what the cases already wait for."""
    today = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in {case.time_zone for case in cases}}
    steps = []
    for place, case in enumerate(cases):
        if (
            case.stage not in next_steps.STAGES_IT_MOVES
            or case.next_action not in next_steps.ACTIONS_IT_REPLACES
        ):
            continue
        action = next_steps.next_action(
            tier=Tier(TIERS[scores.tier[place]]),
            strategy=Strategy(STRATEGIES[scores.strategy[place]]),
            band=SafetyBand(BANDS[scores.band[place]]),
        )
        if (case.stage, case.next_action) != (Stage.PLANNING, action):
            on = next_steps.date_of(action, today=today[case.time_zone])
            steps.append(NextStep(case.id, NextAction(action), on, Stage.PLANNING))
    return steps
