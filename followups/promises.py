"""Taking a promise to pay, on a visit or on the telephone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.cases import CaseClosed, set_next_action
from accounts.models import Case, User
from accounts.models.cases import CaseStatus, NextAction, Stage
from followups.days import local_date
from followups.models import Promise
from visits.identity import ensure_may_talk_of_the_debt
from visits.life import NotAllowed
from visits.models import Visit
from visits.models.visits import Status

LATEST = timedelta(days=31)


class BadPromise(Exception):
    """The promise cannot be taken as it was put. `field` is "amount" or "due_on", the text says how to mend it."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class Conflict(NotAllowed):
    """The reference was used before for a promise with other contents."""


@transaction.atomic
def promise(
    *,
    case: Case,
    visit: Visit | None = None,
    reference: UUID,
    amount: Decimal,
    due_on: date,
    by: User,
    now: datetime,
) -> Promise:
    """Record that the customer will pay `amount`, in the case's currency, by the end of the local date `due_on`.

    `reference` is made by whoever records it: the same promise again gives the row there is. The date is between
    today and 31 days from now in the branch's local time, the amount at most what is overdue. The case then awaits
    the payment until the day of grace is over. Raises BadPromise, Conflict, NotAllowed (not at this stage of the
    visit, or nobody confirmed there who owes) and CaseClosed.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related("branch").get(pk=case.pk)
    body = {"case": locked, "visit": visit, "amount": amount, "due_on": due_on}
    taken = Promise.objects.filter(reference=reference).first()
    if taken:
        return _unchanged(taken, body)
    _check(locked, visit, amount=amount, due_on=due_on, today=local_date(now, zone=locked.branch.time_zone))
    made, is_new = Promise.objects.get_or_create(
        reference=reference,
        defaults={
            **body,
            "customer_id": locked.customer_id,
            "currency": locked.currency,
            "made_at": now,
            "recorded_by": by,
        },
    )
    if not is_new:
        return _unchanged(made, body)
    set_next_action(
        locked.pk,
        action=NextAction.AWAIT_PAYMENT,
        on=made.last_day,
        stage=Stage.FOLLOW_UP,
        by=by,
        now=now,
    )
    return made


def _unchanged(taken: Promise, body: dict[str, object]) -> Promise:
    if any(getattr(taken, field) != value for field, value in body.items()):
        raise Conflict(gettext("This reference was already used for another promise. Make a new one."))
    return taken


def _check(case: Case, visit: Visit | None, *, amount: Decimal, due_on: date, today: date) -> None:
    if case.status != CaseStatus.OPEN:
        raise CaseClosed(gettext("The case is closed: nothing is overdue any more."))
    if visit is not None:
        _check_visit(case, visit, today=today)
    if amount <= 0 or amount != round(amount, 2):
        raise BadPromise("amount", gettext("Give an amount above zero, in whole cents."))
    if amount > case.overdue_amount:
        most = {"amount": case.overdue_amount, "currency": case.currency}
        raise BadPromise("amount", gettext("Only %(amount)s %(currency)s are overdue.") % most)
    if not today <= due_on <= today + LATEST:
        days = {"first": today, "last": today + LATEST}
        raise BadPromise("due_on", gettext("Choose a date from %(first)s to %(last)s.") % days)


def _check_visit(case: Case, visit: Visit, *, today: date) -> None:
    if visit.case_id != case.pk:
        raise NotAllowed(gettext("The visit belongs to another case."))
    ended_today = local_date(visit.status_changed_at, zone=case.branch.time_zone) == today
    if not (visit.status == Status.UNDER_WAY or (visit.status == Status.DONE and ended_today)):
        raise NotAllowed(
            gettext("A promise is recorded while the visit is under way, or later on the day it was done.")
        )
    ensure_may_talk_of_the_debt(visit)
