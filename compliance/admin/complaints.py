"""Complaints in the office: taken down, looked through, and handled step by step."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import Customer, User
from accounts.models.staff import Role
from compliance.admin import complaint_showing as showing
from compliance.admin.complaint_intake import IntakeForm
from compliance.admin.complaint_steps import offered, take_step
from compliance.complaints.answers import answer_of
from compliance.complaints.deadlines import NEAR
from compliance.complaints.intake import receive_complaint
from compliance.complaints.public import token_of
from compliance.complaints.reading import told_in
from compliance.complaints.terms import OPEN, Category, Intake
from compliance.complaints.wording import deadline_in_words
from compliance.models import Complaint, ComplaintEvent, Filing
from compliance.reading import contacts_visible_to
from config.admin import ReadOnlyAdmin, ZoufangAdmin

MAY_READ = "compliance.view_complaint_text"
WORDS = ("told", "answer", "timeline")
SHOWN = ("who", "due", "deadline", "told", "about", "about_contact", "answer", "timeline", "status_page")


class DeadlineFilter(admin.SimpleListFilter):
    title = _("deadline")
    parameter_name = "deadline"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("passed")), ("near", _("within five days")), ("open", _("answer owed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        """By the bank's own clock; the desk counts by that of each branch."""
        today = timezone.localdate()
        soon = today + NEAR
        wanted: dict[str | None, dict[str, Any]] = {
            "over": {"status__in": OPEN, "due_on__lt": today},
            "near": {"status__in": OPEN, "due_on__range": (today, soon)},
            "open": {"status__in": OPEN},
        }
        return queryset.filter(**wanted.get(self.value(), {}))


@admin.register(Complaint)
class ComplaintAdmin(ZoufangAdmin[Complaint]):
    """Taken down by hand, handled by steps; nothing is edited."""

    list_display = ["reference", "who", "category", "status", "due", "handler", "branch", "intake"]
    list_filter = [DeadlineFilter, "status", "category", "intake", "outcome", "branch"]
    list_select_related = ["customer", "branch", "handler"]
    search_fields = ["reference__exact", "customer__bank_number__exact"]
    search_help_text = _("The whole reference or customer number.")
    ordering = ["due_on", "pk"]
    date_hierarchy = "received_on"
    autocomplete_fields = ["customer", "about_staff"]
    raw_id_fields = ["contact"]
    change_form_template = "admin/compliance/complaint/change_form.html"
    fieldsets = (
        (None, {"fields": [("category", "status"), ("who", "branch"), ("due", "deadline"), "handler"]}),
        (
            _("What was told"),
            {"fields": ["told", ("intake", "received_at", "received_by"), ("about", "about_contact")]},
        ),
        (_("The answer"), {"fields": [("outcome", "answered_at", "answered_by"), "measures", "answer"]}),
        (_("What happened"), {"fields": ["timeline", "status_page"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["category", "intake", "told"]}),
        (_("Whom it concerns"), {"fields": ["customer", "contact_details", "about_staff", "contact"]}),
    )

    class Media:
        css = {"all": ["complaints.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Complaint | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        words = [] if asking(request).has_perm(MAY_READ) else WORDS
        return [
            (name, {**options, "fields": [one for one in options["fields"] if one not in words]})
            for name, options in self.fieldsets
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        complaint = self.get_object(request, object_id)
        steps = offered(complaint, asking(request)) if complaint else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "steps": steps})

    def get_form(self, request: HttpRequest, obj: Complaint | None = None, *args: Any, **kwargs: Any) -> Any:
        kwargs |= {} if obj else {"form": IntakeForm}
        return super().get_form(request, obj, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Complaint | None = None) -> list[str]:
        return list(SHOWN) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        """A complaint is handled by steps; it is never rewritten."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Complaint], search_term: str
    ) -> tuple[QuerySet[Complaint], bool]:
        """References are found as they are said, in whatever letters."""
        said = search_term.strip()
        term = said.upper() if said.upper().startswith("TS-") else said
        return super().get_search_results(request, queryset, term)

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Only what the asker may see can be named, and nobody takes down a complaint about themselves."""
        me = asking(request)
        rows: dict[str, QuerySet[Any]] = {
            "customer": Customer.objects.visible_to(me),
            "contact": contacts_visible_to(me),
            "about_staff": User.objects.exclude(role=Role.SYSTEM).exclude(pk=me.pk),
        }
        if db_field.name in rows:
            kwargs["queryset"] = rows[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self,
        request: HttpRequest,
        obj: Complaint,
        form: "ModelForm[Complaint]",
        change: bool,  # noqa: FBT001
    ) -> None:
        filed = receive_complaint(
            category=Category(obj.category),
            intake=Intake(obj.intake),
            told=form.cleaned_data["told"],
            customer=obj.customer,
            contact_details=form.cleaned_data["contact_details"],
            about_staff=obj.about_staff,
            contact=obj.contact,
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk, obj.reference = filed.pk, filed.reference

    def get_urls(self) -> list[URLPattern]:
        """The steps beside the stock pages."""
        page = self.admin_site.admin_view(self.step)
        return [
            path("<uuid:pk>/step/<slug:name>/", page, name="compliance_complaint_step"),
            *super().get_urls(),
        ]

    def step(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        return take_step(self, request, pk, name)

    @admin.display(description=_("customer"), ordering="customer__bank_number")
    def who(self, complaint: Complaint) -> SafeString | str:
        return showing.customer(complaint)

    @admin.display(description=_("to be answered by"), ordering="due_on")
    def due(self, complaint: Complaint) -> SafeString | str:
        return showing.due(complaint, now=timezone.now())

    @admin.display(description=_("deadline"))
    def deadline(self, complaint: Complaint) -> str:
        return deadline_in_words(complaint.category)

    @admin.display(description=_("in their words"))
    def told(self, complaint: Complaint) -> SafeString:
        return showing.text(told_in(complaint))

    @admin.display(description=_("about whom"))
    def about(self, complaint: Complaint) -> str:
        return str(complaint.about_staff or "–")

    @admin.display(description=_("about which contact"))
    def about_contact(self, complaint: Complaint) -> SafeString | str:
        return showing.contact(complaint)

    @admin.display(description=_("answer"))
    def answer(self, complaint: Complaint) -> SafeString:
        return showing.text(answer_of(complaint) or "–")

    @admin.display(description=_("steps"))
    def timeline(self, complaint: Complaint) -> SafeString:
        return showing.timeline(complaint)

    @admin.display(description=_("status page"))
    def status_page(self, complaint: Complaint) -> SafeString:
        """For whoever complained: to be read out or written into a letter."""
        url = reverse("complaint-status", args=[token_of(complaint)])
        return format_html('<a href="{}">{}</a>', url, _("What who complained sees"))


@admin.register(ComplaintEvent)
class ComplaintEventAdmin(ReadOnlyAdmin[ComplaintEvent]):
    list_display = ["at", "complaint", "step", "status", "by", "alert_on"]
    list_filter = ["step"]
    list_select_related = ["complaint", "by"]
    search_fields = ["complaint__reference__exact"]
    date_hierarchy = "at"
    ordering = ["-pk"]
    fields = ["at", "complaint", "step", "status", "by", "restriction", "alert_on"]


@admin.register(Filing)
class FilingAdmin(ReadOnlyAdmin[Filing]):
    list_display = ["at"]
    fields = ["at"]
    ordering = ["-at"]
