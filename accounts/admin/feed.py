from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.wording import localised
from accounts.feed.summary import summary
from accounts.models import Batch, Reject
from accounts.models.feed import BatchStatus
from config.admin import ReadOnlyAdmin


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin[Batch]):
    list_display = ["source", "as_of", "status", "started_at", "finished_at", "imported_by"]
    list_filter = ["status"]
    list_select_related = ["imported_by"]
    ordering = ["-started_at"]
    fields = [
        ("source", "as_of"),
        ("status", "refusal"),
        "what_it_brought",
        "rejected_rows",
        ("started_at", "finished_at"),
        "imported_by",
        "content_hash",
    ]

    @admin.display(description=_("what it brought"))
    def what_it_brought(self, batch: Batch) -> SafeString:
        if batch.status != BatchStatus.DONE:
            return format_html("{}", "—")
        lines = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in summary(batch)))
        return format_html("<ul>{}</ul>", lines)

    @admin.display(description=_("rejected rows"))
    def rejected_rows(self, batch: Batch) -> SafeString:
        page = reverse("admin:accounts_reject_changelist")
        return format_html('<a href="{}?batch__id__exact={}">{}</a>', page, batch.pk, gettext("Show them"))


@admin.register(Reject)
class RejectAdmin(ReadOnlyAdmin[Reject]):
    list_display = ["batch", "file", "line", "what", "field", "value_masked", "why"]
    list_filter = ["what"]
    list_select_related = ["batch"]
    ordering = ["-batch", "file", "line"]
    fields = ["batch", ("file", "line"), "what", "field", "value_masked", "why"]

    @admin.display(description=_("reason"))
    def why(self, reject: Reject) -> str:
        return localised(reject.reason)
