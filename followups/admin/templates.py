from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from accounts.models.staff import Role
from compliance.content_checking import Unacceptable
from config.admin import ReadOnlyAdmin, ZoufangAdmin, act
from followups.admin.comparing import side_by_side
from followups.admin.findings import findings, shown
from followups.admin.inlines import ReadOnlyInline
from followups.admin.template_forms import ApprovalForm, DraftForm, NewTemplateForm, StepForm
from followups.models import Template, TemplateEvent
from followups.models.templates import TemplateStatus
from followups.template_checks import uses_without_template
from followups.templates import (
    approve_template,
    retire_template,
    rewrite_template,
    submit_template,
    write_template,
)
from visits.life import NotAllowed


class TemplateEventInline(ReadOnlyInline):
    model = TemplateEvent
    fields = ["at", "old", "new", "by"]
    ordering = ["at", "pk"]


@admin.register(Template)
class TemplateAdmin(ZoufangAdmin[Template]):
    """Supervisors write, compliance officers approve; what was submitted does not change any more."""

    change_form_template = "admin/followups/template/change_form.html"
    list_display = ["__str__", "status", "effective_from", "effective_until", "written_by", "approved_by"]
    list_filter = ["status", "channel", "purpose", "language", "packaged"]
    list_select_related = ["written_by", "approved_by"]
    ordering = ["channel", "purpose", "language", "-version"]
    inlines = [TemplateEventInline]
    action_form = StepForm
    actions = ["submit", "approve", "retire"]
    readonly_fields = ["findings", "looks_like", "compared"]

    def has_act_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("followups.change_template")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        me = asking(request)
        return self.has_act_permission(request) and me.role == Role.COMPLIANCE_OFFICER

    def has_change_permission(self, request: HttpRequest, obj: Template | None = None) -> bool:
        """Only its author changes a draft; everything else is read here."""
        if obj is None:
            return super().has_change_permission(request, obj)
        mine = obj.status == TemplateStatus.DRAFT and obj.written_by_id == asking(request).pk
        return mine and super().has_change_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With a warning for everything that nothing can be said for."""
        for channel, purpose, language in uses_without_template(at=timezone.now()):
            said = gettext(
                "No version is approved for %(purpose)s by %(channel)s in %(language)s: nothing is sent."
            )
            what = {"purpose": purpose.label, "channel": channel.label, "language": language}
            self.message_user(request, said % what, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def get_form(
        self,
        request: HttpRequest,
        obj: Template | None = None,
        change: bool = False,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Any:
        kwargs["form"] = NewTemplateForm if obj is None else DraftForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Template | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["used_for", "language", "body"]})]
        about = [
            ("channel", "purpose", "language", "version"),
            ("status", "effective_from", "effective_until"),
        ]
        return [
            (None, {"fields": [*about, "body"]}),
            (_("The checker"), {"fields": ["findings", "looks_like"]}),
            (_("Beside the version in force"), {"fields": ["compared"]}),
            (
                _("Written and approved"),
                {"fields": [("written_by", "written_at"), ("approved_by", "approved_at"), "packaged"]},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Template | None = None) -> Any:
        if obj is None:
            return []
        fields = [field.name for field in Template._meta.fields if field.name not in ("id", "body")]
        return [*fields, *self.readonly_fields]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotAllowed as reason:
            self.message_user(request, str(reason), messages.WARNING)
            return redirect(request.path)

    def save_model(
        self,
        request: HttpRequest,
        obj: Template,
        form: "ModelForm[Template]",
        change: bool,  # noqa: FBT001
    ) -> None:
        by, now, body = asking(request), timezone.now(), form.cleaned_data["body"]
        if change:
            rewrite_template(obj, body=body, by=by, now=now)
            return
        channel, purpose = cast(NewTemplateForm, form).use
        written = write_template(
            channel=channel,
            purpose=purpose,
            language=form.cleaned_data["language"],
            body=body,
            by=by,
            now=now,
        )
        obj.__dict__.update(written.__dict__)

    def response_add(
        self, request: HttpRequest, obj: Template, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page of the draft, with what the checker says about it."""
        self.message_user(
            request, gettext("The draft is saved. Read what the checker says."), messages.SUCCESS
        )
        return redirect("admin:followups_template_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Template) -> HttpResponse:
        return self.response_add(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        template: Template | None = context.get("original")
        status = template.status if template else ""
        may_act, may_approve = self.has_act_permission(request), self.has_approve_permission(request)
        context["may_submit"] = status == TemplateStatus.DRAFT and may_act
        context["may_approve"] = status == TemplateStatus.SUBMITTED and may_approve
        context["may_retire"] = status in (TemplateStatus.DRAFT, TemplateStatus.SUBMITTED) and may_act
        context["may_retire"] |= status == TemplateStatus.APPROVED and may_approve
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Submit the selected drafts for approval"), permissions=["act"])
    def submit(self, request: HttpRequest, rows: QuerySet[Template]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: submit_template(row, by=by, now=now), expecting=[NotAllowed])

    @admin.action(description=_("Approve the selected templates"), permissions=["approve"])
    def approve(self, request: HttpRequest, rows: QuerySet[Template]) -> None:
        by, now = asking(request), timezone.now()
        form = ApprovalForm(request.POST)
        begins = form.cleaned_data.get("effective_from") if form.is_valid() else None
        if form.errors:
            self.message_user(request, gettext("Enter date and time, or leave both out."), messages.WARNING)
            return

        def approve(row: Template) -> None:
            approve_template(row, effective_from=begins, by=by, now=now)

        act(self, request, rows, approve, expecting=[NotAllowed, Unacceptable])

    @admin.action(description=_("Retire the selected templates"), permissions=["act"])
    def retire(self, request: HttpRequest, rows: QuerySet[Template]) -> None:
        by, now = asking(request), timezone.now()
        act(self, request, rows, lambda row: retire_template(row, by=by, now=now), expecting=[NotAllowed])

    @admin.display(description=_("what it finds"))
    def findings(self, template: Template) -> SafeString:
        return findings(template)

    @admin.display(description=_("with examples filled in"))
    def looks_like(self, template: Template) -> SafeString:
        return shown(template)

    @admin.display(description=_("what is different"))
    def compared(self, template: Template) -> SafeString | str:
        others = Template.objects.for_the_same(template).exclude(pk=template.pk)
        before = (
            others.filter(status=TemplateStatus.APPROVED).first()
            or others.filter(version__lt=template.version).last()
        )
        return side_by_side(before, template) if before else gettext("There is no other version.")


@admin.register(TemplateEvent)
class TemplateEventAdmin(ReadOnlyAdmin[TemplateEvent]):
    list_display = ["at", "template", "old", "new", "by"]
    list_filter = ["new"]
    list_select_related = ["template", "by"]
    date_hierarchy = "at"
    ordering = ["-at"]
