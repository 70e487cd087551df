"""Refusals and overrides of a period by rule, branch and person: a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from compliance.models import Override, Refusal

# Each gives the key by which the decisions behind a line are found, what it is called, and how many.
BY_RULE = """
SELECT hit ->> 'rule', hit ->> 'rule', count(DISTINCT r.id) FROM ({rows}) AS r, jsonb_array_elements(r.reasons) AS hit
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 200
"""
BY_BRANCH = """
SELECT b.code, b.name, count(*) FROM ({rows}) AS r JOIN accounts_customer c ON c.id = r.customer_id
JOIN accounts_branch b ON b.id = c.branch_id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 200
"""
BY_PERSON = """
SELECT u.username, u.last_name || u.first_name, count(*) FROM ({rows}) AS r JOIN accounts_user u ON u.id = r.asked_by_id
GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 200
"""
OVERRIDES_BY_RULE = """
SELECT rule, rule, count(*), count(*) FILTER (WHERE r.status = 'APPROVED') FROM ({rows}) AS r, unnest(r.rules) AS rule
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 200
"""
OVERRIDES_BY_BRANCH = """
SELECT b.code, b.name, count(*), count(*) FILTER (WHERE r.status = 'APPROVED') FROM ({rows}) AS r
JOIN accounts_customer c ON c.id = r.customer_id JOIN accounts_branch b ON b.id = c.branch_id
GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 200
"""
OVERRIDES_BY_REQUESTER = """
SELECT u.username, u.last_name || u.first_name, count(*), count(*) FILTER (WHERE r.status = 'APPROVED')
FROM ({rows}) AS r JOIN accounts_user u ON u.id = r.requested_by_id GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 200
"""
OVERRIDES_BY_DECIDER = OVERRIDES_BY_REQUESTER.replace("requested_by_id", "decided_by_id")
TOTAL = "SELECT count(*) FROM ({rows}) AS r"
TOTAL_OVERRIDES = """
SELECT count(*), count(*) FILTER (WHERE status = 'APPROVED'), count(*) FILTER (WHERE status = 'REJECTED')
FROM ({rows}) AS r
"""


@dataclass(frozen=True)
class Line:
    """`key` is a rule's id, a branch's code or a person's user name; of overrides, `part` of `count` were approved."""

    key: str
    name: str
    count: int
    part: int = 0


@dataclass(frozen=True)
class Report:
    """A refusal with three reasons counts once in `refusals`, for its branch and person, and for three rules."""

    refusals: int
    overrides: int
    approved: int
    rejected: int
    refusals_by_rule: tuple[Line, ...]
    refusals_by_branch: tuple[Line, ...]
    refusals_by_person: tuple[Line, ...]
    overrides_by_rule: tuple[Line, ...]
    overrides_by_branch: tuple[Line, ...]
    overrides_by_requester: tuple[Line, ...]
    overrides_by_decider: tuple[Line, ...]

    @property
    def decided(self) -> int:
        return self.approved + self.rejected


def compliance_report(*, since: datetime, until: datetime, user: User) -> Report:
    """What was refused and overridden in [since, until), as far as `user` may see it. Nine queries."""
    refusals = Refusal.objects.visible_to(user).filter(decided_at__gte=since, decided_at__lt=until)
    overrides = Override.objects.visible_to(user).filter(requested_at__gte=since, requested_at__lt=until)
    ((refused,),) = _of(TOTAL, refusals) or [(0,)]
    ((asked, approved, rejected),) = _of(TOTAL_OVERRIDES, overrides) or [(0, 0, 0)]
    return Report(
        refused,
        asked,
        approved,
        rejected,
        *(_lines(sql, refusals) for sql in (BY_RULE, BY_BRANCH, BY_PERSON)),
        *(
            _lines(sql, overrides)
            for sql in (OVERRIDES_BY_RULE, OVERRIDES_BY_BRANCH, OVERRIDES_BY_REQUESTER, OVERRIDES_BY_DECIDER)
        ),
    )


def _lines(sql: str, rows: QuerySet[Any]) -> tuple[Line, ...]:
    return tuple(Line(key, name or key, *counts) for key, name, *counts in _of(sql, rows))


def _of(sql: str, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    try:
        found, parameters = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(rows=found), parameters)
        answer: list[tuple[Any, ...]] = cursor.fetchall()
        return answer
