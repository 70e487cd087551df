"""What a stranger may read: a lock screen, a machine's loudspeaker, an envelope tell of no debt, sum or account."""

import re
from collections.abc import Iterator

from compliance.content.rule import Category, Found, Kind, Writing

READ_BY_ANYBODY = frozenset({Kind.MESSAGE, Kind.CHAT, Kind.PUSH, Kind.VOICEMAIL, Kind.ENVELOPE})
READ_IN_THE_FIRST_LINE = frozenset({Kind.EMAIL, Kind.FREE_TEXT})
SHOWS_SOMETHING = READ_BY_ANYBODY | READ_IN_THE_FIRST_LINE

NUMBER = r"\d[\d,，\s]{0,14}(?:\.\d{1,2})?"
CHINESE_NUMBER = r"[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬]{1,16}"
AMOUNT = re.compile(
    rf"(?:[¥$€£₹₩]|\b(?:rmb|cny|usd|hkd|eur|gbp|jpy|aud|inr|thb|krw))\s*{NUMBER}"
    rf"|{NUMBER}\s*[多余]?[万千百]?\s*(?:元|圆|块钱|块(?!地)|人民币|美元|港币|港元|欧元|rmb\b|cny\b|usd\b|dollars?\b|yuan\b|renminbi\b|euros?\b|pounds?\b)"
    rf"|{CHINESE_NUMBER}[多余]?(?:元(?![旦宵月])|圆整|块钱)",
    re.IGNORECASE,
)
IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}[\d*]{7}[\dXx*]")
ACCOUNT = re.compile(
    r"(?<![\d*])\d(?:[ \-]?[\d*]){11,18}[Xx]?(?![\d*])"
    r"|尾号(?:为|是)?\s*[:：]?\s*\d{3,4}|末四位\s*\d{4}|\bending\s+(?:in\s+|with\s+)?\d{3,4}\b|\d{3,6}\s?[*xX•]{3,}\s?\d{3,4}",
    re.IGNORECASE,
)
NO_DIGIT = re.compile(r"\D")


def readable_by_others(writing: Writing) -> Iterator[Found]:
    """No word of debt, no sum, no account or identity number in what others can read of it."""
    until = _read_until(writing)
    for word in writing.of(Category.DEBT):
        if word.start < until:
            yield Found("DEBT", word.start, word.end, {"word": word.word})
    for code, pattern in (("AMOUNT", AMOUNT), ("ACCOUNT", ACCOUNT)):
        for found in pattern.finditer(writing.plain):
            start, end = writing.place(*found.span())
            if start < until and not _is_a_telephone(found[0], writing):
                yield Found("IDENTITY" if IDENTITY.fullmatch(found[0]) else code, start, end)


def _read_until(writing: Writing) -> int:
    if writing.kind in READ_BY_ANYBODY:
        return len(writing.text)
    shown = writing.text.lstrip()
    hidden_before = len(writing.text) - len(shown)
    return hidden_before + len(shown.split("\n", 1)[0])


def _is_a_telephone(found: str, writing: Writing) -> bool:
    """The bank's own numbers are there to be rung."""
    digits = NO_DIGIT.sub("", found)
    own = [NO_DIGIT.sub("", one) for one in (writing.facts.hotline, writing.facts.complaint_channel)]
    return any(len(one) >= 5 and digits.endswith(one.lstrip("0")) for one in own)
