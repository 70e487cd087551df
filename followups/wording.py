"""The text of a message, put together at the moment of sending from the approved template of that moment.

A lock screen is read by other people: no wording names the customer, an amount or a debt. The checker holds it to that
when the template is approved, and once more, with its blanks filled in, before the message leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext

from compliance.content import ContentFacts
from compliance.content_checking import ensure_acceptable
from followups.blanks import BlanksWrong, clock, day, fill, names_in
from followups.models import Message, Template
from followups.template_checks import KINDS


class NothingToSay(Exception):
    """No approved template, or a fact that it needs is not known; the message cannot be put together."""


@dataclass(frozen=True)
class Wording:
    """`facts` are what was filled in, as kept with the message: they hold nothing personal."""

    text: str
    facts: dict[str, str]
    template: Template


def language_for(chosen: str) -> str:
    """The customer's language when there are wordings in it, else the bank's."""
    return chosen if chosen in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


def wording_of(message: Message, *, now: datetime) -> Wording:
    """The text of `message`, in its language, by the template in force at `now`.

    Raises NothingToSay; and `compliance.content_checking.Unacceptable` when the finished text breaks a content rule.
    """
    template = _template_for(message, now=now)
    values = _values(message)
    try:
        text = fill(template.body, values).text.strip()
    except BlanksWrong as wrong:
        said = gettext("The template needs what is not known here: %(blanks)s.")
        raise NothingToSay(said % {"blanks": ", ".join(wrong.pieces)}) from wrong
    ensure_acceptable(
        text,
        kind=KINDS[message.channel],
        language=message.language,
        facts=ContentFacts(
            sender_names=(values["sender"],), hotline=values["hotline"], complaint_channel=values["hotline"]
        ),
        jurisdictions=frozenset({message.phone.country}),
    )
    kept = {name: values[name] for name in names_in(template.body)}
    return Wording(text, {**kept, "template": template.name}, template)


def _template_for(message: Message, *, now: datetime) -> Template:
    of_its_kind = Template.objects.filter(
        channel=message.channel, purpose=message.purpose, language=message.language
    )
    template = of_its_kind.in_force(at=now).first()
    if template is None:
        said = gettext("No template is approved for “%(purpose)s” in %(language)s. Have one approved.")
        raise NothingToSay(said % {"purpose": message.get_purpose_display(), "language": message.language})
    return template


def _values(message: Message) -> dict[str, str]:
    branch = message.case.branch
    if not (branch.name and branch.hotline):
        said = gettext("Branch %(code)s has no name or no hotline. Enter both.")
        raise NothingToSay(said % {"code": branch.code})
    values = {"sender": branch.name, "hotline": branch.hotline}
    if message.visit is not None:
        at_the_door = message.visit.planned_start.astimezone(ZoneInfo(branch.time_zone))
        values["visit_day"] = day(at_the_door.date(), language=message.language)
        values["visit_time"] = clock(at_the_door)
    if message.promise is not None:
        values["promised_day"] = day(message.promise.due_on, language=message.language)
    return values
