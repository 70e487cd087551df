"""One cell of an exported table, for people and for spreadsheets. No database, no clock."""

import re
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | datetime | date | None

# What makes a spreadsheet take a text for a formula, its full-width forms included (after OWASP, CSV injection).
STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_text(cell: Cell) -> str:
    """Instants as ISO 8601 with their offset, everything else as it reads."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def guarded(cell: Cell) -> str:
    """The text of a CSV cell that no spreadsheet takes for a formula. Figures stay figures."""
    text = as_text(cell)
    if (
        isinstance(cell, str)
        and text.lstrip(" \u3000\u00a0\ufeff")[:1] in STARTS_A_FORMULA
        and text.strip(" ")
    ):
        return f"'{text}"
    return text


def for_xml(text: str) -> str:
    """The text without the characters XML cannot carry, escaped."""
    return NOT_XML.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
