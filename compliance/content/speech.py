"""Checks of what is said: forbidden words, false statements about courts and credit records, new borrowing."""

import re
from collections.abc import Iterator

from compliance.content.folding import plain
from compliance.content.rule import Category, Check, Decision, Found, LegalStep, Spotted, Writing
from compliance.content.tables import EXCEPTIONS

ONLY_WARNS = frozenset({Category.PRESSURE})
LOOKS_BACK, LOOKS_ON = 80, 24
NEAR = 24

COURTS = frozenset({"法院", "法官", "法庭", "仲裁委", "仲裁委员会", "court"})
BEFORE_A_COURT = frozenset(
    {LegalStep.SUIT, LegalStep.ARBITRATION, LegalStep.PRESERVATION, LegalStep.ENFORCEMENT}
)

KEPT_YEARS = re.compile(
    r"(?:保留|保存|留存|影响|持续|展示|伴随)[^，。；,.;\n]{0,10}?(\d{1,3}|[一二三四五六七八九十]{1,3})\s*年(?!\s*\d+\s*月)"
    r"|\b(?:for|last\w*|remain\w*|kept|stay\w*)\s+(?:up to\s+|at least\s+)?"
    r"(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty)\s+years",
    re.IGNORECASE,
)
FIVE = frozenset({"5", "五", "five"})


def forbidden(*categories: Category) -> Check:
    """No word of these categories, except where `exceptions.toml` excuses it."""

    def check(writing: Writing) -> Iterator[Found]:
        for word in writing.of(*categories):
            if not excused(word, writing) and not _may_name_the_court(word, writing):
                decision = Decision.WARN if word.category in ONLY_WARNS else None
                yield Found(word.category.value, word.start, word.end, {"word": word.word}, decision)

    return check


def excused(word: Spotted, writing: Writing) -> bool:
    before, _places = plain(writing.text[max(word.start - LOOKS_BACK, 0) : word.start])
    after, _places = plain(writing.text[word.end : word.end + LOOKS_ON])
    return any(
        (one.before is None or one.before.search(before) is not None)
        and (one.after is None or one.after.search(after) is not None)
        for one in EXCEPTIONS.get(word.category, ())
    )


def _may_name_the_court(word: Spotted, writing: Writing) -> bool:
    return word.word in COURTS and bool(BEFORE_A_COURT & writing.facts.legal_steps)


def undecided_steps(writing: Writing) -> Iterator[Found]:
    """No step towards a court that was not decided and approved for this customer."""
    for step in LegalStep:
        if step in writing.facts.legal_steps:
            continue
        for word in writing.of(Category(step.value)):
            if not excused(word, writing):
                yield Found("LEGAL_STEP", word.start, word.end, {"word": word.word, "step": step.value})


def permanence(writing: Writing) -> Iterator[Found]:
    """A credit record is kept five years from the end of the conduct (征信业管理条例 art. 16): not for ever, not ten."""
    records = writing.of(Category.CREDIT_RECORD)
    for word in writing.of(Category.PERMANENCE):
        if any(_apart(word.start, word.end, one) <= NEAR for one in records):
            yield Found("PERMANENT", word.start, word.end, {"word": word.word})
    for found in KEPT_YEARS.finditer(writing.plain):
        years = (found[1] or found[2]).casefold()
        start, end = writing.place(*found.span())
        if years not in FIVE and any(_apart(start, end, one) <= NEAR for one in records):
            yield Found("WRONG_YEARS", start, end, {"years": years})


def _apart(start: int, end: int, word: Spotted) -> int:
    return max(word.start - end, start - word.end, 0)


def false_statements(writing: Writing) -> Iterator[Found]:
    yield from undecided_steps(writing)
    yield from permanence(writing)
