"""Messages by state: all that are still on their way, and those that came to an end today."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from config.desk.counted import Counted
from config.desk.links import Wanted, list_of
from config.desk.scope import BranchDay, Scope
from followups.models import Message
from followups.models.messages import MessageStatus

ON_THEIR_WAY = (
    MessageStatus.PENDING,
    MessageStatus.CLAIMED,
    MessageStatus.SENDING,
    MessageStatus.UNKNOWN,
)
ENDED = tuple(status for status in MessageStatus if status not in ON_THEIR_WAY)
ALWAYS_SHOWN = (MessageStatus.PENDING, MessageStatus.SENT, MessageStatus.BLOCKED)


@dataclass(frozen=True)
class StateLine(Counted):
    """`today` says whether only messages that came to this state today are counted; `share` is of 100."""

    status: MessageStatus
    count: int
    share: int
    today: bool
    url: str


@dataclass(frozen=True)
class MessagesToday:
    day: BranchDay
    lines: tuple[StateLine, ...]


def messages_today(scope: Scope) -> tuple[MessagesToday, ...]:
    """One query for any number of branches."""
    wanted = scope.each("case__branch", _shown)
    rows = Message.objects.visible_to(scope.user).filter(wanted).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for branch, status, count in (
        rows.values("case__branch", "status")
        .annotate(n=Count("pk"))
        .values_list("case__branch", "status", "n")
    ):
        counts[branch][status] = count
    return tuple(MessagesToday(day, _lines(day, counts[day.branch.pk])) for day in scope.days)


def _shown(day: BranchDay) -> Q:
    ended_today = Q(status__in=ENDED, status_changed_at__gte=day.begins)
    return Q(status__in=ON_THEIR_WAY) | ended_today


def _lines(day: BranchDay, counts: dict[str, int]) -> tuple[StateLine, ...]:
    most = max(counts.values(), default=0) or 1
    return tuple(
        StateLine(
            status=status,
            count=counts.get(status, 0),
            share=round(100 * counts.get(status, 0) / most),
            today=status not in ON_THEIR_WAY,
            url=list_of(Message, branch=day.branch, **_lookups(status, day)),
        )
        for status in MessageStatus
        if status in ALWAYS_SHOWN or counts.get(status)
    )


def _lookups(status: MessageStatus, day: BranchDay) -> dict[str, Wanted]:
    if status in ON_THEIR_WAY:
        return {"status__exact": status.value}
    return {"status__exact": status.value, "status_changed_at__gte": day.begins}
