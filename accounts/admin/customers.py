from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.inlines import FormInline, TableInline
from accounts.admin.wording import localised
from accounts.asking import asking
from accounts.models import Address, Customer, Phone, Verification
from accounts.phones import NotWrong, reinstate_number
from config.admin import ReadOnlyAdmin, act


class PhoneInline(TableInline):
    model = Phone
    fields = [
        "kind",
        "number_masked",
        "country",
        "is_mobile",
        "origin",
        "last_reached_at",
        "withdrawn_at",
        "invalid_at",
    ]


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
    list_display = ["customer", "kind", "number_masked", "is_mobile", "origin", "withdrawn_at", "invalid_at"]
    list_filter = [
        "kind",
        "is_mobile",
        "origin",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        ("invalid_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["customer"]
    search_fields = ["=customer__bank_number"]
    ordering = ["pk"]
    fields = [
        "customer",
        "kind",
        "number_masked",
        "country",
        "is_mobile",
        "origin",
        "last_reached_at",
        "withdrawn_at",
        "invalid_at",
    ]
    actions = ["reinstate"]

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("accounts.change_phone")

    @admin.action(description=_("Found wrong by mistake: it is the customer's number"), permissions=["act"])
    def reinstate(self, request: HttpRequest, rows: QuerySet[Phone]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: reinstate_number(row, by=by, now=now), expecting=[NotWrong])


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
