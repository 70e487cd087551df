"""Storing assessments set-wise: appended by COPY, then the pointers to the current ones are switched."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.db import connection

from accounts.models import Case
from risk.evidence import facts_json, reasons_json
from risk.scoring import BANDS, STRATEGIES, TIERS
from risk.scoring_many import ScoreColumns

# The quote is a character no value holds, so that the JSON needs no escaping.
COPY = r"""
COPY risk_assessment (
    id, case_id, customer_id, scorecard_id, assessed_at, ability, willingness, safety,
    tier, strategy, safety_band, points, facts, reasons, known, asked
) FROM STDIN WITH (FORMAT csv, DELIMITER E'\t', QUOTE E'\x01')
"""


def append_assessments(
    *, cases: Sequence[UUID], customers: Sequence[UUID], scorecard: int, scores: ScoreColumns, now: datetime
) -> list[int]:
    """Add one assessment a case, in the order of `scores`. Returns their ids."""
    ids = _next_ids(len(cases))
    rows = zip(
        ids,
        cases,
        customers,
        [scorecard] * len(cases),
        [now.isoformat()] * len(cases),
        scores.ability.tolist(),
        scores.willingness.tolist(),
        scores.safety.tolist(),
        (TIERS[place] for place in scores.tier.tolist()),
        (STRATEGIES[place] for place in scores.strategy.tolist()),
        (BANDS[place] for place in scores.band.tolist()),
        ("{" + ",".join(map(str, points)) + "}" for points in scores.points.tolist()),
        facts_json(scores.card, scores.columns),
        reasons_json(scores),
        scores.known.tolist(),
        [scores.asked] * len(cases),
        strict=True,
    )
    file = StringIO()
    csv.writer(file, delimiter="\t", quotechar="\x01").writerows(rows)
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, file)
    return ids


def switch_standings(
    *, cases: Sequence[UUID], assessments: Sequence[int], facts_of: Sequence[datetime]
) -> None:
    """Let each case stand by its new assessment, which saw the facts as they were changed last at `facts_of`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO risk_standing (case_id, assessment_id, facts_of)
            SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[])
            ON CONFLICT (case_id) DO UPDATE
            SET assessment_id = excluded.assessment_id, facts_of = excluded.facts_of
            """,
            [list(cases), list(assessments), list(facts_of)],
        )


def mark_assessed(cases: Sequence[UUID], *, now: datetime) -> None:
    Case.objects.filter(pk__in=cases).update(assessed_at=now)


def _next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('risk_assessment', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]
