"""The page of a call to a contact person. Whoever looks over the caller's shoulder learns nothing from it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import User
from accounts.phones import BadNumber
from compliance.gate import Refused
from followups.models import FollowUp
from followups.models.actions import FollowUpStatus, Outcome
from followups.scripts import TP_1
from followups.searching import finish_search, search_call
from visits.life import NotAllowed

LIST = "admin:followups_followup_changelist"
TO_BE_FILLED_IN = "______"

# In words that tell nobody what the customer's affair is.
OUTCOMES = (
    (Outcome.GAVE_DETAILS, _("gave a mobile number")),
    (Outcome.WILL_PASS_ON, _("will ask for a call back")),
    (Outcome.DOES_NOT_KNOW, _("does not know")),
    (Outcome.REFUSES_CONTACT, _("wants no such call any more")),
    (Outcome.OFFERS_TO_PAY, _("offered help of their own accord")),
    (Outcome.NO_ANSWER, _("no answer")),
    (Outcome.WRONG_NUMBER, _("not this person's number")),
)


class SearchForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Number that was given"),
        required=False,
        max_length=40,
        help_text=_("Only when a number was given. It is called to find out, and nothing is sent to it."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def search_page(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    """The words to say; on `step=call` the number, once; on `step=finish` what came of it."""
    if follow_up.status != FollowUpStatus.OPEN:
        messages.info(request, gettext("This follow-up is not open any more."))
        return redirect(LIST)
    step = request.POST.get("step", "")
    if step == "call":
        return _call(request, follow_up)
    if step == "finish":
        return _finish(request, follow_up)
    return _page(request, follow_up, form=SearchForm())


def _call(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    try:
        number = search_call(follow_up, by=asking(request), now=timezone.now())
    except (NotAllowed, Refused) as reason:
        messages.warning(request, f"{follow_up}: {reason}")
        return redirect(LIST)
    return _page(request, follow_up, form=SearchForm(), number=number)


def _finish(request: HttpRequest, follow_up: FollowUp) -> HttpResponse:
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, follow_up, form=form)
    told = {**form.cleaned_data, "outcome": Outcome(form.cleaned_data["outcome"])}
    try:
        finish_search(follow_up, **told, by=asking(request), now=timezone.now())
    except BadNumber as wrong:
        form.add_error("number", str(wrong))
        return _page(request, follow_up, form=form)
    except NotAllowed as reason:
        messages.warning(request, f"{follow_up}: {reason}")
    else:
        messages.success(request, gettext("What came of the call is kept."))
    return redirect(LIST)


def _page(request: HttpRequest, follow_up: FollowUp, *, form: SearchForm, number: str = "") -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("A call to somebody else"),
        "person": follow_up.contact_person,
        "sought": follow_up.customer,
        "script": TP_1,
        "words": TP_1.for_(get_language() or "", **_names(follow_up, asking(request))),
        "called": follow_up.contact_id is not None,
        "number": number,
        "form": form,
    }
    answer = TemplateResponse(request, "followups/search_call.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _names(follow_up: FollowUp, caller: User) -> dict[str, Any]:
    branch = follow_up.case.branch
    return {
        "person": follow_up.contact_person.name if follow_up.contact_person else "",
        "customer": follow_up.customer.name,
        "branch": branch.name,
        "hotline": branch.hotline,
        "caller": str(caller),
        "employee_number": caller.employee_number or TO_BE_FILLED_IN,
    }
