"""By when a customer's request is answered. No clock, no database.

The law says "in time" and no number (PIPL art. 50), so the number is bank policy. Public holidays count as working days
here: the date is earlier than it need be, never later.
"""

from datetime import date, timedelta

WORKING_DAYS = 15
SATURDAY = 5
SOON = timedelta(days=3)


def due_on(received: date, *, working_days: int = WORKING_DAYS) -> date:
    """The last of `working_days` days from Monday to Friday after the day of receipt."""
    day = received
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < SATURDAY
    return day
