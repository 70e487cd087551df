"""Tables as CSV, JSON and XLSX, written row by row: a table of a million rows needs no more memory than one of ten.

Every row of a table carries the watermark, so that a part of it still says whose copy it is.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from compliance.exporting.cells import Cell, as_text, for_xml, guarded

MOST_ROWS_OF_A_SHEET = 1_048_576
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Chinese as Latin

Rows = Iterable[Sequence[Cell]]


class TooManyRows(Exception):
    """A sheet of Excel holds 1,048,576 rows."""


@dataclass(frozen=True)
class Head:
    """`keys` name the columns for machines, `titles` for people; `mark` is the watermark and `mark_title` its column."""

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    mark: str
    mark_title: str


def write_csv(out: IO[bytes], head: Head, rows: Rows) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow([*head.titles, head.mark_title])
    count = 0
    for row in rows:
        writer.writerow([*(guarded(cell) for cell in row), guarded(head.mark)])
        count += 1
    text.flush()
    text.detach()
    return count


def write_json(out: IO[bytes], head: Head, rows: Rows) -> int:
    out.write(b'{"watermark": %s,\n"rows": [' % json.dumps(head.mark, ensure_ascii=False).encode())
    count = 0
    for row in rows:
        said = {key: _for_json(cell) for key, cell in zip(head.keys, row, strict=True)}
        out.write((b",\n" if count else b"\n") + json.dumps(said, ensure_ascii=False).encode())
        count += 1
    out.write(b"\n]}\n")
    return count


def _for_json(cell: Cell) -> str | int | None:
    return cell if cell is None or isinstance(cell, str | int) else as_text(cell)


def write_xlsx(out: IO[bytes], head: Head, rows: Rows) -> int:
    """One sheet. Text is stored as text: no cell of it is a formula. Raises TooManyRows."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _BOOK.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_BEGINS)
            sheet.write(_row([*head.titles, head.mark_title]))
            count = 0
            for row in rows:
                count += 1
                if count >= MOST_ROWS_OF_A_SHEET:
                    raise TooManyRows
                sheet.write(_row([*row, head.mark]))
            sheet.write(_SHEET_ENDS)
    return count


def _row(cells: Sequence[Cell]) -> bytes:
    return ("<row>" + "".join(map(_cell, cells)) + "</row>").encode()


def _cell(cell: Cell) -> str:
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{for_xml(as_text(cell))}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_BEGINS = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_SHEET_ENDS = b"</sheetData></worksheet>"
_BOOK = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Zoufang" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}

WRITERS: dict[str, Callable[[IO[bytes], Head, Rows], int]] = {
    "CSV": write_csv,
    "JSON": write_json,
    "XLSX": write_xlsx,
}
