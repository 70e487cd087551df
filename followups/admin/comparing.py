"""Two versions of a template side by side, what went marked on the left and what came on the right."""

from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from followups.models import Template


def side_by_side(before: Template, after: Template) -> SafeString:
    heads = (gettext("version %(number)s") % {"number": one.version} for one in (before, after))
    rows = zip_longest(before.body.splitlines(), after.body.splitlines(), fillvalue="")
    return format_html(
        '<table class="compared"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        format_html_join("", "<th>{}</th>", ((head,) for head in heads)),
        format_html_join("", "<tr><td>{}</td><td>{}</td></tr>", (_marked(*row) for row in rows)),
    )


def _marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = what == "equal"
        left.append((before[a:b],) if same else (_if_any("<del>{}</del>", before[a:b]),))
        right.append((after[c:d],) if same else (_if_any("<ins>{}</ins>", after[c:d]),))
    return format_html_join("", "{}", left), format_html_join("", "{}", right)


def _if_any(pattern: str, piece: str) -> SafeString | str:
    return format_html(pattern, piece) if piece else ""
