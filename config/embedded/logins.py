"""The demonstration's log-ins, shown after every start."""

import json
import unicodedata

from config.embedded.layout import Layout

COLUMNS = {"role": "role", "branch": "branch", "username": "user name", "password": "password"}


def table_of_log_ins(layout: Layout) -> list[str]:
    """Lines for the terminal; none when the demonstration was not loaded."""
    try:
        people = json.loads((layout.root / "logins.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    rows = [[str(person.get(key, "")) for key in COLUMNS] for person in [COLUMNS, *people]]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
