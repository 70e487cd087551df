"""The form in which a complaint is taken down."""

from typing import Any

from django.forms import CharField, ModelForm, Textarea
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.complaints.intake import MOST_CONTACT_DETAILS, MOST_TOLD
from compliance.complaints.terms import BY_HAND
from compliance.models import Complaint


class IntakeForm(ModelForm):  # type: ignore[type-arg]
    """What whoever takes a complaint down writes; the use case files it."""

    told = CharField(
        label=_("What was told"),
        max_length=MOST_TOLD,
        widget=Textarea(attrs={"rows": 6}),
        help_text=_("In the words of who complained. Kept sealed, and never rewritten."),
    )
    contact_details = CharField(
        label=_("How to reach who complained"),
        max_length=MOST_CONTACT_DETAILS,
        required=False,
        help_text=_(
            "Needed for somebody who is no customer. Kept sealed and shown for a stated reason only."
        ),
    )

    class Meta:
        model = Complaint
        fields = ["category", "intake", "customer", "about_staff", "contact"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = [("", "---------"), *((one.value, one.label) for one in BY_HAND)]
        self.fields["intake"].choices = by_hand  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        contact, customer = said.get("contact"), said.get("customer")
        if contact is not None and contact.customer != customer:
            self.add_error(
                "contact", gettext("The contact was made with another customer. Choose one of theirs.")
            )
        return said
