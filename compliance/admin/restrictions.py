from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models import Customer
from compliance.admin.restriction_forms import ExtendForm, RestrictionForm
from compliance.care_wording import sentences, what_was_stopped
from compliance.evidence import EvidenceKind
from compliance.models import Restriction, RestrictionReview
from compliance.restrictions import (
    AlreadyLifted,
    CannotBeExtended,
    EndsBeforeItStarts,
    NoProof,
    NotYours,
    TooLong,
    enter_restriction,
    extend_restriction,
    lift_restriction,
    review_restriction,
)
from compliance.reviews import restrictions_to_review
from compliance.special_care import EFFECTS
from compliance.terms import Channel, RestrictionKind
from config.admin import ModelAdmin, ZoufangAdmin, act

ENTERED = ["customer", "kind", "channels", "starts_at", "ends_at", "evidence_kind", "evidence"]


class ReviewFilter(admin.SimpleListFilter):
    """What the one who looks has to decide on, now."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("due", _("to be reviewed by me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Restriction]) -> QuerySet[Restriction]:
        if self.value() != "due":
            return queryset
        due = restrictions_to_review(asking(request)).not_over(at=timezone.now())
        return queryset.filter(pk__in=due.to_review(by=timezone.localdate()).values("pk"))


class ReviewInline(admin.TabularInline):  # type: ignore[type-arg]
    model = RestrictionReview
    fields = ["at", "by", "next_on"]
    ordering = ["-at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Restriction)
class RestrictionAdmin(ZoufangAdmin[Restriction]):
    """A restriction is entered, continued, reviewed and lifted; it is never rewritten."""

    form = RestrictionForm
    change_form_template = "admin/compliance/restriction/change_form.html"
    list_display = ["customer", "kind", "starts_at", "ends_at", "review_on", "entered_by", "lifted_at"]
    list_filter = [ReviewFilter, "kind", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["customer__bank_number"]
    autocomplete_fields = ["customer"]
    list_select_related = ["customer", "entered_by"]
    date_hierarchy = "starts_at"
    ordering = ["-entered_at"]
    actions = ["lift", "keep"]
    inlines = [ReviewInline]
    readonly_fields = ["guide", "stopped"]

    class Media:
        js = ["restrictions.js"]
        css = {"all": ["restrictions.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Restriction | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": [*ENTERED[:2], "guide", *ENTERED[2:]]})]
        kept = [
            "stopped",
            "review_on",
            "extended_from",
            ("entered_at", "entered_by"),
            ("lifted_at", "lifted_by"),
        ]
        return [(None, {"fields": ENTERED}), (_("What follows"), {"fields": kept})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """It binds from now on unless somebody says otherwise."""
        return {"starts_at": timezone.localtime(), **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: Restriction | None) -> Any:
        return self.inlines if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change, **kwargs)
        form.by = asking(request)  # type: ignore[attr-defined]
        return form

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "customer":
            kwargs["queryset"] = Customer.objects.visible_to(asking(request))
        if db_field.name != "channels":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.MultipleChoiceField(
            label=db_field.verbose_name,
            help_text=db_field.help_text,
            choices=Channel.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def has_change_permission(self, request: HttpRequest, obj: Restriction | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("compliance.change_restriction")

    def save_model(
        self,
        request: HttpRequest,
        obj: Restriction,
        form: "ModelForm[Restriction]",
        change: bool,  # noqa: FBT001
    ) -> None:
        entered = enter_restriction(
            customer=obj.customer,
            kind=RestrictionKind(obj.kind),
            channels=[Channel(one) for one in obj.channels],
            starts_at=obj.starts_at,
            ends_at=obj.ends_at,
            evidence=obj.evidence,
            evidence_kind=EvidenceKind(obj.evidence_kind),
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = entered.pk
        self._tell(request, entered)

    def _tell(self, request: HttpRequest, entered: Restriction) -> None:
        said = gettext("Contact is stopped. %(stopped)s") % {"stopped": self.stopped(entered)}
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Lift the selected restrictions"), permissions=["decide"])
    def lift(self, request: HttpRequest, rows: QuerySet[Restriction]) -> None:
        act(
            self,
            request,
            rows,
            lambda row: lift_restriction(row, by=asking(request), now=timezone.now()),
            expecting=[AlreadyLifted, NotYours],
        )

    @admin.action(description=_("They still hold: review the selected restrictions"), permissions=["decide"])
    def keep(self, request: HttpRequest, rows: QuerySet[Restriction]) -> None:
        act(
            self,
            request,
            rows,
            lambda row: review_restriction(row, by=asking(request), now=timezone.now()),
            expecting=[AlreadyLifted, NotYours],
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.extend_view)
        return [path("<int:pk>/extend/", view, name="compliance_restriction_extend"), *super().get_urls()]

    def extend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Continue a restriction on new evidence."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request).select_related("customer"), pk=pk)
        form = ExtendForm(
            request.POST or None, initial={"evidence_kind": EFFECTS[RestrictionKind(row.kind)].proof[0]}
        )
        if request.method == "POST" and form.is_valid():
            try:
                longer = extend_restriction(row, **form.cleaned(), by=asking(request), now=timezone.now())
            except (CannotBeExtended, EndsBeforeItStarts, TooLong, NoProof, NotYours) as no:
                form.add_error(None, str(no))
            else:
                self._tell(request, longer)
                return redirect("admin:compliance_restriction_change", longer.pk)
        page = {
            **self.admin_site.each_context(request),
            "title": gettext("Continue a restriction"),
            "opts": self.opts,
            "original": row,
            "form": form,
            "media": self.media + form.media,
            "list_url": reverse("admin:compliance_restriction_changelist"),
        }
        return TemplateResponse(request, "admin/compliance/restriction/extend.html", page)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Restriction | None = context.get("original")
        now = timezone.now()
        context["may_extend"] = (
            row is not None
            and self.has_decide_permission(request)
            and EFFECTS[RestrictionKind(row.kind)].extensions > 0
            and row.lifted_at is None
            and row.ends_at is not None
            and row.ends_at > now
        )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("what this kind means"))
    def guide(self, _row: Restriction) -> SafeString:
        sections = (
            (kind.value, kind.label, format_html_join("", "<li>{}</li>", ((one,) for one in sentences(care))))
            for kind, care in EFFECTS.items()
        )
        html = '<section data-kind="{}"><strong>{}</strong><ul>{}</ul></section>'
        return format_html(
            '<div class="care-guide" id="care-guide">{}</div>', format_html_join("", html, sections)
        )

    @admin.display(description=_("what it stopped"))
    def stopped(self, row: Restriction) -> str:
        return what_was_stopped(list(row.stoppages.all()))
