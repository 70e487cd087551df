"""The report as bars, each leading to the decisions behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from compliance import report
from compliance.rulebook import BY_ID
from compliance.wording import title
from config.desk.counted import Counted


@dataclass(frozen=True)
class Bar(Counted):
    """`share` is of the most frequent line, of 100; `approved` of this line's own requests, empty for refusals."""

    code: str
    name: str
    count: int
    share: int
    approved: str
    part: int
    url: str


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    bars: tuple[Bar, ...]


def tables(found: report.Report, *, first: date, last: date) -> Mapping[str, tuple[Table, ...]]:
    """The tables of refusals and of overrides."""
    days = {"first": first.isoformat(), "last": last.isoformat()}

    def refusals(key: str, heading: str, lines: Iterable[report.Line]) -> Table:
        return Table(f"refusals-by-{key}", heading, tuple(_bars(lines, {**days, "answer": "NO"}, key)))

    def overrides(key: str, heading: str, lines: Iterable[report.Line]) -> Table:
        return Table(f"overrides-by-{key}", heading, tuple(_bars(lines, {}, key)))

    return {
        "refusals": (
            refusals("rule", gettext("By rule"), found.refusals_by_rule),
            refusals("branch", gettext("By branch"), found.refusals_by_branch),
            refusals("person", gettext("By person who asked"), found.refusals_by_person),
        ),
        "overrides": (
            overrides("rule", gettext("By rule"), found.overrides_by_rule),
            overrides("branch", gettext("By branch"), found.overrides_by_branch),
            overrides("requester", gettext("By person who requested"), found.overrides_by_requester),
            overrides("decider", gettext("By person who decided"), found.overrides_by_decider),
        ),
    }


def _bars(lines: Iterable[report.Line], asked: Mapping[str, str], key: str) -> Iterable[Bar]:
    told = list(lines)
    most = max((line.count for line in told), default=0)
    for line in told:
        rule = line.key in BY_ID and key == "rule"
        yield Bar(
            code=line.key if rule else "",
            name=title(line.key) if rule else line.name,
            count=line.count,
            share=round(100 * line.count / most),
            approved="" if asked else share_of(line.part, line.count),
            part=round(100 * line.part / most),
            url=f"{reverse('decisions')}?{urlencode({**asked, key: line.key})}" if asked else "",
        )


def share_of(part: int, whole: int) -> str:
    """A percentage, or a dash where there is nothing to divide by."""
    return f"{part / whole:.0%}" if whole else "–"
