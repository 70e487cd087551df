"""The standard rota: field staff alternate between an early and a late day, by their branch's clock."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from accounts.models import Branch, User
from accounts.models.staff import GOES_OUT
from visits.models import Shift

EARLY = time(8, 30), time(18, 30)
LATE = time(10, 30), time(20, 30)


def create_shifts(*, branch: Branch, date: date, by: User, now: datetime) -> int:
    """Give every active member of the branch's field staff without a shift on this local date a standard one.

    Pairs of the rota keep their hours together: two early, two late, and so on. Returns how many were made.
    """
    del by, now  # a rota is not evidence; the parameters keep the form of every use case
    staff = User.objects.filter(branch=branch, role__in=GOES_OUT, is_active=True).order_by("role", "pk")
    on_shift = set(Shift.objects.filter(user__branch=branch, date=date).values_list("user", flat=True))
    zone = ZoneInfo(branch.time_zone)
    made = [
        Shift(
            user=user,
            date=date,
            starts_at=datetime.combine(date, hours[0], zone),
            ends_at=datetime.combine(date, hours[1], zone),
        )
        for number, user in enumerate(staff)
        if user.pk not in on_shift
        for hours in [LATE if number // 2 % 2 else EARLY]
    ]
    return len(Shift.objects.bulk_create(made, ignore_conflicts=True))
