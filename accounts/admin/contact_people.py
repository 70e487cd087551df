from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.asking import asking
from accounts.contact_people import (
    AlreadyWithdrawn,
    CannotBeNamed,
    Named,
    check_named,
    name_contact_person,
    note_refusal,
    withdraw_contact_person,
)
from accounts.models import ContactPerson, Customer
from accounts.models.contact_people import ContactOrigin, ContactRole, Relation
from config.admin import ZoufangAdmin, act


class ContactPersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who is named, by which number, and where that comes from. The number is sealed and not shown again."""

    number = forms.CharField(
        label=_("number"),
        max_length=40,
        help_text=_(
            "As dialled in that country, or with a plus. It is sealed and shown masked from then on."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zones = forms.CharField(
        label=_("time zones"),
        required=False,
        help_text=_(
            "IANA names separated by commas, if told. Empty: mainland China by Beijing time, elsewhere unknown,"
            " and unknown is closed."
        ),
    )

    class Meta:
        model = ContactPerson
        fields = [
            "customer",
            "role",
            "name",
            "relation",
            "country",
            "origin",
            "guarantee_reference",
            "named_at",
        ]

    def clean_time_zones(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["time_zones"].split(",") if name.strip()]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check_named(self.named(), now=timezone.now())
            except CannotBeNamed as wrong:
                self.add_error(wrong.field, str(wrong))
        return told

    def named(self) -> Named:
        told = self.cleaned_data
        return Named(
            customer=told["customer"],
            role=ContactRole(told["role"]),
            name=told["name"],
            relation=Relation(told["relation"]),
            country=told["country"],
            number=told["number"],
            origin=ContactOrigin(told["origin"]),
            named_at=told["named_at"],
            guarantee_reference=told["guarantee_reference"],
            time_zones=tuple(told["time_zones"]),
        )


@admin.register(ContactPerson)
class ContactPersonAdmin(ZoufangAdmin[ContactPerson]):
    """Guarantors and contact people: named with their origin, withdrawn, never rewritten. Nobody is called here."""

    list_display = [
        "customer",
        "masked_name",
        "role",
        "number_masked",
        "origin",
        "withdrawn_at",
        "refused_at",
    ]
    list_filter = [
        "role",
        "origin",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        ("refused_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["customer"]
    search_fields = ["=customer__bank_number"]
    search_help_text = _("The whole customer number. Nobody is looked up by name or telephone.")
    ordering = ["-entered_at"]
    autocomplete_fields = ["customer"]
    actions = ["withdraw", "wants_no_contact"]
    adding = (
        (None, {"fields": ["customer", ("role", "relation"), "name"]}),
        (_("Number"), {"fields": [("country", "number"), "time_zones"]}),
        (_("Where it comes from"), {"fields": ["origin", "named_at", "guarantee_reference"]}),
    )
    looking = (
        (None, {"fields": ["customer", ("role", "relation"), "masked_name"]}),
        (_("Number"), {"fields": [("country", "number_masked"), "time_zones"]}),
        (
            _("Where it comes from"),
            {"fields": ["origin", "named_at", "guarantee_reference", ("entered_at", "entered_by")]},
        ),
        (_("Ended"), {"fields": [("withdrawn_at", "withdrawn_by"), ("refused_at", "refused_by")]}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: ContactPerson | None = None) -> Any:
        return self.looking if obj else self.adding

    def get_form(
        self,
        request: HttpRequest,
        obj: ContactPerson | None = None,
        change: bool = False,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Any:
        if obj is None:
            kwargs["form"] = ContactPersonForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: ContactPerson | None = None) -> list[str]:
        return ["masked_name"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A customer of another branch does not exist for this member of staff, whatever is posted."""
        if db_field.name == "customer":
            kwargs["queryset"] = Customer.objects.visible_to(asking(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: ContactPerson | None = None) -> bool:
        """A person is named and withdrawn, never rewritten."""
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("accounts.change_contactperson")

    def save_model(
        self,
        request: HttpRequest,
        obj: ContactPerson,
        form: Any,
        change: bool,  # noqa: FBT001
    ) -> None:
        obj.pk = name_contact_person(form.named(), by=asking(request), now=timezone.now()).pk

    @admin.display(description=pgettext_lazy("person", "name"))
    def masked_name(self, person: ContactPerson) -> str:
        return person.masked_name

    @admin.action(description=_("Withdraw the selected people"), permissions=["act"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[ContactPerson]) -> None:
        by, now = asking(request), timezone.now()
        act(
            self,
            request,
            rows,
            lambda row: withdraw_contact_person(row, by=by, now=now),
            expecting=[AlreadyWithdrawn],
        )

    @admin.action(description=_("The selected people want no contact, for ever"), permissions=["act"])
    def wants_no_contact(self, request: HttpRequest, rows: QuerySet[ContactPerson]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: note_refusal(row, by=by, now=now), expecting=[])
