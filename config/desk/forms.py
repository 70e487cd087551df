from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why a personal value is needed in clear."""

    reason = forms.CharField(label=_("Why is it needed?"), max_length=200)
