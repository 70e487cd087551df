"""The checker on a template: its blanks filled with examples, and what it finds told as places in the template."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from compliance.content import ContentFacts, ContentHit, Kind, LetterFacts
from compliance.content_checking import hits_in
from compliance.terms import Channel, Purpose
from followups.blanks import FOR, Filled, examples, fill
from followups.models import Template

KINDS: dict[str, Kind] = {
    Channel.SMS: Kind.MESSAGE,
    Channel.LETTER: Kind.LETTER,
    Channel.CALL: Kind.VOICE_SCRIPT,
}
COLLECTION_LETTERS = frozenset({Purpose.PAYMENT_REMINDER})


@dataclass(frozen=True)
class Tried:
    """A template as it would look, and what is to be said against it, in places of that text."""

    filled: Filled
    hits: tuple[ContentHit, ...]


def tried(template: Template, *, jurisdictions: frozenset[str] = frozenset()) -> Tried:
    """The template with examples in its blanks, judged as if it were approved. Raises BlanksWrong."""
    channel, purpose = Channel(template.channel), Purpose(template.purpose)
    values = examples(channel=channel, purpose=purpose, language=template.language)
    filled = fill(template.body, values)
    hits = hits_in(
        filled.text,
        kind=KINDS[channel],
        language=template.language,
        facts=ContentFacts(
            sender_names=(values["sender"],),
            hotline=values["hotline"],
            complaint_channel=values["hotline"],
            letter=_letter(channel, purpose, values),
        ),
        jurisdictions=jurisdictions,
    )
    return Tried(filled, hits)


def _letter(channel: Channel, purpose: Purpose, values: dict[str, str]) -> LetterFacts | None:
    if channel != Channel.LETTER or purpose not in COLLECTION_LETTERS:
        return None
    return LetterFacts(values["name"], values["balance"])


def uses_without_template(*, at: datetime) -> list[tuple[Channel, Purpose, str]]:
    """What nothing can be said for at `at`, because no version is approved; one query."""
    served = set(Template.objects.in_force(at=at).values_list("channel", "purpose", "language"))
    return [
        (channel, purpose, language)
        for channel, purpose in FOR
        for language, _name in settings.LANGUAGES
        if (channel, purpose, language) not in served
    ]


def hits_against(template: Template) -> tuple[ContentHit, ...]:
    """What the checker says against a template by China's rules and the bank's, in places of its body."""
    judged = tried(template)
    return tuple(_in_body(hit, judged.filled) if hit.end else hit for hit in judged.hits)


def _in_body(hit: ContentHit, filled: Filled) -> ContentHit:
    start, end = filled.in_body(hit.start, hit.end)
    return replace(hit, start=start, end=end)
