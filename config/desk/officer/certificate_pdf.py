"""The certificate on paper, from the same figures as the page."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.translation import gettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from accounts.models import User
from compliance.certificate import Certificate
from compliance.exporting.export import Exported, export
from compliance.exporting.terms import ExportFormat, ExportKind
from config.desk.officer.certificate_wording import figures, how_to_verify, statement

FONT = "STSong-Light"  # every reader of PDF files brings it along; nothing is embedded
INK, SOFT, LINE = HexColor("#18211f"), HexColor("#53615e"), HexColor("#c7d1ce")
GOOD, BAD = HexColor("#24744a"), HexColor("#ad2f33")
WIDTH = A4[0] - 44 * mm


def export_certificate(one: Certificate, *, by: User, now: datetime) -> Exported:
    """The certificate as a file that leaves the house, written down first."""

    def build(file: IO[bytes], mark: str) -> int:
        file.write(certificate_pdf(one, mark=mark))
        return 1

    return export(
        what=ExportKind.CERTIFICATE,
        in_format=ExportFormat.PDF,
        purpose=gettext("certificate no. %(number)d") % {"number": one.number},
        filters={"certificate": one.number},
        build=build,
        by=by,
        now=now,
    )


def certificate_pdf(one: Certificate, *, mark: str = "") -> bytes:
    """An A4 page or two in the reader's language, times by the current time zone; `mark` stands at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    written = BytesIO()
    title = gettext("Certificate about contacts with customers")
    paper = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=24 * mm,
        bottomMargin=22 * mm,
        title=title,
        author=one.issued_by,
        invariant=1,
    )
    foot = partial(_foot, mark=mark)
    parts = [*_head(one, title), *_figures(one), *_examples(one), *_proof(one)]
    paper.build(parts, onFirstPage=foot, onLaterPages=foot)
    return written.getvalue()


def _style(size: float, colour: Any = INK, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        "", fontName=FONT, fontSize=size, leading=size * 1.6, textColor=colour, wordWrap="CJK", **more
    )


def _head(one: Certificate, title: str) -> Iterable[Flowable]:
    yield Paragraph(escape(title), _style(20))
    yield Spacer(1, 4 * mm)
    lines = [
        (gettext("Period"), _period(one)),
        (gettext("Scope"), one.scope or gettext("the whole bank")),
        (gettext("Issued"), _moment(one.issued_at)),
        (gettext("Issued by"), one.issued_by),
    ]
    yield _table([[name, value] for name, value in lines], (32 * mm, WIDTH - 32 * mm))
    yield Spacer(1, 6 * mm)
    yield Paragraph(escape(statement(one)), _style(12.5, GOOD if one.holds else BAD))
    yield Spacer(1, 5 * mm)


def _figures(one: Certificate) -> Iterable[Flowable]:
    lines = figures(one)
    rows = [[line.name, line.shown] for line in lines]
    wrong = [("TEXTCOLOR", (0, at), (-1, at), BAD) for at, line in enumerate(lines) if line.wrong]
    yield _table(rows, (WIDTH - 30 * mm, 30 * mm), [("ALIGN", (1, 0), (1, -1), "RIGHT"), *wrong])
    yield Spacer(1, 6 * mm)


def _examples(one: Certificate) -> Iterable[Flowable]:
    if one.examples:
        yield Paragraph(
            escape(gettext("The contacts found, by their number (twenty at most)")), _style(11, BAD)
        )
        yield from (Paragraph(escape(found), _style(9)) for found in one.examples)
        yield Spacer(1, 6 * mm)


def _proof(one: Certificate) -> Iterable[Flowable]:
    lines = [
        (gettext("SHA-256 of the query"), one.sha256),
        (gettext("Entry in the audit chain"), f"DECISIONS {one.number}"),
        (gettext("Hash of the entry"), one.hash),
    ]
    yield KeepTogether(
        [
            _table([[name, value] for name, value in lines], (42 * mm, WIDTH - 42 * mm), size=8.5),
            Spacer(1, 4 * mm),
            Paragraph(escape(how_to_verify()), _style(9.5, SOFT)),
        ]
    )


def _table(
    rows: list[list[str]], widths: Iterable[float], more: Iterable[Any] = (), size: float = 10.5
) -> Table:
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, size),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        *more,
    ]
    return Table(rows, colWidths=list(widths), style=TableStyle(style), hAlign="LEFT")


def _foot(canvas: Any, _paper: Any, *, mark: str) -> None:
    canvas.setFont(FONT, 8)
    canvas.setFillColor(SOFT)
    canvas.drawString(22 * mm, 12 * mm, f"{gettext('Zoufang')} · {mark}" if mark else gettext("Zoufang"))
    canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, str(canvas.getPageNumber()))


def _period(one: Certificate) -> str:
    return gettext("from %(since)s until before %(until)s") % {
        "since": _moment(one.since),
        "until": _moment(one.until),
    }


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%Y-%m-%d %H:%M:%S} ({local.tzinfo})"
