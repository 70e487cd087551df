from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Field, QuerySet
from django.forms import ModelForm, TypedChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import Branch, User
from accounts.models.staff import Role
from accounts.roles import apply_role
from config.admin import ZoufangAdmin


@admin.register(Branch)
class BranchAdmin(ZoufangAdmin[Branch]):
    list_display = ["code", "name", "city", "time_zone", "hotline"]
    search_fields = ["code", "name"]
    ordering = ["code"]


@admin.register(User)
class StaffAdmin(ZoufangAdmin[User], UserAdmin):  # type: ignore[type-arg]
    """The bank's people. What somebody may do follows from the role; nobody is given single permissions."""

    list_display = ["username", "__str__", "role", "branch", "is_active", "last_login"]
    list_filter = ["role", "branch", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["username", "last_name", "first_name", "employee_number"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["last_name", "first_name", "employee_number"]}),
        (_("Work"), {"fields": ["role", "branch"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": [
                    "username",
                    "last_name",
                    "first_name",
                    "employee_number",
                    "role",
                    "branch",
                    "usable_password",
                    "password1",
                    "password2",
                ]
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        staff = super().get_queryset(request).exclude(role=Role.SYSTEM)
        me = asking(request)
        return staff if me.sees_every_branch else staff.filter(branch=me.branch_id)

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField | None:
        if db_field.name == "role":
            kwargs["choices"] = [choice for choice in Role.choices if choice[0] != Role.SYSTEM]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        apply_role(obj)
