"""The sheet of a letter, as PDF for A4 and a window envelope: through the window one reads name, address and sender."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, PageTemplate, Paragraph, SimpleDocTemplate
from reportlab.platypus.doctemplate import BaseDocTemplate, NextPageTemplate
from reportlab.platypus.flowables import Spacer

FONT = "STSong-Light"
MARGIN = 22 * mm
# The window of a DL envelope on the folded sheet: 20 mm from the left, 45 to 90 mm from the top.
WINDOW_LEFT, WINDOW_TOP, WINDOW_LINE = 22 * mm, 52 * mm, 6 * mm
BODY_TOP = 105 * mm  # below the first fold: nothing of the text is behind the window
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

TITLE = ParagraphStyle(
    "title", fontName=FONT, fontSize=15, leading=22, alignment=1, wordWrap="CJK", spaceAfter=6
)
LINE = ParagraphStyle("line", fontName=FONT, fontSize=10.5, leading=16, wordWrap="CJK", spaceAfter=2)


def sheet(text: str, *, envelope: str, number: str) -> bytes:
    """`text`, its first line as title, on as many pages as it needs; `envelope` in the window of the first."""
    width, height = A4
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, title=number, author="", invariant=1)
    first = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - BODY_TOP - MARGIN, id="first")
    other = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN, id="other")

    def window(canvas: Canvas, _document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 11)
        for i, line in enumerate(envelope.splitlines()):
            canvas.drawString(WINDOW_LEFT, height - WINDOW_TOP - i * WINDOW_LINE, line)

    document.addPageTemplates([PageTemplate("first", [first], onPage=window), PageTemplate("other", [other])])
    title, *lines = text.splitlines()
    story = [NextPageTemplate("other"), Paragraph(escape(title), TITLE)]
    story += [Paragraph(escape(line), LINE) if line.strip() else Spacer(0, 3 * mm) for line in lines]
    document.build(story)
    return out.getvalue()
