"""Finding many words at once in a folded text, however each sign of them is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from pypinyin import Style, pinyin

from compliance.content.folding import Folded, fold, is_chinese
from compliance.content.rule import Category
from compliance.content.tables import PARTS, SAME

ENDINGS = tuple(fold(ending).value for ending in ("", "s", "d", "es", "ed", "ing", "er", "ers"))


@dataclass(frozen=True)
class Spelling:
    """A way to write a listed word, folded."""

    value: str
    word: str
    category: Category
    inflected: bool = False
    only_in_chinese: bool = False
    surely: bool = False


@dataclass
class Node:
    """A step of the tree of spellings. `spelt`: the ways to write a next sign by several, under their first one."""

    next: dict[str, "Node"] = field(default_factory=dict)
    spelt: dict[str, list[tuple[str, "Node"]]] = field(default_factory=dict)
    here: list[Spelling] = field(default_factory=list)


@cache
def other_ways(sign: str) -> tuple[str, ...]:
    """A Chinese character in Latin letters, in every reading, and in its parts."""
    if not is_chinese(sign):
        return ()
    romanised = {
        fold(reading.replace("v", "u") if rounded else reading).value
        for one in (sign, *(other for other, same in SAME.items() if same == sign))
        for reading in pinyin(one, style=Style.NORMAL, heteronym=True)[0]
        for rounded in (False, True)
    }
    return (*sorted(romanised), *(fold(parts).value for parts in PARTS.get(sign, ())))


@cache
def initial(sign: str) -> str:
    return fold(pinyin(sign, style=Style.NORMAL)[0][0][0]).value


def initials(word: str) -> str:
    """The first letters of a Chinese word's syllables."""
    return "".join(map(initial, word))


class Matcher:
    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self.root = Node()
        for spelling in spellings:
            self._add(spelling)

    def _add(self, spelling: Spelling) -> None:
        node = self.root
        for sign in spelling.value:
            if sign not in node.next:
                step = node.next[sign] = Node()
                for way in other_ways(sign):
                    node.spelt.setdefault(way[0], []).append((way, step))
            node = node.next[sign]
        if spelling not in node.here:
            node.here.append(spelling)

    def find(self, text: Folded) -> Iterator[tuple[Spelling, int, int]]:
        """Each spelling found, with the first and the last sign of `text` that belong to it."""
        has_chinese = text.has_chinese
        for start, sign in enumerate(text.signs):
            if sign.value.isascii() and not sign.starts:
                continue
            for spelling, at, seen in self._from(self.root, text, start, seen=0):
                end = at - 1 if seen else _end_of_letters(spelling, text, start, at, has_chinese=has_chinese)
                if end is not None:
                    yield spelling, start, end

    def _from(self, node: Node, text: Folded, at: int, *, seen: int) -> Iterator[tuple[Spelling, int, int]]:
        """What has been read when `at` comes next, and how many Chinese characters of it were written as such."""
        for spelling in node.here:
            yield spelling, at, seen
        if at >= len(text.signs):
            return
        value = text.value
        step = node.next.get(value[at])
        if step is not None:
            yield from self._from(step, text, at + 1, seen=seen + (not value[at].isascii()))
        for way, step in node.spelt.get(value[at], ()):
            if value.startswith(way, at):
                read = 0 if way.isascii() else 1
                yield from self._from(step, text, at + len(way), seen=seen + read)
        if text.signs[at].soft and node is not self.root:
            yield from self._from(node, text, at + 1, seen=seen)


def _end_of_letters(
    spelling: Spelling, text: Folded, start: int, at: int, *, has_chinese: bool
) -> int | None:
    """The last sign of a word written in letters only; None when it only lies inside another one.

    Chinese in letters means something else too often: in a text without Chinese only longer words of it count.
    """
    chinese = not spelling.value.isascii()
    ambiguous = spelling.only_in_chinese or (chinese and len(spelling.value) < 3)
    if ambiguous and not has_chinese and not spelling.surely:
        return None
    if 2 * sum(sign.digit for sign in text.signs[start:at]) > at - start:
        return None
    for ending in ENDINGS if spelling.inflected else ("",):
        last = at + len(ending) - 1
        if last < len(text.signs) and text.value.startswith(ending, at) and text.signs[last].ends:
            return last
    return None
