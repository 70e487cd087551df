"""The blanks of a template: `{{ hotline }}`. A closed list for each purpose, filled in once and never looked at again.

There are no tags, filters or attributes: what a blank is replaced by is text, so nobody can write a template that reads or
runs anything, and a name that looks like a blank stays a name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.terms import Channel, Purpose

BLANK = re.compile(r"\{\{ ?([a-z_]{1,40}) ?\}\}")
LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


class BlanksWrong(Exception):
    """The text has something in braces that is not one of the blanks it may have. `pieces` are those."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        self.pieces = pieces
        super().__init__(", ".join(pieces))


@dataclass(frozen=True)
class Blank:
    """What stands in for the blank, for people; and examples, by language, to look at a template with."""

    meaning: Promise
    zh: str
    en: str

    def example(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


BLANKS: dict[str, Blank] = {
    "sender": Blank(_("name of the branch"), "示例银行青山支行", "Example Bank, Qingshan branch"),
    "hotline": Blank(_("the branch's hotline"), "400-000-0000", "400-000-0000"),
    "visit_day": Blank(_("day of the visit"), "11月20日", "20 November"),
    "visit_time": Blank(_("time of the visit"), "10:00", "10:00"),
    "promised_day": Blank(_("day that was agreed"), "11月23日", "23 November"),
    "name": Blank(_("the customer's name"), "张示例", "Sample Zhang"),
    "balance": Blank(_("whole balance, with its currency"), "CNY 20,000.00", "CNY 20,000.00"),
    "overdue_amount": Blank(_("overdue amount, with its currency"), "CNY 5,000.00", "CNY 5,000.00"),
    "due_since": Blank(_("day since which it is due"), "2026年10月6日", "6 October 2026"),
    "letter_day": Blank(_("date of the letter"), "2026年11月20日", "20 November 2026"),
    "letter_number": Blank(_("number of the letter"), "00000000", "00000000"),
    "city": Blank(_("city of the branch"), "包头市", "Baotou"),
}
EVERYWHERE = ("sender", "hotline")
FOR: dict[tuple[Channel, Purpose], tuple[str, ...]] = {
    (Channel.SMS, Purpose.VISIT_NOTICE): (*EVERYWHERE, "visit_day", "visit_time"),
    (Channel.SMS, Purpose.VISIT_OFF): (*EVERYWHERE, "visit_day"),
    (Channel.SMS, Purpose.PROMISE_REMINDER): (*EVERYWHERE, "promised_day"),
    (Channel.SMS, Purpose.PAYMENT_REMINDER): EVERYWHERE,
    (Channel.LETTER, Purpose.PAYMENT_REMINDER): (
        *EVERYWHERE,
        "city",
        "name",
        "balance",
        "overdue_amount",
        "due_since",
        "letter_day",
        "letter_number",
    ),
}


@dataclass(frozen=True)
class Filled:
    """A text with its blanks filled in. `pieces`: where each piece came from, in order of the text."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def in_body(self, start: int, end: int) -> tuple[int, int]:
        """A place in the text as a place in the body it was made from; of a filled blank, the whole blank."""
        return self._in_body(start, at_end=False), self._in_body(max(end - 1, start), at_end=True)

    def _in_body(self, at: int, *, at_end: bool) -> int:
        for text_from, text_to, body_from, body_to in self.pieces:
            if text_from <= at < text_to:
                if text_to - text_from == body_to - body_from:
                    return body_from + at - text_from + at_end
                return body_to if at_end else body_from
        return self.pieces[-1][3] if self.pieces else 0


def names_in(body: str) -> tuple[str, ...]:
    """The blanks that `body` has, each once."""
    return tuple(dict.fromkeys(BLANK.findall(body)))


def ensure_right(body: str, *, channel: Channel, purpose: Purpose) -> None:
    """Raises BlanksWrong when `body` has blanks that messages of this kind cannot fill, or loose braces."""
    allowed = FOR.get((channel, purpose), ())
    wrong = [name for name in names_in(body) if name not in allowed]
    wrong += LOOSE.findall(BLANK.sub("", body))
    if wrong:
        raise BlanksWrong(tuple(dict.fromkeys(wrong)))


def fill(body: str, values: Mapping[str, str]) -> Filled:
    """Put the values in. Raises BlanksWrong when one is missing or empty."""
    missing = tuple(name for name in names_in(body) if not values.get(name))
    if missing:
        raise BlanksWrong(missing)
    text, pieces, at = "", [], 0
    for blank in BLANK.finditer(body):
        for piece, start, end in (
            (body[at : blank.start()], at, blank.start()),
            (values[blank[1]], blank.start(), blank.end()),
        ):
            if piece:
                pieces.append((len(text), len(text) + len(piece), start, end))
                text += piece
        at = blank.end()
    if at < len(body):
        pieces.append((len(text), len(text) + len(body) - at, at, len(body)))
        text += body[at:]
    return Filled(text, tuple(pieces))


def examples(*, channel: Channel, purpose: Purpose, language: str) -> dict[str, str]:
    """An example for each blank of this kind of template."""
    return {name: BLANKS[name].example(language) for name in FOR.get((channel, purpose), ())}


def day(value: date, *, language: str, with_year: bool = False) -> str:
    """A day as people of this language write it."""
    if language.startswith("zh"):
        return formatted(value, "Y年n月j日" if with_year else "n月j日")
    with translation.override(language):
        return formatted(value, "j F Y" if with_year else "j F")


def clock(value: datetime) -> str:
    """The hour and minute, in the zone that `value` is in."""
    return f"{value:%H:%M}"
