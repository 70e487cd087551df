"""The answer in the bank's own words: checked before it is given, kept sealed, read by who asked."""

from django.conf import settings
from django.utils.translation import gettext

from accounts import vault
from compliance.complaints.steps import NotAllowed
from compliance.complaints.terms import WITH_AN_ANSWER, Step
from compliance.content import ContentFacts, Kind
from compliance.content_checking import Unacceptable, ensure_acceptable
from compliance.models import Complaint, ComplaintEvent
from compliance.models.complaint_events import WORDS

MOST_ANSWERED, MOST_MEASURES = 4000, 500  # characters


class NotAcceptable(NotAllowed):
    """The answer may not go out as it is; the sentence says what is wrong with it."""


def ensure_answer_is_acceptable(complaint: Complaint, answer: str, *, measures: str) -> None:
    """Raises NotAcceptable with every reason. What was done is read by who complained as well."""
    if not answer:
        raise NotAcceptable(gettext("Write the answer that the customer will read."))
    _ensure_may_go_out(complaint, answer, most=MOST_ANSWERED)
    _ensure_may_go_out(complaint, measures, most=MOST_MEASURES)


def _ensure_may_go_out(complaint: Complaint, text: str, *, most: int) -> None:
    """The one place where free text to who complained is checked: by its length, and by the content rules.

    The page that shows it names the bank; it is opened by who holds its address, and nothing of it can be read before.
    """
    if len(text) > most:
        raise NotAcceptable(gettext("At most %(most)s characters are kept.") % {"most": most})
    customer, branch = complaint.customer, complaint.branch
    facts = ContentFacts(sender_names=(branch.name,) if branch else (), framed=True)
    language = customer.language if customer else settings.LANGUAGE_CODE
    try:
        ensure_acceptable(text, kind=Kind.PAGE, language=language, facts=facts)
    except Unacceptable as no:
        raise NotAcceptable(str(no)) from no


def answer_of(complaint: Complaint) -> str:
    """The answer in force, in clear; empty while there is none."""
    if complaint.status not in WITH_AN_ANSWER:
        return ""
    return words_of(complaint.events.filter(step=Step.ANSWERED).latest("pk"))


def words_of(event: ComplaintEvent) -> str:
    """What was said with a step, in clear."""
    if event.words_sealed is None:
        return ""
    return vault.unseal(event.words_sealed, column=WORDS, row=event.complaint_id)
