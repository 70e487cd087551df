"""The packaged tables, read once: variants of characters, their parts, look-alikes, and where a word is no hit.

`data/variants.txt` is drawn from OpenCC (traditional and Japanese forms of Chinese characters; Apache License 2.0).
"""

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from compliance.content.rule import Category

DATA = files("compliance.content") / "data"


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _simplified() -> dict[str, str]:
    lines = (DATA / "variants.txt").read_text(encoding="utf-8").split()
    return {variant: line[0] for line in lines for variant in line[1:]}


@dataclass(frozen=True)
class Surroundings:
    """Surroundings in which a word of the category is no hit."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


def _exceptions() -> dict[Category, tuple[Surroundings, ...]]:
    return {
        Category(name): tuple(
            Surroundings(
                re.compile(one["before"]) if "before" in one else None,
                re.compile(one["after"]) if "after" in one else None,
            )
            for one in entries
        )
        for name, entries in table("exceptions.toml").items()
    }


SIMPLIFIED = _simplified()
SAME: dict[str, str] = table("lookalikes.toml")["same"]
PARTS: dict[str, list[str]] = table("lookalikes.toml")["parts"]
EXCEPTIONS = _exceptions()
