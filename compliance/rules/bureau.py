"""Before anything adverse goes to a credit bureau: 征信业管理条例 art. 14 and 15. Pure; kept by whatever exports.

The notice comes after the default and before the report, as a message of its own, and is known to have arrived.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICE_AHEAD = timedelta(days=3)  # bank policy: the regulation says before, not by how much
# What a report may hold: the credit itself. Nothing of visits, health or family (art. 14).
FIELDS = frozenset(
    {"account", "amount", "currency", "overdue_since", "months_late", "settled_on", "identity_index"}
)


@dataclass(frozen=True)
class ReportFacts:
    """One intended report. `noticed_at` is when the customer was told, None when never."""

    defaulted_at: datetime
    noticed_at: datetime | None
    notice_delivered: bool
    notice_separate: bool
    reports_at: datetime
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ReportProblem:
    rule: str
    what: str


def problems_with_report(facts: ReportFacts) -> tuple[ReportProblem, ...]:
    """Why the report may not be made; none of it can be overridden. Empty when it may."""
    told = facts.noticed_at
    checks = {
        ("CB-NOTICE", "never told"): told is None,
        ("CB-NOTICE", "told before the default"): told is not None and told < facts.defaulted_at,
        ("CB-NOTICE", "told too shortly before"): told is not None and told + NOTICE_AHEAD > facts.reports_at,
        ("CB-NOTICE", "not known to have arrived"): not facts.notice_delivered,
        ("CB-NOTICE", "hidden in another message"): not facts.notice_separate,
        ("CB-FIELDS", "holds what a bureau must not have"): bool(set(facts.fields) - FIELDS),
    }
    return tuple(ReportProblem(*problem) for problem, is_so in checks.items() if is_so)
