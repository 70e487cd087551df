"""What may be said to a customer: a pure checker of texts. No database, no clock; the bank's own words are handed in.

Everything written to a customer goes through `check`: templates when they are approved, messages when they leave,
free text when staff send it (`compliance.content_checking.ensure_acceptable`).
"""

from collections.abc import Iterator

from compliance.content.book import RULES, VERSION
from compliance.content.folding import fold, plain
from compliance.content.rule import (
    Category,
    ContentFacts,
    ContentHit,
    ContentRule,
    Decision,
    Kind,
    LegalStep,
    LetterFacts,
    Spotted,
    Writing,
)
from compliance.content.words import Word, matcher_of, packaged_matcher

__all__ = [
    "RULES",
    "VERSION",
    "Category",
    "ContentFacts",
    "ContentHit",
    "ContentRule",
    "Decision",
    "Kind",
    "LegalStep",
    "LetterFacts",
    "Word",
    "check",
]

EVERYWHERE = frozenset({"", "CN"})  # the bank is Chinese: its own law goes with it


def check(
    text: str,
    *,
    kind: Kind,
    language: str,
    jurisdictions: frozenset[str],
    facts: ContentFacts,
    more_words: frozenset[Word] = frozenset(),
) -> tuple[ContentHit, ...]:
    """Everything that is wrong with `text`, in its order. Nothing found: it may be said.

    `jurisdictions` are the countries whose rules apply besides China's, by their ISO codes. `more_words` are the bank's
    own; the packaged lists always apply.
    """
    ordinary, places = plain(text)
    writing = Writing(
        text=text,
        kind=kind,
        language=language,
        jurisdictions=jurisdictions,
        facts=facts,
        spotted=tuple(_spot(text, more_words)),
        plain=ordinary,
        at=places,
    )
    hits = [hit for rule in RULES if _applies(rule, writing) for hit in _hits(rule, writing)]
    return tuple(sorted(_widest(hits), key=lambda hit: (hit.start, hit.end, hit.rule, hit.code)))


def _spot(text: str, more_words: frozenset[Word]) -> Iterator[Spotted]:
    folded = fold(text)
    for matcher in (packaged_matcher(), *([matcher_of(more_words)] if more_words else [])):
        for spelling, first, last in matcher.find(folded):
            start, end = folded.signs[first].start, folded.signs[last].end
            yield Spotted(spelling.category, spelling.word, start, end)


def _applies(rule: ContentRule, writing: Writing) -> bool:
    return writing.kind in rule.kinds and rule.jurisdiction in EVERYWHERE | writing.jurisdictions


def _hits(rule: ContentRule, writing: Writing) -> Iterator[ContentHit]:
    for found in rule.check(writing) if rule.check else ():
        yield ContentHit(
            rule=rule.id,
            version=rule.version,
            decision=found.decision or rule.decision,
            code=found.code,
            start=found.start,
            end=found.end,
            piece=writing.text[found.start : found.end],
            saw=found.saw,
        )


def _widest(hits: list[ContentHit]) -> list[ContentHit]:
    """Of hits of one rule inside each other the widest, so that a piece is marked once."""
    kept: list[ContentHit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.decision, hit.code)):
        covered = any(
            one.rule == hit.rule
            and one.start <= hit.start
            and hit.end <= one.end
            and one.decision <= hit.decision
            for one in kept
            if one.end > one.start
        )
        if not covered or hit.start == hit.end:
            kept.append(hit)
    return kept
