"""The rule book page: its sections in reading order, and how strictly each rule binds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from compliance.content.book import VERSION as CONTENT_VERSION
from compliance.content_reading import ReadableContentRule, readable_content_rules
from compliance.rulebook import ReadableSection, readable_book
from compliance.rules import VERSION

CONTENT = "content"


@dataclass(frozen=True)
class Section:
    """`rules` are asked at the gate or kept by named code; `texts` are rules about what is said and written."""

    key: str
    title: str
    rules: ReadableSection | None
    texts: tuple[ReadableContentRule, ...]

    @property
    def count(self) -> int:
        return len(self.rules.rules) if self.rules else len(self.texts)


@dataclass(frozen=True)
class Book:
    version: str
    content_version: str
    at: datetime
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


def open_book(*, now: datetime) -> Book:
    """The whole book as it is in force at `now`. Two queries."""
    return Book(VERSION, CONTENT_VERSION, now, tuple(_sections(readable_book(at=now))))


def _sections(parts: Iterable[ReadableSection]) -> Iterable[Section]:
    for part in parts:
        if part.key == "elsewhere":
            yield Section(CONTENT, gettext("What is said and written"), None, tuple(readable_content_rules()))
        yield Section(part.key, part.title, part, ())
