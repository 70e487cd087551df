from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.models import LegalSource
from compliance.rules import BOOK
from compliance.sources import CORRECTABLE, NotYours, correct_source
from compliance.wording import title
from config.admin import ZoufangAdmin


@admin.register(LegalSource)
class LegalSourceAdmin(ZoufangAdmin[LegalSource]):
    """The texts come packaged; whoever has read one corrects it and vouches for it by name."""

    list_display = ["key", "name_zh", "article", "verification", "verified_by", "verified_at"]
    list_filter = ["verification"]
    search_fields = ["key", "name_zh", "name_en"]
    list_select_related = ["verified_by"]
    ordering = ["key"]
    fields = [
        "key",
        ("name_zh", "name_en"),
        ("article", "verification"),
        ("says_zh", "says_en"),
        "address",
        "rules",
        ("verified_by", "verified_at"),
    ]
    readonly_fields = ["key", "rules", "verified_by", "verified_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("rules that follow it"))
    def rules(self, source: LegalSource) -> str:
        following = [rule.id for rule in BOOK if source.key in rule.sources]
        return "; ".join(f"{id_} {title(id_)}" for id_ in following) or "–"

    def save_model(
        self,
        request: HttpRequest,
        obj: LegalSource,
        form: "ModelForm[LegalSource]",
        change: bool,  # noqa: FBT001
    ) -> None:
        kept = LegalSource.objects.get(pk=obj.pk)
        said: dict[str, Any] = {name: form.cleaned_data[name] for name in CORRECTABLE}
        try:
            correct_source(kept, by=asking(request), now=timezone.now(), **said)
        except NotYours as no:
            self.message_user(request, str(no), messages.ERROR)
