"""Who is at the door, and whether they may see and hear of the debt.

Nothing about it is said or shown before the identity of whoever owes is confirmed, by two factors of which none is
about the debt; nor afterwards while others are present, nor once the record says that somebody else was met.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from visits.models import IdentityConfirmation, Visit
from visits.models.door import LEAST_FACTORS, Factor
from visits.models.on_site import ABOUT_THE_DEBT, OWES, Party, Result
from visits.reports import Sent, as_it_is_now, ensure_still_told, file, filed_before, one_at_a_time
from visits.transitions import NotAllowed


class NotConfirmed(NotAllowed):
    """Whoever owes was not confirmed on this visit, or others are present: nothing about the debt."""


def confirm_identity(
    visit: Visit,
    *,
    sent: Sent,
    party: Party,
    factors: Collection[Factor],
    others_present: bool = False,
    by: User,
    now: datetime,
) -> IdentityConfirmation:
    """The agents made sure by two or more `factors` that they speak to the customer or a guarantor.

    Sent again, it gives the same confirmation; another one takes the place of the last. Raises NotAllowed.
    """
    said: dict[str, Any] = {
        "party": party,
        "factors": sorted(set(factors)),
        "others_present": others_present,
    }
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(IdentityConfirmation, visit, sent=sent, said=said, by=by):
            return before
        ensure_still_told(as_it_is_now(visit))
        if party not in OWES:
            raise NotAllowed(
                gettext("Only the customer or a guarantor is confirmed; nobody else hears of it.")
            )
        if len(said["factors"]) < LEAST_FACTORS:
            raise NotAllowed(
                gettext("Confirm by at least two different things, none of them about the debt.")
            )
        return file(IdentityConfirmation, visit, sent=sent, said=said, by=by, now=now, **said)


def may_see_the_debt(visit: Visit) -> bool:
    """Whether the phone may show anything about the debt. No query on rows that `VisitQuerySet.whole` has fetched."""
    latest = _latest(visit)
    if latest is None or latest.others_present:
        return False
    found = getattr(visit, "record", None)
    return found is None or (found.party in OWES and not found.others_present)


def ensure_may_talk_of_the_debt(visit: Visit) -> None:
    """Raises NotConfirmed."""
    if not may_see_the_debt(visit):
        raise NotConfirmed(_first_confirm())


def ensure_confirmed_for(visit: Visit, *, party: Party, result: Result) -> None:
    """Raises NotConfirmed when `result` can only come of a talk about the debt with somebody not confirmed."""
    if result not in ABOUT_THE_DEBT or party not in OWES:
        return
    if not IdentityConfirmation.objects.filter(visit=visit, party=party).exists():
        raise NotConfirmed(_first_confirm())


def _latest(visit: Visit) -> IdentityConfirmation | None:
    return max(visit.identity_confirmations.all(), key=lambda one: (one.received_at, one.pk), default=None)


def _first_confirm() -> str:
    return gettext(
        "First confirm who you speak to, by two things that are not about the debt, and alone. Until then nothing about"
        " the debt is said, shown or recorded."
    )
