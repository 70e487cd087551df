"""What a customer, or a stranger, writes to complain: plain words and few fields."""

from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.complaints.intake import MOST_CONTACT_DETAILS
from compliance.complaints.terms import Category

MOST_TOLD = 2000  # characters
LONGEST_NUMBER = 40

# As one would say it oneself; the office knows these by the words of `Category`.
CHOICES: tuple[tuple[str | Promise, tuple[tuple[str, str | Promise], ...]], ...] = (
    (
        _("How we contact you"),
        (
            (Category.WRONG_PERSON.value, _("You are looking for somebody else, not me")),
            (Category.CONTACT_HOURS.value, _("You contacted me too early or too late in the day")),
            (Category.FREQUENCY.value, _("You contact me too often")),
            (Category.HARASSMENT.value, _("I was threatened, insulted or harassed")),
            (Category.DISCLOSURE.value, _("You told somebody else about my debt")),
            (Category.VISIT_CONDUCT.value, _("Something was not right when you visited")),
        ),
    ),
    (
        _("What I am said to owe"),
        (
            (Category.AMOUNT_DISPUTED.value, _("The amount is wrong")),
            (Category.ALREADY_PAID.value, _("I have paid already")),
            (Category.NOT_MY_DEBT.value, _("It is not my debt")),
            (Category.IDENTITY_FRAUD.value, _("Somebody used my name, or I was defrauded")),
            (Category.BUREAU_OBJECTION.value, _("My credit record is wrong")),
        ),
    ),
    (_("Anything else"), ((Category.SERVICE.value, _("Another matter")),)),
)


class ComplaintForm(forms.Form):
    """`once` makes a form that is sent twice one complaint; `website` is a trap that people do not see."""

    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=lambda: (("", _("Please choose")), *CHOICES),
        error_messages={"required": _("Choose what it is about.")},
    )
    told = forms.CharField(
        label=_("What happened?"),
        max_length=MOST_TOLD,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("When, where, and who it was, as far as you know. At most 2,000 characters."),
        error_messages={"required": _("Write down what happened.")},
    )
    bank_number = forms.CharField(
        label=_("Customer number"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("If you are our customer. It stands on every letter from us."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact_details = forms.CharField(
        label=_("How may we reach you?"),
        max_length=MOST_CONTACT_DETAILS,
        required=False,
        help_text=_(
            "A telephone number or an e-mail address, for the answer only. If we call the wrong number, write down "
            "the number we call."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "text"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("Leave this field empty and send the form again."))
        return ""
