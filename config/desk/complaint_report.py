"""The report on complaints, for compliance officers and auditors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.asking import asking
from accounts.models import Branch
from compliance.complaints.report import ComplaintReport, complaint_report
from config.desk.counted import Counted

MAY_VIEW = "compliance.view_complaint"
AT_FIRST = timedelta(days=89)


class PeriodForm(forms.Form):
    """Local days of receipt, both included."""

    first = forms.DateField(label=_("Received from"))
    last = forms.DateField(label=_("until"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", gettext("The last day is not before the first."))
        return said


@dataclass(frozen=True)
class Line(Counted):
    """A count with its part of the most frequent one, of 100."""

    name: str | Promise
    count: int
    share: int


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Counts, the part in which customers were right, and how long it took; the last ninety days at first."""
    user, now = asking(request), timezone.now()
    if not (user.has_perm(MAY_VIEW) and user.sees_every_branch):
        raise PermissionDenied
    today = timezone.localdate(now)
    form = PeriodForm(request.GET or {"first": today - AT_FIRST, "last": today})
    found = complaint_report(**form.cleaned_data, user=user, now=now) if form.is_valid() else None
    context = {
        **admin.site.each_context(request),
        "title": gettext("Report on complaints"),
        "form": form,
        "found": found,
        **(_tables(found) if found else {}),
    }
    return render(request, "desk/complaint_report.html", context)


def _tables(found: ComplaintReport) -> dict[str, Any]:
    names = dict(Branch.objects.filter(pk__in=[pk for pk in found.branches if pk]).values_list("pk", "name"))
    return {
        "categories": _lines({category.label: count for category, count in found.categories.items()}),
        "outcomes": _lines({outcome.label: count for outcome, count in found.outcomes.items()}),
        "branches": _lines(
            {names.get(pk or 0, _("branch unknown")): count for pk, count in found.branches.items()}
        ),
        "upheld": f"{found.upheld_share:.0%}" if found.upheld_share is not None else "–",
        "median": number_format(found.median_days, 1) if found.median_days is not None else "–",
    }


def _lines(counts: Mapping[Any, int]) -> Iterable[Line]:
    most = max(counts.values(), default=0)
    return [Line(name, count, round(100 * count / most)) for name, count in counts.items()]
