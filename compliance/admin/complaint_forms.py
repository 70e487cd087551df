"""What is said with each step of a complaint."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from compliance.complaints.answers import MOST_ANSWERED, MOST_MEASURES
from compliance.complaints.reading import possible_handlers
from compliance.complaints.terms import Category, Outcome
from compliance.models import Complaint


class StepForm(forms.Form):
    """Base of the forms: they know the complaint and who asks."""

    def __init__(self, *args: Any, complaint: Complaint, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint, self.by = complaint, by
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the complaint."""


class AssignForm(StepForm):
    handler = forms.ModelChoiceField(label=_("Handler"), queryset=User.objects.none())

    def prepare(self) -> None:
        field = self.fields["handler"]
        field.queryset = possible_handlers(self.complaint)  # type: ignore[attr-defined]
        field.initial = self.by.pk


class MatchForm(StepForm):
    bank_number = forms.CharField(label=_("Customer number"), max_length=40)

    def clean_bank_number(self) -> Customer:
        number = self.cleaned_data["bank_number"].strip()
        found: Customer | None = Customer.objects.visible_to(self.by).filter(bank_number=number).first()
        if found is None:
            raise forms.ValidationError(
                gettext("You see no customer of this number. Check it, or ask a compliance officer.")
            )
        return found


class ClassifyForm(StepForm):
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)

    def prepare(self) -> None:
        self.fields["category"].initial = self.complaint.category


class AnswerForm(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "---------"), *Outcome.choices])
    measures = forms.CharField(
        label=_("Measures taken"),
        max_length=MOST_MEASURES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was put right. Shown with the answer; needed unless the complaint is not upheld."),
    )
    answer = forms.CharField(
        label=_("Answer to who complained"),
        max_length=MOST_ANSWERED,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Shown to whoever holds the address of the status page. Name no amounts, no numbers and nobody else."
        ),
    )


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class NothingForm(StepForm):
    """Nothing more is to be said."""
