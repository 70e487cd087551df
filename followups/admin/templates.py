from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
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
from compliance.terms import Channel, Purpose
from config.admin import ReadOnlyAdmin, ZoufangAdmin, act
from followups.admin.comparing import side_by_side
from followups.admin.findings import findings, shown
from followups.admin.inlines import ReadOnlyInline
from followups.blanks import BLANKS, FOR, BlanksWrong, ensure_right
from followups.models import Template, TemplateEvent
from followups.models.templates import TemplateStatus
from followups.templates import (
    approve_template,
    retire_template,
    rewrite_template,
    submit_template,
    write_template,
)
from visits.life import NotAllowed

USES = [
    (f"{channel.value} {purpose.value}", f"{channel.label} · {purpose.label}") for channel, purpose in FOR
]


class TemplateForm(ModelForm):  # type: ignore[type-arg]
    """What it is for is chosen once; of a draft the text may be changed."""

    use = forms.ChoiceField(label=_("used for"), choices=USES)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Template
        fields = ["use", "language", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "cols": 90})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = _blanks_in_words()
        if self.instance.pk:
            for name in ("use", "language"):
                del self.fields[name]

    @property
    def purpose(self) -> tuple[Channel, Purpose]:
        if self.instance.pk:
            return Channel(self.instance.channel), Purpose(self.instance.purpose)
        channel, purpose = self.cleaned_data.get("use", USES[0][0]).split()
        return Channel(channel), Purpose(purpose)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        channel, purpose = self.purpose
        try:
            ensure_right(cleaned.get("body", ""), channel=channel, purpose=purpose)
        except BlanksWrong as wrong:
            allowed = " ".join(f"{{{{ {name} }}}}" for name in FOR[channel, purpose])
            said = gettext("These are no blanks here: %(wrong)s. Use: %(blanks)s.")
            self.add_error("body", said % {"wrong": " ".join(wrong.pieces), "blanks": allowed})
        return cleaned


class ApprovalForm(forms.Form):
    effective_from = forms.DateTimeField(required=False)


class StepForm(ActionForm):
    effective_from = forms.DateTimeField(
        label=_("In force from (empty: at once)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


def _blanks_in_words() -> str:
    said = ", ".join(f"{{{{ {name} }}}} {blank.meaning}" for name, blank in BLANKS.items())
    return gettext("Blanks, each for some uses only: %(blanks)s") % {"blanks": said}


class TemplateEventInline(ReadOnlyInline):
    model = TemplateEvent
    fields = ["at", "old", "new", "by"]
    ordering = ["at", "pk"]


@admin.register(Template)
class TemplateAdmin(ZoufangAdmin[Template]):
    """Supervisors write, compliance officers approve; what was submitted does not change any more."""

    form = TemplateForm
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

    def get_fieldsets(self, request: HttpRequest, obj: Template | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["use", "language", "body"]})]
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
        if not isinstance(form, TemplateForm):
            raise PermissionDenied
        channel, purpose = form.purpose
        language = form.cleaned_data["language"]
        written = write_template(
            channel=channel, purpose=purpose, language=language, body=body, by=by, now=now
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
