"""A text without disguise: what remains of it when full-width forms, case, marks, gaps, look-alikes and variants are one.

Every sign of the result knows which piece of the original it came from.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from confusable_homoglyphs.confusables import confusables_data

from compliance.content.tables import SAME, SIMPLIFIED

GAP, NOTHING = "\n", ""
APOSTROPHES = frozenset("'’‘ʼ＇`´")
INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
STANDS_FOR_A_LETTER = frozenset("@$")
# Signs that pass for one another in Latin script. Words and texts are both written with the right-hand ones.
ALIKE = str.maketrans("01!|l23@458$79", "oiiiizeaasbstg")
NAMED_LETTER = re.compile(r"(?:LATIN (?:SMALL |CAPITAL )?(?:LETTER )?|SYMBOL LETTER )([A-Z])$")
ASCII_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Sign(NamedTuple):
    """One sign of a folded text. `starts` and `ends`: a word of letters begins or ends with it."""

    value: str
    start: int
    end: int
    starts: bool
    ends: bool
    digit: bool
    soft: bool


@dataclass(frozen=True)
class Folded:
    """`value` holds one sign for each entry of `signs`; gaps are left out, and known by `starts` and `ends`."""

    value: str
    signs: tuple[Sign, ...]

    @property
    def has_chinese(self) -> bool:
        return any(is_chinese(value) for value in self.value)


def is_chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"


def fold(text: str) -> Folded:
    """The text as words are looked for in it. Punctuation, spaces and emoji separate nothing but words of letters."""
    raw = list(_signs(text))
    signs = []
    for i, (value, at, gap, digit, soft) in enumerate(raw):
        before, after = raw[i - 1] if i else None, raw[i + 1] if i + 1 < len(raw) else None
        starts = before is None or gap or _breaks(before, value, digit=digit)
        ends = after is None or after[2] or _breaks(after, value, digit=digit)
        signs.append(Sign(value, at, at + 1, starts, ends, digit, soft))
    return Folded("".join(sign.value for sign in signs), tuple(signs))


def _breaks(neighbour: tuple[str, int, bool, bool, bool], value: str, *, digit: bool) -> bool:
    return not neighbour[0].isascii() or not value.isascii() or neighbour[3] != digit


def _signs(text: str) -> Iterator[tuple[str, int, bool, bool, bool]]:
    gap = True
    for at, sign in enumerate(text):
        folded = _folded(sign)
        if folded == NOTHING:
            continue
        soft = sign in STANDS_FOR_A_LETTER
        if folded == GAP or (soft and not _between_letters(text, at)):
            gap = True
            continue
        for one in folded:
            yield one.translate(ALIKE), at, gap, one.isdecimal(), soft
            gap = False


def _between_letters(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and _is_latin(text[at - 1]) and _is_latin(text[at + 1])


def _is_latin(sign: str) -> bool:
    return _folded(sign).isascii() and _folded(sign).isalnum()


@lru_cache(maxsize=20_000)
def _folded(sign: str) -> str:
    """What a sign stands for: letters, digits, characters; GAP; NOTHING."""
    if sign in STANDS_FOR_A_LETTER:
        return sign
    if sign in APOSTROPHES or sign in INVISIBLE_LETTERS or unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return NOTHING
    if sign in _homoglyphs():
        return _one(sign)
    compatible = unicodedata.normalize("NFKC", sign)
    parts = unicodedata.normalize("NFD", compatible) if compatible.isalpha() else compatible
    kept = [_one(part) for part in parts if unicodedata.category(part) not in ("Mn", "Me", "Cf")]
    return "".join(kept) or _named(sign) or GAP


def _one(sign: str) -> str:
    known = _homoglyphs().get(sign) or _homoglyphs().get(sign.casefold())
    if known is None:
        known = sign.casefold() if sign.isalnum() else ""
    known = SIMPLIFIED.get(known, known)
    return SAME.get(known, known)


def _named(sign: str) -> str:
    """Letters in boxes and circles are not decomposed by Unicode; their names tell which they are."""
    found = NAMED_LETTER.search(unicodedata.name(sign, ""))
    return found[1].lower() if found else ""


@cache
def _homoglyphs() -> dict[str, str]:
    """Signs of other scripts that look like a Latin letter or a Chinese character."""
    latin = {
        one["c"]: key.casefold()
        for key in ASCII_LETTERS
        for one in confusables_data.get(key, [])
        if _is_foreign_letter(one["c"])
    }
    chinese = {
        one["c"]: key
        for key, alike in confusables_data.items()
        if len(key) == 1 and is_chinese(key)
        for one in alike
        if _is_foreign_letter(one["c"])
    }
    return chinese | latin


def _is_foreign_letter(sign: str) -> bool:
    return (
        len(sign) == 1
        and not sign.isascii()
        and not is_chinese(sign)
        and unicodedata.category(sign).startswith("L")
    )


def plain(text: str) -> tuple[str, tuple[int, ...]]:
    """The text in ordinary signs, gaps kept and invisible ones gone, with the original place of each sign."""
    signs, places = [], []
    for at, sign in enumerate(text):
        for one in _ordinary(sign):
            signs.append(one)
            places.append(at)
    return "".join(signs), tuple(places)


@lru_cache(maxsize=20_000)
def _ordinary(sign: str) -> str:
    if unicodedata.category(sign) in ("Cf", "Mn", "Me") or sign in INVISIBLE_LETTERS:
        return NOTHING
    ordinary = unicodedata.normalize("NFKC", sign)
    return "".join(
        str(unicodedata.digit(one, one)) if one.isdecimal() else SIMPLIFIED.get(one, one) for one in ordinary
    )
