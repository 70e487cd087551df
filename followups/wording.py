"""The text of a message, put together at the moment of sending from the wordings in `templates/followups/messages`.

A lock screen is read by other people: no wording names the customer, an amount or a debt.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from followups.models import Message


class NothingToSay(Exception):
    """A fact that the wording needs is not known; the message cannot be put together."""


@dataclass(frozen=True)
class Wording:
    """`facts` are what was filled in, as kept with the message: they hold nothing personal."""

    text: str
    facts: dict[str, str]


def language_for(chosen: str) -> str:
    """The customer's language when there are wordings in it, else the bank's."""
    return chosen if chosen in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


def wording_of(message: Message) -> Wording:
    """The text of `message`, in its language. Raises NothingToSay."""
    facts = _facts(message)
    says = "visit_off" if message.calls_off else message.purpose.lower()
    name = f"followups/messages/{says}.{message.language}.txt"
    with translation.override(message.language):
        text = render_to_string(name, dict(facts)).strip()
    kept = {key: value if isinstance(value, str) else value.isoformat() for key, value in facts.items()}
    return Wording(text, {**kept, "wording": name})


def _facts(message: Message) -> dict[str, str | date | datetime]:
    branch = message.case.branch
    if not (branch.name and branch.hotline):
        raise NothingToSay(f"Branch {branch.code} has no name or no hotline. Enter both.")
    facts: dict[str, str | date | datetime] = {"sender": branch.name, "hotline": branch.hotline}
    if message.visit is not None:
        # naive on purpose: the wall clock at the door, which the template must not move to another zone
        local = message.visit.planned_start.astimezone(ZoneInfo(branch.time_zone))
        facts["at"] = local.replace(tzinfo=None)
    if message.promise is not None:
        facts["on"] = message.promise.due_on
    return facts
