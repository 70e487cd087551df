"""The checker with the bank's own words: for texts that are about to be approved or sent."""

from collections.abc import Sequence

from compliance.content import ContentFacts, ContentHit, Kind, check
from compliance.content_wording import sentence
from compliance.forbidden_words import words_of_the_bank


class Unacceptable(Exception):
    """The text may not reach a customer. `hits` has every reason; as a string they are sentences."""

    def __init__(self, hits: Sequence[ContentHit]) -> None:
        self.hits = tuple(hits)
        super().__init__(*(hit.code for hit in self.hits))

    def __str__(self) -> str:
        return " ".join(sentence(hit) for hit in self.hits)


def hits_in(
    text: str,
    *,
    kind: Kind,
    language: str,
    facts: ContentFacts,
    jurisdictions: frozenset[str] = frozenset(),
) -> tuple[ContentHit, ...]:
    """All that is to be said against `text`, warnings too, by the packaged lists and the bank's own. One query."""
    return check(
        text,
        kind=kind,
        language=language,
        jurisdictions=jurisdictions,
        facts=facts,
        more_words=words_of_the_bank(),
    )


def ensure_acceptable(
    text: str,
    *,
    kind: Kind = Kind.FREE_TEXT,
    language: str,
    facts: ContentFacts,
    jurisdictions: frozenset[str] = frozenset(),
) -> tuple[ContentHit, ...]:
    """Raises Unacceptable with every reason when `text` may not reach a customer; returns the warnings.

    Whatever a member of staff types for a customer to read goes through here before it is sent or printed: the answer
    to a complaint above all. `kind` is the way it travels: PAGE is opened by the customer and shows nothing before;
    FREE_TEXT is for every other way in which only the first line can be seen by others. With `facts.framed` the page or
    letter around the text names sender, hotline and complaint channel, and the text need not. `jurisdictions`: ISO codes
    of the countries where the customer is; China's rules always apply.
    """
    hits = hits_in(text, kind=kind, language=language, facts=facts, jurisdictions=jurisdictions)
    against = [hit for hit in hits if hit.blocks]
    if against:
        raise Unacceptable(against)
    return hits
