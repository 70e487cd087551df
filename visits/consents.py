"""Consents at the door: to enter, and to record indoors. Without one nobody enters and nothing is recorded there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from visits.models import Consent, Visit
from visits.models.door import Answer, ConsentKind, How
from visits.models.on_site import Party
from visits.reports import Sent, as_it_is_now, ensure_still_told, file, filed_before, one_at_a_time
from visits.transitions import NotAllowed


class NoConsent(NotAllowed):
    """Nobody at the door consented to it, or the consent was withdrawn."""


def note_consent(
    visit: Visit,
    *,
    sent: Sent,
    kind: ConsentKind,
    answer: Answer,
    party: Party,
    name: str,
    how: How,
    given_at: datetime,
    by: User,
    now: datetime,
) -> Consent:
    """Somebody at the door (`name` or role) answered at `given_at`, by the phone's clock.

    Sent again, it gives the same consent. Raises NotAllowed.
    """
    said: dict[str, Any] = {
        "kind": kind,
        "answer": answer,
        "party": party,
        "name": name,
        "how": how,
        "given_at": given_at,
    }
    with one_at_a_time(visit), transaction.atomic():
        if before := filed_before(Consent, visit, sent=sent, said=said, by=by):
            return before
        ensure_still_told(as_it_is_now(visit))
        if given_at > sent.client_at:
            raise NotAllowed(gettext("The consent is told after it was given: check its time."))
        return file(Consent, visit, sent=sent, said=said, by=by, now=now, **said)


def may_record_indoors(visit: Visit, *, at: datetime) -> bool:
    """Whether what was recorded indoors at `at`, by the phone's clock, was recorded by consent.

    Both consents stand at that moment: to enter, and to record. A refusal or a withdrawal ends them from then on.
    """
    return _stands(visit, ConsentKind.ENTRY, at=at) and _stands(visit, ConsentKind.RECORDING_INDOORS, at=at)


def ensure_may_record_indoors(visit: Visit, *, at: datetime) -> None:
    """For whoever takes in a recording made indoors at `at`. Raises NoConsent: then it is not taken, nor kept."""
    if not may_record_indoors(visit, at=at):
        raise NoConsent(
            gettext(
                "Nobody consented to a recording indoors at that time, so it is not taken. Delete it from the phone and"
                " write a note in the record instead."
            )
        )


def recording_was_announced(visit: Visit) -> bool:
    """Whether the recording outdoors was announced, and nobody objected since."""
    answers = [one for one in visit.consents.all() if one.kind == ConsentKind.RECORDING_OUTDOORS]
    latest = max(answers, key=_order, default=None)
    return latest is not None and latest.answer in (Answer.ANNOUNCED, Answer.GIVEN)


def consent_to_enter(visit: Visit) -> Consent:
    """The first consent to enter of this visit. Raises NoConsent."""
    given = Consent.objects.filter(visit=visit, kind=ConsentKind.ENTRY, answer=Answer.GIVEN)
    first: Consent | None = given.order_by("given_at", "pk").first()
    if first is None:
        raise NoConsent(
            gettext("Say first who let you in, how and when: without a consent no entry is recorded.")
        )
    return first


def _stands(visit: Visit, kind: ConsentKind, *, at: datetime) -> bool:
    until_then = [one for one in visit.consents.all() if one.kind == kind and one.given_at <= at]
    latest = max(until_then, key=_order, default=None)
    return latest is not None and latest.answer == Answer.GIVEN


def _order(one: Consent) -> tuple[datetime, int]:
    return one.given_at, one.pk
