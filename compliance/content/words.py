"""The listed words: read from the packaged lists, written out, and turned into a matcher once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from compliance.content.folding import fold, is_chinese
from compliance.content.matching import Matcher, Spelling, initials
from compliance.content.rule import Category
from compliance.content.tables import table

INITIALS_FROM = 5  # characters; initials of shorter words stand for too much else


@dataclass(frozen=True)
class Word:
    """A word as it is listed, in simplified characters or Latin letters."""

    text: str
    category: Category


class TooShort(Exception):
    """A word of one character or two letters would be found everywhere."""


def version() -> int:
    """The version of the packaged lists."""
    return int(table("words.toml")["version"])


@cache
def packaged() -> tuple[Word, ...]:
    """Every packaged word, written out. They always apply."""
    lists = {name: entry for name, entry in table("words.toml").items() if name != "version"}
    return tuple(
        Word(text, Category(name))
        for name, entry in lists.items()
        for key in ("zh", "en", "spellings")
        for pattern in entry.get(key, ())
        for text in dict.fromkeys(written_out(pattern))
    )


def written_out(pattern: str) -> Iterator[str]:
    """`{a|b}c` is ac and bc."""
    pieces = [piece.split("|") for piece in pattern.replace("}", "{").split("{")]
    for choice in product(*pieces):
        yield "".join(choice)


def ensure_findable(text: str) -> None:
    """Raises TooShort when a word is too short to be listed."""
    value = fold(text).value
    if len(value) < (2 if any(map(is_chinese, value)) else 3):
        raise TooShort(text)


@cache
def packaged_matcher() -> Matcher:
    return Matcher(_spellings(packaged()))


@lru_cache(maxsize=8)
def matcher_of(words: frozenset[Word]) -> Matcher:
    """A matcher of the bank's own words beside the packaged ones."""
    return Matcher(_spellings(sorted(words, key=lambda word: (word.category, word.text))))


def _spellings(words: Iterable[Word]) -> Iterator[Spelling]:
    for word in words:
        value = fold(word.text).value
        if any(map(is_chinese, value)):
            yield Spelling(value, word.text, word.category, surely=word.text in SURELY)
            if len(value) >= INITIALS_FROM and all(map(is_chinese, value)):
                yield Spelling(initials(value), word.text, word.category, only_in_chinese=True)
        elif len(value) >= 3:
            yield Spelling(value, word.text, word.category, inflected=True)


# In pinyin two syllables that mean nothing else, in any text.
SURELY = frozenset({"坐牢", "老赖"})
