"""What an assessment makes of a case: the next action by tier, strategy and safety band. Tables one can read."""

from datetime import date, timedelta

from accounts.models.cases import NextAction, Stage
from risk.models import SafetyBand, Strategy, Tier

BY_TIER: dict[Tier, NextAction] = {
    Tier.HIGH: NextAction.VISIT,
    Tier.MEDIUM: NextAction.REMIND,
    Tier.LOW: NextAction.WATCH,
}

# From the branch's local date of the assessment; a case to watch is looked at again after two weeks.
DAYS_UNTIL: dict[NextAction, int] = {NextAction.WATCH: 14}

# An assessment moves cases that wait for one or for a visit, and only off actions it could have chosen itself:
# what verification still lacks, what a visit brought about and what a person decided stand above it.
STAGES_IT_MOVES = frozenset({Stage.ASSESSMENT, Stage.PLANNING})
ACTIONS_IT_REPLACES = frozenset(
    {
        NextAction.VERIFY,
        NextAction.VISIT,
        NextAction.REMIND,
        NextAction.HARDSHIP_PLAN,
        NextAction.WATCH,
        NextAction.CALL,
    }
)


def next_action(*, tier: Tier, strategy: Strategy, band: SafetyBand) -> NextAction:
    """High risk is visited, medium reminded or, when willing but unable, helped; low is watched.

    Nobody is sent to a home that safety closes: a call takes the place of the visit.
    """
    if tier is Tier.MEDIUM and strategy is Strategy.LISTEN:
        return NextAction.HARDSHIP_PLAN
    action = BY_TIER[tier]
    if action is NextAction.VISIT and band is SafetyBand.NO_VISIT:
        return NextAction.CALL
    return action


def date_of(action: NextAction, *, today: date) -> date:
    return today + timedelta(days=DAYS_UNTIL.get(action, 0))
