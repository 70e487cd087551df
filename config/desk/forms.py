from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.disclosure_reasons import CHOICES


class ReasonForm(forms.Form):
    """Why a personal value is needed in clear: a code of the closed list, and words when they help."""

    code = forms.ChoiceField(label=_("Why is it needed?"), choices=CHOICES)
    reason = forms.CharField(label=_("In your own words"), max_length=200, required=False)
