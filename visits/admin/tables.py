"""Small things of the visits' pages: tables, lists, and times by a branch's clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import Branch


def table(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> SafeString:
    head = format_html_join("", "<th>{}</th>", ((each,) for each in heads))
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    return format_html(
        '<table class="case-file"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body
    )


def _cells(row: Sequence[Any]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((cell,) for cell in row))


def lines(said: Iterable[Any]) -> SafeString:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in said)))


def clock(at: datetime, branch: Branch) -> str:
    """The time of day at the branch."""
    return f"{at.astimezone(ZoneInfo(branch.time_zone)):%H:%M}"


def moment(at: datetime, branch: Branch) -> str:
    """Date and time at the branch."""
    return (
        f"{date_format(at.astimezone(ZoneInfo(branch.time_zone)), 'SHORT_DATE_FORMAT')} {clock(at, branch)}"
    )
