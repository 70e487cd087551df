from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.asking import asking
from compliance.content import Category
from compliance.content.words import TooShort, ensure_findable
from compliance.forbidden_words import WordRefused, add_forbidden_word, withdraw_forbidden_word
from compliance.models import ForbiddenWord
from config.admin import ZoufangAdmin, act


class ForbiddenWordForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ForbiddenWord
        fields = ["word", "category", "note"]

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        try:
            ensure_findable(word)
        except TooShort as short:
            raise ValidationError(
                gettext("This is too short: it would be found in harmless texts. Enter the whole phrase.")
            ) from short
        return word


@admin.register(ForbiddenWord)
class ForbiddenWordAdmin(ZoufangAdmin[ForbiddenWord]):
    """Words of this bank. The packaged lists are in the product and cannot be shortened here."""

    form = ForbiddenWordForm
    list_display = ["word", "category", "note", "added_by", "added_at", "withdrawn_by", "withdrawn_at"]
    list_filter = ["category", ("withdrawn_at", admin.EmptyFieldListFilter)]
    search_fields = ["word"]
    list_select_related = ["added_by", "withdrawn_by"]
    date_hierarchy = "added_at"
    ordering = ["-added_at"]
    actions = ["withdraw"]

    def has_change_permission(self, request: HttpRequest, obj: ForbiddenWord | None = None) -> bool:
        """A word is added and withdrawn; it is never rewritten."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except WordRefused as reason:
            self.message_user(request, str(reason), messages.WARNING)
            return redirect(request.path)

    def save_model(
        self,
        request: HttpRequest,
        obj: ForbiddenWord,
        form: "ModelForm[ForbiddenWord]",
        change: bool,  # noqa: FBT001
    ) -> None:
        added = add_forbidden_word(
            word=obj.word,
            category=Category(obj.category),
            note=obj.note,
            by=asking(request),
            now=timezone.now(),
        )
        obj.pk = added.pk

    @admin.action(description=_("Withdraw the selected words"), permissions=["add"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[ForbiddenWord]) -> None:
        by, now = asking(request), timezone.now()
        act(
            self,
            request,
            rows,
            lambda row: withdraw_forbidden_word(row, by=by, now=now),
            expecting=[WordRefused],
        )
