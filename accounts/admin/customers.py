from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.inlines import FormInline, TableInline
from accounts.admin.wording import localised
from accounts.models import Address, Customer, Phone, Verification
from config.admin import ReadOnlyAdmin


class PhoneInline(TableInline):
    model = Phone
    fields = ["kind", "number_masked", "country", "is_mobile", "last_reached_at", "withdrawn_at"]


class AddressInline(FormInline):
    model = Address
    fields = [
        "kind",
        ("country", "province", "city", "district", "district_code"),
        ("street", "house_number"),
        ("latitude", "longitude", "datum"),
        ("confidence", "last_verified_on", "area_risk", "access"),
    ]


class VerificationInline(TableInline):
    model = Verification
    fields = ["kind", "status", "what_was_found", "checked_at", "expires_at"]
    readonly_fields = ["what_was_found"]

    @admin.display(description=_("finding"))
    def what_was_found(self, verification: Verification) -> str:
        return localised(verification.finding)


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin[Customer]):
    list_display = [
        "bank_number",
        "masked_name",
        "branch",
        "identity_number_masked",
        "hardship",
        "updated_at",
    ]
    list_filter = ["branch", "hardship"]
    list_select_related = ["branch"]
    search_fields = ["=bank_number"]
    search_help_text = _(
        "The whole customer number. Nobody is looked up by name, telephone or identity number."
    )
    ordering = ["bank_number"]
    fieldsets = (
        (None, {"fields": ["bank_number", "name", "identity_number_masked", "birth_date", "branch"]}),
        (_("How to talk to the customer"), {"fields": ["language", "time_zones"]}),
        (
            _("Circumstances"),
            {
                "fields": [
                    "income_kind",
                    "monthly_income",
                    "other_lenders_overdue",
                    "has_collateral",
                    "hardship",
                ]
            },
        ),
        (_("Dates"), {"fields": ["created_at", "updated_at"]}),
    )
    inlines = [VerificationInline, PhoneInline, AddressInline]

    @admin.display(description=_("name"))
    def masked_name(self, customer: Customer) -> str:
        return customer.masked_name


@admin.register(Phone)
class PhoneAdmin(ReadOnlyAdmin[Phone]):
    list_display = ["customer", "kind", "number_masked", "is_mobile", "withdrawn_at"]
    list_filter = ["kind", "is_mobile", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["customer"]
    search_fields = ["=customer__bank_number"]
    ordering = ["pk"]
    fields = ["customer", "kind", "number_masked", "country", "is_mobile", "last_reached_at", "withdrawn_at"]


@admin.register(Address)
class AddressAdmin(ReadOnlyAdmin[Address]):
    list_display = ["customer", "kind", "city", "district", "confidence", "area_risk", "access"]
    list_filter = ["kind", "area_risk", "access"]
    list_select_related = ["customer"]
    search_fields = ["=customer__bank_number"]
    ordering = ["pk"]


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin[Verification]):
    list_display = ["customer", "kind", "status", "what_was_found", "checked_at", "expires_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["customer"]
    search_fields = ["=customer__bank_number"]
    ordering = ["pk"]
    fields = ["customer", "kind", "status", "what_was_found", "checked_at", "checked_by", "expires_at"]

    @admin.display(description=_("finding"))
    def what_was_found(self, verification: Verification) -> str:
        return localised(verification.finding)
