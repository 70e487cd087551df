from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.wording import localised
from accounts.models import Case, CaseEvent
from accounts.models.verification import REQUIRED, Kind, Status
from accounts.timeline import sentence
from config.admin import ReadOnlyAdmin


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin[Case]):
    """The file of a case: who, what is owed, what was checked, what happened."""

    list_display = [
        "file",
        "branch",
        "status",
        "stage",
        "overdue_amount",
        "currency",
        "oldest_unpaid_due_on",
        "next_action",
        "next_action_on",
    ]
    list_display_links = None
    list_filter = ["status", "stage", "next_action", "branch"]
    list_select_related = ["customer", "branch"]
    search_fields = ["=customer__bank_number"]
    search_help_text = _("The whole customer number.")
    ordering = ["-overdue_amount", "pk"]
    fieldsets = (
        (None, {"fields": [("who", "branch"), ("status", "stage"), ("next_action", "next_action_on")]}),
        (
            _("What is owed"),
            {"fields": [("overdue_amount", "balance", "currency"), "oldest_unpaid_due_on", "accounts"]},
        ),
        (_("Checked before a visit"), {"fields": ["checklist"]}),
        (_("What happened"), {"fields": ["timeline", ("opened_at", "closed_at"), "assessed_at"]}),
    )
    readonly_fields = ["who", "accounts", "checklist", "timeline"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).defer("customer__identity_number_sealed")

    @admin.display(description=_("customer"), ordering="customer__bank_number")
    def file(self, case: Case) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("case-file", args=[case.pk]), case.customer)

    @admin.display(description=_("customer"))
    def who(self, case: Case) -> SafeString:
        page = reverse("admin:accounts_customer_change", args=[case.customer_id])
        return format_html('<a href="{}">{}</a>', page, case.customer)

    @admin.display(description=_("accounts"))
    def accounts(self, case: Case) -> SafeString:
        heads = (_("account"), _("limit"), _("balance"), _("overdue"), _("unpaid since"), _("as of"))
        accounts = case.customer.accounts.order_by("reference")
        return _table(
            heads,
            [
                (
                    str(each),
                    _money(each.credit_limit),
                    _money(each.balance),
                    f"{_money(each.overdue_amount)} {each.currency}",
                    _day(each.oldest_unpaid_due_on),
                    _day(each.as_of),
                )
                for each in accounts
            ],
        )

    @admin.display(description=_("checklist"))
    def checklist(self, case: Case) -> SafeString:
        now = timezone.now()
        items = {item.kind: item for item in case.customer.verifications.all()}
        rows = []
        for kind in REQUIRED:
            item = items.get(kind)
            if item is None:
                rows.append((Kind(kind).label, _("not checked yet"), "", ""))
                continue
            expired = item.status == Status.VALID and item.expires_at <= now
            status = _("expired") if expired else Status(item.status).label
            rows.append((Kind(kind).label, status, localised(item.finding), _instant(item.expires_at)))
        return _table((_("item"), _("status"), _("finding"), _("good until")), rows)

    @admin.display(description=_("timeline"))
    def timeline(self, case: Case) -> SafeString:
        events = case.events.select_related("by").order_by("-at", "-pk")
        rows = [
            (_instant(event.at), event.get_kind_display(), sentence(event), event.by)
            for event in events[:200]
        ]
        return _table((_("at"), _("event"), _("what"), _("by")), rows)


@admin.register(CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin[CaseEvent]):
    list_display = ["at", "case", "kind", "what", "by"]
    list_filter = ["kind"]
    list_select_related = ["case__customer", "by"]
    search_fields = ["=case__customer__bank_number"]
    ordering = ["-pk"]
    fields = ["case", "kind", "what", "at", "by"]

    @admin.display(description=_("what"))
    def what(self, event: CaseEvent) -> str:
        return sentence(event)


def _table(heads: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> SafeString:
    head = format_html_join("", "<th>{}</th>", ((each,) for each in heads))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html(
        '<table class="case-file"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body
    )


def _money(amount: Any) -> str:
    return formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)


def _day(day: Any) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _instant(at: Any) -> str:
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
