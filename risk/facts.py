"""What is known of cases, read set-wise as integer columns: one statement, for one case or twenty thousand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import connection

from risk.facts_query import CONSTANTS, FACTS_OF_CASES
from risk.scoring_many import Columns
from risk.terms import FACTS


def facts_of(cases: Sequence[UUID], *, now: datetime) -> Columns:
    """The facts of these cases, which must exist, in their order. Days are counted to `now`'s local date."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS_OF_CASES, {**CONSTANTS, "cases": list(cases), "now": now})
        rows = cursor.fetchall()
    numbers = np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), 1 + len(FACTS))
    return Columns(
        values={code: numbers[:, place] for place, code in enumerate(FACTS, start=1)},
        overdue_cents=numbers[:, 0],
        currency=np.array([row[0] for row in rows], dtype=np.str_),
    )
