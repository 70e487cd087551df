from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import Branch, User
from accounts.models.staff import GOES_OUT, within_branch
from config.admin import ZoufangAdmin
from visits.models import Shift, Team, TeamMember


def field_staff(request: HttpRequest) -> QuerySet[User]:
    """Those whom the reader may send out."""
    active = User.objects.filter(role__in=GOES_OUT, is_active=True)
    return within_branch(active, asking(request), path="branch").order_by("branch", "role", "pk")


@admin.register(Shift)
class ShiftAdmin(ZoufangAdmin[Shift]):
    list_display = ["date", "user", "starts_at", "ends_at"]
    list_filter = ["user__branch"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__employee_number"]
    date_hierarchy = "date"
    ordering = ["-date", "starts_at", "user"]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = field_staff(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class MembersInline(admin.TabularInline):  # type: ignore[type-arg]
    model = TeamMember
    fields = ["user"]
    extra = 2
    can_delete = False
    verbose_name_plural = _("members: two at least")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = field_staff(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Team)
class TeamAdmin(ZoufangAdmin[Team]):
    """Teams are made with the plan; a supervisor may make or change them before."""

    list_display = ["date", "branch", "name", "starts_at", "ends_at", "who"]
    list_filter = ["branch"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    date_hierarchy = "date"
    ordering = ["-date", "branch", "name"]
    inlines = [MembersInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("members")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "branch":
            kwargs["queryset"] = within_branch(Branch.objects.all(), asking(request), path="pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """A member is of the date of the team."""
        for member in formset.save(commit=False):
            member.date = member.team.date
            member.save()

    @admin.display(description=_("members"))
    def who(self, team: Team) -> str:
        return "、".join(str(member) for member in team.members.all())
