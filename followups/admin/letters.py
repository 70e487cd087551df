from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.disclosure import NoReason
from config.admin import ReadOnlyAdmin
from followups.letters import TextGone, print_again
from followups.models import Letter


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin[Letter]):
    """Letters are written from the case file; here one sees which, when and by whom, and prints one again."""

    list_display = ["number", "customer", "purpose", "template", "written_by", "written_at"]
    list_filter = ["purpose", "case__branch"]
    search_fields = ["number", "customer__bank_number"]
    list_select_related = ["customer", "template", "written_by"]
    date_hierarchy = "written_at"
    ordering = ["-written_at"]
    exclude = ["text_sealed", "envelope_sealed"]
    action_form = ReasonForm
    actions = ["print_again"]

    def has_print_permission(self, request: HttpRequest) -> bool:
        return asking(request).has_perm("followups.add_letter")

    @admin.action(description=_("Print the selected letter again"), permissions=["print"])
    def print_again(self, request: HttpRequest, rows: QuerySet[Letter]) -> HttpResponse | None:
        chosen = list(rows.select_related("customer")[:2])
        if len(chosen) != 1:
            self.message_user(request, gettext("Choose one letter to print."), messages.WARNING)
            return None
        reason = request.POST.get("reason", "")
        try:
            pdf = print_again(chosen[0], reason=reason, by=asking(request), now=timezone.now())
        except (NoReason, TextGone) as missing:
            self.message_user(request, str(missing), messages.WARNING)
            return None
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{chosen[0].number}.pdf"',
                "Cache-Control": "no-store",
            },
        )
