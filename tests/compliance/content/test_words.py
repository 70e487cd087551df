"""A listed word is found however it is written, and harmless texts are left alone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from compliance.content import Category, Word, _spot, check
from compliance.content.folding import _homoglyphs, fold, is_chinese, plain
from compliance.content.rule import ContentFacts, Kind
from compliance.content.tables import PARTS, SAME, SIMPLIFIED
from compliance.content.words import TooShort, ensure_findable, packaged, version, written_out
from tests.compliance.content.harmless import EN, ZH
from tests.compliance.content.saying import codes, said_of, whole

WORDS = packaged()
CHINESE = [word for word in WORDS if all(map(is_chinese, word.text))]
LATIN = [word for word in WORDS if word.text.isascii()]
NOTHING_FOUND = frozenset()

BETWEEN = [
    "",
    "",
    " ",
    "　",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    ".",
    "·",
    "-",
    "_",
    "*",
    "、",
    "，",
    "😀",
    "❤️",
    "\t",
]
BETWEEN += ["~", "|", "/", "^", "\u0301", "\u0336", "⁠", "…", "（", "\n"]
# Inside a Latin word an apostrophe, a stroke or an @ might be a letter; between its letters these are not.
BETWEEN_LETTERS = [one for one in BETWEEN if one not in "|"] + [""]
VARIANTS = {}
for variant, simple in SIMPLIFIED.items():
    VARIANTS.setdefault(simple, []).append(variant)
for alike, sign in SAME.items():
    VARIANTS.setdefault(sign, []).append(alike)
LOOK_ALIKE = {}
for foreign, letter in _homoglyphs().items():
    LOOK_ALIKE.setdefault(letter, []).append(foreign)


def full_width(sign):
    return chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign


def found(text, category):
    return [one for one in _spot(text, NOTHING_FOUND) if one.category == category]


@st.composite
def disguised(draw, words, between):
    """A word, each sign of it written in one of its ways, with things in between."""
    word = draw(st.sampled_from(words))
    signs = []
    for sign in word.text:
        ways = [sign, full_width(sign), sign.upper(), *VARIANTS.get(sign, []), *LOOK_ALIKE.get(sign, [])]
        ways += PARTS.get(sign, []) if words is CHINESE else []
        signs += [draw(st.sampled_from(ways)), draw(st.sampled_from(between))]
    return word, "".join(signs[:-1])


@settings(max_examples=400, deadline=None)
@given(disguised(CHINESE, BETWEEN))
def test_a_chinese_word_is_found_in_any_disguise(what):
    word, written = what

    assert found(f"您好，关于{written}的事", word.category)


@settings(max_examples=400, deadline=None)
@given(disguised(LATIN, BETWEEN_LETTERS))
def test_a_latin_word_is_found_in_any_disguise(what):
    word, written = what

    assert found(f"Hello, {written} we say", word.category)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([word for word in CHINESE if len(word.text) > 1]), st.data())
def test_a_word_is_found_in_pinyin_whole_or_in_part(word, data):
    spelt = lazy_pinyin(word.text, style=Style.NORMAL)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(spelt), max_size=len(spelt)))
    gap = data.draw(st.sampled_from(["", " ", "-", "\u200b", "'"]))
    signs = [latin if chose else sign for sign, latin, chose in zip(word.text, spelt, chosen, strict=True)]

    assert found(f"您好，{gap.join(signs)}，谢谢", word.category)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WORDS), st.text(max_size=20), st.text(max_size=20))
def test_what_stands_around_a_chinese_word_does_not_hide_it(word, before, after):
    if not any(map(is_chinese, word.text)):
        before, after = f"{before}。", f"。{after}"
    if word.text[:1].isascii() or word.text[-1:].isascii():
        before, after = f"{before} ", f" {after}"

    assert found(before + word.text + after, word.category)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_checked_and_every_piece_is_of_the_original(text):
    for kind in Kind:
        for hit in check(
            text, kind=kind, language="zh-hans", jurisdictions=frozenset({"US"}), facts=ContentFacts()
        ):
            assert 0 <= hit.start <= hit.end <= len(text)
            assert hit.piece == text[hit.start : hit.end]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_folded_signs_are_in_order_and_of_the_original(text):
    signs = fold(text).signs

    assert all(a.start <= b.start for a, b in pairwise(signs))
    assert all(sign.end <= len(text) for sign in signs)
    ordinary, places = plain(text)
    assert len(ordinary) == len(places)


@pytest.mark.parametrize("line", ZH)
def test_decent_chinese_is_left_alone(line):
    assert said_of(whole(line)) == []


@pytest.mark.parametrize("line", EN)
def test_decent_english_is_left_alone(line):
    text = f"包头支行: {line}\nQuestions or complaint: 0472-5550100"

    assert said_of(text, language="en") == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("您会坐 牢的", Category.PRISON),
        ("坐lao", Category.PRISON),
        ("zuo lao", Category.PRISON),
        ("ZUOLAO", Category.PRISON),
        ("坐宀牛", Category.PRISON),
        ("ｈｅｉ　ｍｉｎｇ　ｄａｎ", Category.BLACKLIST),
        ("heimingdan", Category.BLACKLIST),
        ("黑😀名\u200b单", Category.BLACKLIST),
        ("黑名單", Category.BLACKLIST),
        ("上hmd", Category.BLACKLIST),
        ("您的sxbzxr信息", Category.BLACKLIST),
        ("рrіѕоn", Category.PRISON),
        ("p r 1 s 0 n", Category.PRISON),
        ("you will be arrested2day", Category.PRISON),
        ("go to 🅹🅰🅸🅻", Category.PRISON),
        ("ⓙⓐⓘⓛ", Category.PRISON),
        ("b@stard", Category.INSULT),
        ("老\n赖", Category.INSULT),
        ("马扁子", Category.INSULT),
        ("通知妳單位", Category.THIRD_PARTY),
        ("我们将联系您的家人", Category.THIRD_PARTY),
        ("we will tell your boss", Category.THIRD_PARTY),
        ("加我微信", Category.PRIVATE_TRANSFER),
    ],
)
def test_tricks_that_were_thought_of(text, category):
    assert found(text, category)


@pytest.mark.parametrize(
    "text",
    [
        "wear rest",
        "the app ointment",
        "Pan Xing from Shanxi",
        "panxing@example.com",
        "0472-5550100 13941",
        "prisonerless",
        "skill set",
    ],
)
def test_a_word_inside_another_or_a_number_is_none(text):
    assert not list(_spot(text, NOTHING_FOUND))


def test_the_lists_have_a_version_and_every_category():
    assert version() >= 1
    assert {word.category for word in WORDS} == set(Category)


def test_every_listed_word_is_long_enough_and_written_in_simplified_characters():
    for word in WORDS:
        ensure_findable(word.text)
        assert not [sign for sign in word.text if sign in SIMPLIFIED], word.text


def test_patterns_are_written_out():
    assert list(written_out("{a|b}c{|d}")) == ["ac", "acd", "bc", "bcd"]


@pytest.mark.parametrize(
    ("word", "fine"), [("滚", False), ("ab", False), ("😀😀😀", False), ("滚蛋", True), ("abc", True)]
)
def test_too_short_a_word_is_not_listed(word, fine):
    if fine:
        ensure_findable(word)
    else:
        with pytest.raises(TooShort):
            ensure_findable(word)


def test_the_banks_own_words_come_on_top_and_are_found_in_disguise_too():
    own = frozenset({Word("黄牛党", Category.INSULT)})
    text = whole("您是黃 牛dang，也是老赖")

    assert codes(text, more_words=own) == {"INSULT"}
    assert [piece for _rule, _code, piece in said_of(text, more_words=own)] == ["黃 牛dang", "老赖"]
    assert [piece for _rule, _code, piece in said_of(text)] == ["老赖"]
