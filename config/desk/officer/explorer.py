"""A page of decisions: the rows, and the way to the older ones."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import User
from compliance.explorer import PAGE, Decided, Wanted, decisions
from compliance.wording import title
from config.desk.officer.filters import DecisionsForm, written_place


@dataclass(frozen=True)
class RuleLink:
    id: str
    title: str


@dataclass(frozen=True)
class Row:
    decided: Decided
    answer: str
    mark: str
    rules: tuple[RuleLink, ...]
    url: str


@dataclass(frozen=True)
class Shown:
    """`older` is the address of what follows, empty at the end of the list; `newest` that of the beginning."""

    rows: tuple[Row, ...]
    older: str
    newest: str


def page_of_decisions(form: DecisionsForm, *, user: User) -> Shown:
    """The decisions that a valid `form` asks for. One query."""
    asked = {name: form.cleaned_data[name] for name in WANTED}
    since, until = form.span
    found = decisions(Wanted(since, until, **asked), user=user)
    rows = found[:PAGE]
    older = _address(form, after=written_place(rows[-1].place)) if len(found) > PAGE else ""
    newest = _address(form) if asked["after"] else ""
    return Shown(tuple(_row(one) for one in rows), older, newest)


WANTED = ("customer", "channel", "rule", "branch", "person", "answer", "after")


def _address(form: DecisionsForm, **more: str) -> str:
    kept = {
        name: value
        for name, value in form.cleaned_data.items()
        if value not in ("", None) and name != "after"
    }
    return f"{reverse('decisions')}?{urlencode({**kept, **more})}"


def _row(one: Decided) -> Row:
    answer, mark = _answer(one)
    kind = "clearance" if one.allowed else "refusal"
    return Row(
        decided=one,
        answer=answer,
        mark=mark,
        rules=tuple(RuleLink(rule, title(rule)) for rule in one.rules),
        url=reverse("decision", args=[kind, one.id]),
    )


def _answer(one: Decided) -> tuple[str, str]:
    if one.overridden:
        return gettext("allowed by an override"), "is-under_way"
    if one.allowed:
        return pgettext("contact", "allowed"), "is-done"
    return pgettext("contact", "refused"), "is-aborted"
