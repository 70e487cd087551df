"""Nobody is followed up for ever: when watching or a reminder has brought nothing, the case is assessed anew."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.cases import NextStep, note_changed_facts, set_next_actions
from accounts.models import Case, User
from accounts.models.cases import NextAction, Stage
from compliance.terms import Purpose
from followups.days import local_date
from followups.models import Message

DAY = timedelta(days=1)
REMINDED_LATELY = timedelta(days=14)


@transaction.atomic
def return_to_assessment(*, by: User, now: datetime) -> int:
    """Hand cases back to risk whose watch is over, or whose reminder comes round a second time.

    Only those in follow-up: before a visit risk looks at a case by itself. Returns how many; set-wise.
    """
    reminded = Message.objects.filter(
        case=OuterRef("pk"), purpose=Purpose.PAYMENT_REMINDER, queued_at__gt=now - REMINDED_LATELY
    )
    waited = Case.objects.open().filter(
        Q(next_action=NextAction.WATCH) | Q(Exists(reminded), next_action=NextAction.REMIND),
        stage=Stage.FOLLOW_UP,
        next_action_on__lte=(now + DAY).date(),
    )
    today = {case: local_date(now, zone=case.branch.time_zone) for case in waited.select_related("branch")}
    due = [case for case in today if case.next_action_on <= today[case]]
    if not due:
        return 0
    note_changed_facts(customers=[case.customer_id for case in due], now=now)
    steps = [NextStep(case.pk, NextAction.WATCH, today[case], Stage.ASSESSMENT) for case in due]
    return set_next_actions(steps, by=by, now=now)
