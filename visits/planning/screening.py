"""What the gate would say of visits that are only being thought of. Nothing is written."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from compliance import gate
from compliance.gate import Ask, Channel, Purpose
from visits.planning.day import Choice
from visits.planning.draft import Draft

TEAM_OF = 2


def screen(starts: Mapping[Choice, datetime]) -> tuple[list[Choice], Counter[str]]:
    """Those the gate would let us visit at these instants, and by which rules it would refuse the others.

    A constant number of queries.
    """
    asks = {choice: _ask(choice, start) for choice, start in starts.items()}
    verdicts = gate.preview_each(list(asks.values()))
    refused = Counter(verdicts[ask].reasons[0]["rule"] for ask in asks.values() if not verdicts[ask].allowed)
    return [choice for choice, ask in asks.items() if verdicts[ask].allowed], refused


def screened(draft: Draft) -> tuple[Draft, Counter[str]]:
    """The draft without those the gate would refuse at their own times. The others of a route move up when somebody
    is left out, so they are shown to the gate again, until it has nothing to say.
    """
    refused: Counter[str] = Counter()
    while True:
        starts = draft.starts
        allowed, by_rule = screen(starts)
        if len(allowed) == len(starts):
            return draft, refused
        refused += by_rule
        draft = draft.only(frozenset(allowed))


def _ask(choice: Choice, start: datetime) -> Ask:
    return Ask(
        choice.candidate.customer_id,
        Channel.VISIT,
        Purpose.VISIT_PLAN,
        at=start,
        until=start + choice.length,
        staff=TEAM_OF,
        address=choice.candidate.address_kind,
    )
