"""What the checker says about a template, as a page shows it: sentences, and the pieces marked in the text."""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from compliance.content import ContentHit
from compliance.content_wording import how_to_mend, what_is_wrong
from followups.blanks import BlanksWrong
from followups.models import Template
from followups.template_checks import Tried, tried

ALL_WE_KNOW = frozenset({"US"})


def findings(template: Template) -> SafeString:
    """Every reason with the way to mend it, those first that refuse the approval."""
    judged = _judged(template)
    if judged is None:
        return format_html("<p>{}</p>", gettext("The blanks are not right."))
    if not judged.hits:
        return format_html('<p class="is-fine">{}</p>', gettext("Nothing is wrong with it."))
    at_home = set(tried(template).hits)
    ordered = sorted(judged.hits, key=lambda hit: (hit not in at_home, not hit.blocks))
    rows = (
        (_weight(hit, at_home=hit in at_home), what_is_wrong(hit), how_to_mend(hit), hit.rule)
        for hit in ordered
    )
    return format_html(
        '<ul class="findings">{}</ul>',
        format_html_join("", "<li><b>{}</b> {} {} <small>{}</small></li>", rows),
    )


def _weight(hit: ContentHit, *, at_home: bool) -> str:
    if not at_home:
        return gettext("not sent to customers in the United States:")
    return gettext("blocks:") if hit.blocks else gettext("careful:")


def shown(template: Template) -> SafeString:
    """The text with examples in its blanks and the offending pieces marked."""
    judged = _judged(template)
    if judged is None:
        return format_html('<div class="wording">{}</div>', template.body)
    pieces = format_html_join("", "{}", ((piece,) for piece in _pieces(judged)))
    return format_html('<div class="wording">{}</div>', pieces)


def _judged(template: Template) -> Tried | None:
    try:
        return tried(template, jurisdictions=ALL_WE_KNOW)
    except BlanksWrong:
        return None


def _pieces(judged: Tried) -> Iterator[SafeString | str]:
    text, at = judged.filled.text, 0
    for hit in judged.hits:
        if hit.end > at:
            yield text[at : max(hit.start, at)]
            yield format_html("<mark>{}</mark>", text[max(hit.start, at) : hit.end])
            at = hit.end
    yield text[at:]
