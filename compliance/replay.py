"""Making a decision again from what it stored. A difference means that a rule, the clock's zones or the row changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from compliance.audit import Chain, Kind, News, record_many, subject_of
from compliance.models import Clearance, Refusal
from compliance.rules import UnknownRule, rebuilt
from compliance.storing import facts_from_json
from compliance.verdicts import judge

Decided = Clearance | Refusal

SAMPLE = 500
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """A decision that comes out otherwise when it is made again. `kept` and `again` are what differs."""

    decision: Decided
    what: str
    kept: Any
    again: Any


def replay(decision: Decided) -> Difference | None:
    """Make the decision again from its stored facts and settings. None: it comes out the same."""
    if decision.policy is None:
        return Difference(decision, "policy", None, None)
    try:
        verdict = judge(facts_from_json(decision.facts), rebuilt(decision.policy.content))
    except (KeyError, TypeError, ValueError, UnknownRule) as damaged:
        return Difference(decision, "facts", None, f"{type(damaged).__name__}: {damaged}")
    told = _compared(decision)
    again = {
        "allowed": verdict.allowed,
        "severity": int(verdict.decision or 0),
        "reasons": verdict.reasons,
        "remarks": verdict.remarks,
        "next_allowed_at": None if verdict.allowed else verdict.next_allowed_at,
    }
    return next(
        (
            Difference(decision, what, kept, again[what])
            for what, kept in told.items()
            if _plain(kept) != _plain(again[what])
        ),
        None,
    )


def _compared(decision: Decided) -> dict[str, Any]:
    if isinstance(decision, Clearance):
        return {
            "allowed": True,
            "severity": decision.severity,
            "reasons": [],
            "remarks": decision.hits,
            "next_allowed_at": None,
        }
    return {
        "allowed": False,
        "severity": decision.severity,
        "reasons": decision.reasons,
        "remarks": decision.remarks,
        "next_allowed_at": decision.next_allowed_at,
    }


def _plain(value: Any) -> Any:
    """As JSON keeps it: a stored tuple is a list."""
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return value


def replay_sample(*, now: datetime, most: int = SAMPLE) -> tuple[int, list[Difference]]:
    """Replay a random sample of the last day's decisions. Returns how many were replayed, and the differences."""
    replayed, differences = 0, []
    for decision in _sample(since=now - A_DAY, most=most):
        replayed += 1
        difference = replay(decision)
        if difference:
            differences.append(difference)
    return replayed, differences


def report_differences(differences: Iterable[Difference], *, by: User, now: datetime) -> None:
    """An incident in the audit chain for each decision that came out otherwise, for the compliance officer to look at."""
    record_many(
        [
            News(
                Chain.DECISIONS,
                Kind.INCIDENT,
                subject_of(one.decision),
                {"what": "replay differs", "in": one.what},
            )
            for one in differences
        ],
        by=by,
        now=now,
    )


def _sample(*, since: datetime, most: int) -> Iterator[Decided]:
    for model in (Clearance, Refusal):
        recent = model.objects.filter(decided_at__gt=since, policy__isnull=False)
        rows: Iterable[Decided] = recent.select_related("policy").order_by("?")[: most // 2]
        yield from rows
