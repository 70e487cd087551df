"""The forms of templates: a new one, a draft, and the step of approval."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.helpers import ActionForm
from django.forms import ModelForm
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.terms import Channel, Purpose
from followups.blanks import BLANKS, FOR, BlanksWrong, ensure_right
from followups.models import Template

USES = [
    (f"{channel.value} {purpose.value}", f"{channel.label} · {purpose.label}") for channel, purpose in FOR
]


class DraftForm(ModelForm):  # type: ignore[type-arg]
    """The text of a draft, judged by its blanks; the checker speaks once it is saved."""

    class Meta:
        model = Template
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "cols": 90})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:  # not for those who only read it
            self.fields["body"].help_text = _blanks_in_words()

    @property
    def use(self) -> tuple[Channel, Purpose]:
        return Channel(self.instance.channel), Purpose(self.instance.purpose)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        channel, purpose = self.use
        try:
            ensure_right(cleaned.get("body", ""), channel=channel, purpose=purpose)
        except BlanksWrong as wrong:
            allowed = " ".join(f"{{{{ {name} }}}}" for name in FOR[channel, purpose])
            said = gettext("These are no blanks here: %(wrong)s. Use: %(blanks)s.")
            self.add_error("body", said % {"wrong": " ".join(wrong.pieces), "blanks": allowed})
        return cleaned


class NewTemplateForm(DraftForm):
    """What it is for is chosen once."""

    used_for = forms.ChoiceField(label=_("used for"), choices=USES)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    @property
    def use(self) -> tuple[Channel, Purpose]:
        channel, purpose = self.cleaned_data.get("used_for", USES[0][0]).split()
        return Channel(channel), Purpose(purpose)


class ApprovalForm(forms.Form):
    effective_from = forms.DateTimeField(required=False)


class StepForm(ActionForm):
    effective_from = forms.DateTimeField(
        label=_("In force from (empty: at once)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


def _blanks_in_words() -> str:
    said = ", ".join(f"{{{{ {name} }}}} {blank.meaning}" for name, blank in BLANKS.items())
    return gettext("Blanks, each for some uses only: %(blanks)s") % {"blanks": said}
