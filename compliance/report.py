"""Refusals and overrides of a period by rule, branch and person: a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from compliance.models import Override, Refusal

BY_RULE = """
SELECT hit ->> 'rule', (hit ->> 'decision')::int, count(*) FROM ({rows}) AS r, jsonb_array_elements(r.reasons) AS hit
GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 200
"""
BY_BRANCH = """
SELECT b.name, count(*) FROM ({rows}) AS r JOIN accounts_customer c ON c.id = r.customer_id
JOIN accounts_branch b ON b.id = c.branch_id GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200
"""
BY_PERSON = """
SELECT u.last_name || u.first_name, u.username, count(*) FROM ({rows}) AS r JOIN accounts_user u ON u.id = r.asked_by_id
GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 200
"""
OVERRIDES_BY_RULE = """
SELECT rule, count(*), count(*) FILTER (WHERE r.status = 'APPROVED') FROM ({rows}) AS r, unnest(r.rules) AS rule
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200
"""
OVERRIDES_BY_PERSON = """
SELECT u.last_name || u.first_name, u.username, count(*), count(*) FILTER (WHERE r.status = 'APPROVED')
FROM ({rows}) AS r JOIN accounts_user u ON u.id = r.{who} GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 200
"""


@dataclass(frozen=True)
class Line:
    """`part` of `count` were approved, for overrides; `decision` is a rule's, for refusals."""

    name: str
    count: int
    part: int = 0
    decision: int = 0


@dataclass(frozen=True)
class Report:
    refusals_by_rule: tuple[Line, ...]
    refusals_by_branch: tuple[Line, ...]
    refusals_by_person: tuple[Line, ...]
    overrides_by_rule: tuple[Line, ...]
    overrides_by_requester: tuple[Line, ...]
    overrides_by_decider: tuple[Line, ...]


def compliance_report(*, since: datetime, until: datetime, user: User) -> Report:
    """What was refused and overridden in [since, until), as far as `user` may see it. Six queries."""
    refusals = Refusal.objects.visible_to(user).filter(decided_at__gte=since, decided_at__lt=until)
    overrides = Override.objects.visible_to(user).filter(requested_at__gte=since, requested_at__lt=until)
    return Report(
        tuple(Line(rule, n, decision=decision) for rule, decision, n in _of(BY_RULE, refusals)),
        tuple(Line(name, n) for name, n in _of(BY_BRANCH, refusals)),
        tuple(Line(name or username, n) for name, username, n in _of(BY_PERSON, refusals)),
        tuple(Line(rule, n, part=yes) for rule, n, yes in _of(OVERRIDES_BY_RULE, overrides)),
        tuple(
            Line(name or username, n, part=yes)
            for name, username, n, yes in _of(OVERRIDES_BY_PERSON, overrides, who="requested_by_id")
        ),
        tuple(
            Line(name or username, n, part=yes)
            for name, username, n, yes in _of(OVERRIDES_BY_PERSON, overrides, who="decided_by_id")
        ),
    )


def _of(sql: str, rows: QuerySet[Any], **names: str) -> list[tuple[Any, ...]]:
    found, parameters = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql.format(rows=found, **names), parameters)
        return list(cursor.fetchall())
