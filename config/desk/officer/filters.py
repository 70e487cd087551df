"""What may be asked of the pages: periods of local days, and which decisions."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Branch
from compliance.explorer import Place
from compliance.rulebook import BY_ID
from compliance.terms import Channel
from compliance.wording import title

ALL = ("", _("all"))
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
ANSWERS = [
    ("YES", pgettext_lazy("contact", "allowed")),
    ("OVERRIDDEN", _("allowed by an override")),
    ("NO", pgettext_lazy("contact", "refused")),
]


class PeriodForm(forms.Form):
    """Local days, both included."""

    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("until"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in ("first", "last"):
            if said.get(name) and not EARLIEST <= said[name] <= LATEST:
                self.add_error(name, gettext("This day is too far away."))
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", gettext("The last day is not before the first."))
        return said

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the midnight that begins the first day until the one that ends the last, by the current time zone."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return _midnight(first), _midnight(last + timedelta(days=1))

    @property
    def dates(self) -> Iterable[forms.BoundField]:
        return (self["first"], self["last"])


class OverPeriodForm(PeriodForm):
    """A period of which nothing is still to come; today counts until this moment."""

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("last") and said["last"] > timezone.localdate(self.now):
            self.add_error(
                "last", gettext("This day has not begun yet. A certificate is about what has been.")
            )
        return said

    @property
    def span(self) -> tuple[datetime, datetime]:
        since, until = super().span
        return since, min(until, self.now)


class DecisionsForm(PeriodForm):
    """Which decisions; what is left empty is not asked for."""

    customer = forms.CharField(label=_("Customer number"), max_length=40, required=False)
    answer = forms.ChoiceField(label=_("Answer"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    person = forms.CharField(label=_("Asked by (user name)"), max_length=150, required=False)
    after = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, branches: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(rule.id for rule in BY_ID.values() if rule.check)
        choices: dict[str, list[Any]] = {
            "answer": list(ANSWERS),
            "channel": list(Channel.choices),
            "rule": [(id_, f"{id_} {title(id_)}") for id_ in known],
            "branch": [(branch.code, branch.name) for branch in branches],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [ALL, *offered]  # type: ignore[attr-defined]

    def clean_after(self) -> Place | None:
        written: str = self.cleaned_data["after"]
        try:
            return read_place(written) if written else None
        except ValueError as wrong:
            raise forms.ValidationError(gettext("This page of the list does not exist.")) from wrong

    @property
    def narrowing(self) -> Iterable[forms.BoundField]:
        names = ("customer", "answer", "channel", "rule", "branch", "person")
        return (self[name] for name in names)


def written_place(place: Place) -> str:
    return f"{place.decided_at.astimezone(UTC).isoformat()}_{place.id}"


def read_place(written: str) -> Place:
    """Raises ValueError for what `written_place` never wrote."""
    at, _between, id_ = written.partition("_")
    decided_at = datetime.fromisoformat(at)
    if decided_at.tzinfo is None:
        raise ValueError(written)
    return Place(decided_at, UUID(id_))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))
