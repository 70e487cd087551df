"""Lines of a file to values, row by row: one bad row never stops the others."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple

from accounts.feed import reasons
from accounts.feed.checks import DeliveredFile
from accounts.feed.fields import Wrong
from accounts.feed.format import Column, FileFormat, Values
from accounts.models.feed import Rejected

ROWS_AT_A_TIME = 10_000


class Rejection(NamedTuple):
    what: str
    line: int
    field: str
    value: str
    reason: str


@dataclass
class Chunk:
    """Some thousand rows of a file: those that can be taken by line number, and what was rejected.

    `refused_keys` are the first keys of rejected rows, so that rows hanging on them can be told why.
    """

    format: FileFormat
    rows: dict[int, Values] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    refused_keys: list[str] = field(default_factory=list)
    size: int = 0

    def leave_out(self, line: int, name: str, wrong: Wrong, value: str) -> None:
        """Take the row without this field."""
        column = self.format.by_name[name]
        self.rejections.append(Rejection(Rejected.FIELD, line, name, column.mask(value), wrong.reason))
        self.rows[line][name] = column.instead

    def refuse(self, line: int, wrong: Wrong, *, key: str) -> None:
        """Do not take the row; what was said of its fields does not matter any more."""
        self.rows.pop(line, None)
        while self.rejections and self.rejections[-1].line == line:
            self.rejections.pop()
        mask = self.format.by_name[wrong.field].mask if wrong.field else str
        self.rejections.append(Rejection(Rejected.ROW, line, wrong.field, mask(wrong.value), wrong.reason))
        if key:
            self.refused_keys.append(key[:100])


def chunks_of(file: DeliveredFile, *, as_of: date) -> Iterator[Chunk]:
    with file.path.open(encoding="utf-8", newline="\n") as lines:
        next(lines)
        numbered = enumerate(lines, start=2)
        while some := list(islice(numbered, ROWS_AT_A_TIME)):
            chunk = Chunk(file.format, size=len(some))
            for number, line in some:
                _read_row(chunk, number, line, header=file.header, as_of=as_of)
            yield chunk


def _read_row(chunk: Chunk, number: int, line: str, *, header: tuple[str, ...], as_of: date) -> None:
    raw: dict[str, str] = {}
    try:
        raw = _split(line, header)
        chunk.rows[number] = dict.fromkeys(chunk.format.by_name)
        for column in chunk.format.columns:
            _read_field(chunk, number, column, raw.get(column.name, "").strip())
        chunk.format.check(chunk.rows[number], as_of)
    except Wrong as wrong:
        chunk.refuse(number, wrong, key=raw.get(chunk.format.keys[0], "").strip())


def _split(line: str, header: tuple[str, ...]) -> dict[str, str]:
    line = line.rstrip("\r\n")
    if '"' in line:
        try:
            values = next(csv.reader((line,), strict=True))
        except (csv.Error, StopIteration) as wrong:
            raise Wrong(reasons.QUOTES_DO_NOT_MATCH) from wrong
    else:
        values = line.split(",")
    if len(values) != len(header):
        raise Wrong(reasons.NOT_AS_MANY_FIELDS)
    return dict(zip(header, values, strict=True))


def _read_field(chunk: Chunk, line: int, column: Column, raw: str) -> None:
    if not raw:
        if column.key:
            raise Wrong(reasons.EMPTY, field=column.name)
        return
    try:
        chunk.rows[line][column.name] = column.read(raw) or None
    except Wrong as wrong:
        if not column.lenient:
            raise Wrong(wrong.reason, field=column.name, value=raw) from wrong
        chunk.leave_out(line, column.name, wrong, raw)
