"""What is asked at each step of a customer's request."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance.data_requests.corrections import CODES
from compliance.data_requests.terms import DECISIONS, OWNED, CorrectedField, IdentityCheck, RequestStatus

Choices = list[tuple[str, str | Promise]]

NOTHING: Choices = [("", "---------")]
CODED: Choices = [
    (f"{field}:{value}", format_lazy("{}: {}", field.label, label))
    for field in OWNED
    for value, label in CODES[field].choices
]
ELSEWHERE: Choices = [(field.value, field.label) for field in CorrectedField if field not in OWNED]
CHECKS: Choices = [(one.value, one.label) for one in IdentityCheck]
OUTCOMES: Choices = [(one.value, one.label) for one in DECISIONS]


class IdentityForm(forms.Form):
    how = forms.ChoiceField(label=_("How was the identity checked?"), choices=NOTHING + CHECKS)


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label=_("Decision"), choices=NOTHING + OUTCOMES)
    reason = forms.CharField(
        label=_("Reason, needed for a refusal in whole or in part"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
    )


class CorrectionForm(forms.Form):
    """Either what agents noted, corrected here; or a value of the core system, recorded masked and forwarded."""

    noted = forms.ChoiceField(
        label=_("Noted by agents: what is right"), choices=NOTHING + CODED, required=False
    )
    field = forms.ChoiceField(
        label=_("Or a field of the core system"), choices=NOTHING + ELSEWHERE, required=False
    )
    new = forms.CharField(
        label=_("What is right (kept masked)"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("noted")) == bool(said.get("field")):
            raise forms.ValidationError(_("Choose either what agents noted or a field of the core system."))
        return said

    def wanted(self) -> tuple[CorrectedField, str]:
        noted = self.cleaned_data["noted"]
        if noted:
            field, _colon, code = noted.partition(":")
            return CorrectedField(field), code
        return CorrectedField(self.cleaned_data["field"]), self.cleaned_data["new"]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("How and when was the customer told?"), max_length=200)


class PackageForm(forms.Form):
    purpose = forms.CharField(label=_("How is the package handed over?"), max_length=200)


def decided(form: DecisionForm) -> RequestStatus:
    return RequestStatus(form.cleaned_data["decision"])
