"""Getting follow-ups done. Every outcome gives the case its next step: the table says which, and after how many days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from accounts.cases import NextStep, set_next_actions
from accounts.models import User
from accounts.models.cases import NextAction, Stage
from followups.days import local_date
from followups.models import FollowUp
from followups.models.actions import CALLS, FollowUpStatus, Outcome
from visits.life import NotAllowed


@dataclass(frozen=True)
class Then:
    """The case's next action, `days` local days from now."""

    action: NextAction
    days: int
    stage: Stage = Stage.FOLLOW_UP


THEN: dict[Outcome, Then] = {
    Outcome.NO_ANSWER: Then(NextAction.CALL, 2),
    Outcome.WRONG_NUMBER: Then(NextAction.VERIFY, 1, Stage.VERIFICATION),
    Outcome.PROMISED: Then(NextAction.AWAIT_PAYMENT, 7),
    Outcome.SAYS_PAID: Then(NextAction.AWAIT_PAYMENT, 3),
    Outcome.HARDSHIP: Then(NextAction.HARDSHIP_PLAN, 2),
    Outcome.DISPUTE: Then(NextAction.RESOLVE_DISPUTE, 1),
    Outcome.REFUSES: Then(NextAction.SUPERVISOR, 2),
    Outcome.VISIT_AGAIN: Then(NextAction.VISIT, 1, Stage.PLANNING),
    Outcome.REMIND_AGAIN: Then(NextAction.REMIND, 7),
    Outcome.NOTHING_NOW: Then(NextAction.WATCH, 14),
    Outcome.TO_LEGAL: Then(NextAction.LEGAL, 7),
}


def complete(follow_up: FollowUp, *, outcome: Outcome, note: str = "", by: User, now: datetime) -> None:
    """Somebody has done it; the case goes on as `THEN` says. Raises NotAllowed, also for a call: see `calls`
    and `searching`.
    """
    if follow_up.kind in CALLS:
        raise NotAllowed(gettext("Make the call first, then say what came of it."))
    close(follow_up, status=FollowUpStatus.DONE, outcome=outcome, note=note, by=by, now=now)


def cancel(follow_up: FollowUp, *, note: str = "", by: User, now: datetime) -> None:
    """It need not be done; the case is watched. Raises NotAllowed."""
    close(
        follow_up,
        status=FollowUpStatus.CANCELLED,
        outcome=Outcome.NOTHING_NOW,
        note=note,
        by=by,
        now=now,
    )


@transaction.atomic
def close(
    follow_up: FollowUp,
    *,
    status: FollowUpStatus,
    outcome: Outcome,
    note: str,
    by: User,
    now: datetime,
    then: Then | None = None,
) -> None:
    """End an open follow-up, once, and give its case the next step unless it is closed: `then`, or what THEN says.

    Raises NotAllowed.
    """
    then = then or THEN.get(outcome)
    if then is None:
        raise NotAllowed(gettext("Choose what came of it."))
    ended = FollowUp.objects.open().filter(pk=follow_up.pk)
    if not ended.update(status=status, outcome=outcome, note=note, done_at=now, done_by=by):
        raise NotAllowed(gettext("This follow-up is not open any more."))
    on = local_date(now, zone=follow_up.case.branch.time_zone) + timedelta(days=then.days)
    set_next_actions([NextStep(follow_up.case_id, then.action, on, then.stage)], by=by, now=now)
