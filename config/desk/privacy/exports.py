"""Copies of the ledgers for auditors, and the list of every file that ever left."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.asking import asking
from accounts.models import Branch, User
from accounts.models.staff import within_branch
from compliance.exporting.formats import TooManyRows
from compliance.exporting.lists import FORMATS, LISTINGS, Wanted, export_list
from compliance.exporting.terms import ExportFormat, ExportKind
from compliance.reading import exports_visible_to
from config.desk.privacy.pages import handed_over, page

EXPORT = "compliance.export_ledgers"
SHOWN = 30
ONE_DAY = timedelta(days=1)


class Calendar(forms.DateInput):
    """The browser's own, which reads and writes 2026-11-20 whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ExportForm(forms.Form):
    """Which ledger, from which local day to which, and what for."""

    what = forms.ChoiceField(label=_("What"), choices=[(kind.value, kind.label) for kind in LISTINGS])
    since = forms.DateField(label=_("From"), widget=Calendar)
    until = forms.DateField(label=_("Until, this day included"), widget=Calendar)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    format = forms.ChoiceField(label=_("Format"), choices=[(one.value, one.label) for one in FORMATS])
    purpose = forms.CharField(label=_("What is the file for?"), max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = within_branch(Branch.objects.order_by("code"), user, path="pk")
        choices = [("", gettext("All branches")), *((one.code, one.name) for one in branches)]
        self.fields["branch"] = forms.ChoiceField(label=_("Branch"), required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            raise forms.ValidationError(_("The last day comes before the first. Swap them."))
        return said

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            ExportKind(said["what"]), _begins(said["since"]), _begins(said["until"] + ONE_DAY), said["branch"]
        )


def _begins(day: date) -> datetime:
    """Local midnight by the clock of the asker's branch."""
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(EXPORT, raise_exception=True)
def exports(request: HttpRequest) -> HttpResponseBase:
    """GET: what left so far, and the form. POST: the file, which by then is in the ledger."""
    user, now = asking(request), timezone.now()
    form = ExportForm(request.POST or None, user=user, initial=_last_month(now))
    if form.is_valid():
        try:
            exported = export_list(
                form.wanted(),
                in_format=ExportFormat(form.cleaned_data["format"]),
                purpose=form.cleaned_data["purpose"],
                by=user,
                now=now,
            )
        except TooManyRows:
            form.add_error(
                "format", gettext("More rows than a sheet of Excel holds. Take CSV, or fewer days.")
            )
        else:
            return handed_over(exported)
    rows = exports_visible_to(user)[:SHOWN]
    return page(request, "desk/privacy/exports.html", gettext("Exports"), form=form, exports=rows)


def _last_month(now: datetime) -> dict[str, date]:
    today = timezone.localtime(now).date()
    return {"since": today - timedelta(days=30), "until": today}
