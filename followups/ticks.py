"""What is done again and again, by the system's account: for the tasks, and for the commands when the broker is dead."""

from collections.abc import Callable, Mapping
from datetime import datetime

from accounts.models import User
from followups import queueing
from followups.dispatch import dispatch_due
from followups.gateways import configured_gateway
from followups.outbox import call_off_closed_cases
from followups.returning import return_to_assessment
from followups.settlement import settle_promises
from followups.worklist import queue_follow_ups


def dispatch(*, clock: Callable[[], datetime]) -> str:
    """Send what is due. Returns how many messages ended how, for people to read."""
    return _said(dispatch_due(gateway=configured_gateway(), clock=clock, by=User.objects.system()))


def queue(*, now: datetime) -> str:
    """Queue the messages and draw up the follow-ups that are wanted now. Returns how many."""
    by = User.objects.system()
    return _said(
        {
            "cases to assess anew": return_to_assessment(by=by, now=now),
            "visit notices": queueing.queue_visit_notices(by=by, now=now),
            "promise reminders": queueing.queue_promise_reminders(by=by, now=now),
            "payment reminders": queueing.queue_payment_reminders(by=by, now=now),
            "follow-ups": queue_follow_ups(by=by, now=now),
        }
    )


def settle(*, now: datetime) -> str:
    """Judge the promises by the payments, and call off what paid-up customers need not be told. Returns how many."""
    by = User.objects.system()
    return _said(
        {
            "promises judged": settle_promises(by=by, now=now),
            "messages called off": call_off_closed_cases(by=by, now=now),
        }
    )


def _said(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to do"
