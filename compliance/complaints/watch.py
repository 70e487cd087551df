"""The watch over the deadlines: one alert for each day a deadline raises its voice, however often it is looked."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from accounts.models import User
from compliance.complaints.deadlines import deadline_of
from compliance.complaints.terms import OPEN, Category, Status, Step

# A complaint nobody took up is told once, on the day after the last one to do so; the others at their days.
WATCH = """
INSERT INTO compliance_complaintevent (complaint_id, step, status, at, by_id, alert_on, detail)
SELECT c.id, mark.step, c.status, %(now)s, %(by)s, mark.alert_on, jsonb_build_object('days_left', c.due_on - today.day)
FROM compliance_complaint AS c
LEFT JOIN accounts_branch AS branch ON branch.id = c.branch_id
CROSS JOIN LATERAL (
    SELECT (%(now)s::timestamptz AT TIME ZONE coalesce(branch.time_zone, %(zone)s))::date AS day
) AS today
CROSS JOIN LATERAL (
    SELECT %(alert)s AS step, c.counted_from + alert.after AS alert_on
    FROM unnest(%(categories)s::text[], %(after)s::int[]) AS alert (category, after)
    WHERE alert.category = c.category AND c.counted_from + alert.after <= c.due_on
    UNION
    SELECT %(alert)s, c.counted_from + taken_up.days + 1
    FROM unnest(%(all)s::text[], %(taken_up)s::int[]) AS taken_up (category, days)
    WHERE taken_up.category = c.category AND c.status IN (%(received)s, %(reopened)s)
    UNION
    SELECT %(overdue)s, c.due_on + 1
) AS mark
WHERE c.status = ANY(%(open)s) AND mark.alert_on <= today.day
ON CONFLICT DO NOTHING
"""


def watch_deadlines(*, by: User, now: datetime) -> int:
    """Write the alerts that are due by the clock of each complaint's branch. Set-wise. Returns how many are new."""
    deadlines = {category.value: deadline_of(category.value) for category in Category}
    alerts = [(category, after) for category, one in deadlines.items() for after in one.alert_days]
    with connection.cursor() as cursor:
        cursor.execute(
            WATCH,
            {
                "now": now,
                "by": by.pk,
                "zone": settings.TIME_ZONE,
                "alert": Step.ALERT.value,
                "overdue": Step.OVERDUE.value,
                "received": Status.RECEIVED.value,
                "reopened": Status.REOPENED.value,
                "open": [status.value for status in OPEN],
                "categories": [category for category, _after in alerts],
                "after": [after for _category, after in alerts],
                "all": list(deadlines),
                "taken_up": [one.taken_up_days for one in deadlines.values()],
            },
        )
        return int(cursor.rowcount)
