"""Telling what came of a contact, once. The caller's transaction holds it together with what follows from it.

It is recorded in the audit chain, so it is the last thing the caller does (`compliance.audit.writing`).
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from compliance.audit import record_rows
from compliance.models import Contact, ContactOutcome
from compliance.parties import NOT_REACHED, PartyReached


class AlreadyNoted(Exception):
    """What came of this contact was told before."""


class Contradicts(ValueError):
    """Nobody was there and yet somebody was reached, or refused."""


@transaction.atomic
def note_outcome(
    contact: Contact,
    *,
    reached: bool,
    party: PartyReached,
    refused_further: bool = False,
    by: User,
    now: datetime,
) -> ContactOutcome:
    """Keep what came of `contact`. Raises AlreadyNoted, and Contradicts for what cannot be.

    `reached`: a conversation came about with the party the contact was for.
    """
    if (reached and party in NOT_REACHED) or (refused_further and party == PartyReached.NOBODY):
        raise Contradicts(f"reached={reached}, refused_further={refused_further}, {party}")
    try:
        with transaction.atomic():
            outcome: ContactOutcome = ContactOutcome.objects.create(
                contact=contact,
                reached=reached,
                party_reached=party,
                refused_further=refused_further,
                noted_at=now,
                noted_by=by,
            )
    except IntegrityError as twice:
        raise AlreadyNoted(gettext("What came of this contact was told before.")) from twice
    record_rows([outcome], by=by, now=now)
    return outcome
