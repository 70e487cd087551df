"""What is filled in to enter or continue a restriction. Whether it may be done is for `compliance.limits` to say."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.area_restrictions import KIND as DISASTER
from compliance.evidence import EvidenceKind
from compliance.limits import (
    EndsBeforeItStarts,
    NoEnd,
    NoProof,
    NotYours,
    TooLong,
    end_of,
    must_be_allowed,
    must_be_proven,
)
from compliance.models import AreaRestriction, Restriction
from compliance.special_care import may_enter
from compliance.terms import RestrictionKind


class RestrictionForm(forms.ModelForm):  # type: ignore[type-arg]
    """`by` is set by the page: the rights belong to whoever fills it in."""

    by: ClassVar[User]

    class Meta:
        model = Restriction
        fields = ["customer", "kind", "channels", "starts_at", "ends_at", "evidence_kind", "evidence"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind"):
            self._check(RestrictionKind(said["kind"]), said)
        return said

    def _check(self, kind: RestrictionKind, said: dict[str, Any]) -> None:
        try:
            must_be_allowed(kind, may=may_enter(kind, self.by.role))
        except NotYours as no:
            self.add_error("kind", str(no))
        if said.get("evidence_kind"):
            try:
                must_be_proven(kind, EvidenceKind(said["evidence_kind"]))
            except NoProof as no:
                self.add_error("evidence_kind", str(no))
        if said.get("starts_at"):
            try:
                end_of(kind, said["starts_at"], said.get("ends_at"))
            except (EndsBeforeItStarts, NoEnd, TooLong) as no:
                self.add_error("ends_at", str(no))


class AreaRestrictionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = AreaRestriction
        fields = ["prefix", "name", "starts_at", "ends_at", "declared_by", "evidence"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("starts_at"):
            try:
                said["ends_at"] = end_of(DISASTER, said["starts_at"], said.get("ends_at"))
            except (EndsBeforeItStarts, TooLong) as no:
                self.add_error("ends_at", str(no))
        return said


class ExtendForm(forms.Form):
    ends_at = forms.SplitDateTimeField(
        label=_("until"),
        widget=AdminSplitDateTime(),
        required=False,
        help_text=_("empty: as long as is usual for the kind"),
    )
    evidence_kind = forms.ChoiceField(label=_("what it rests on"), choices=EvidenceKind.choices)
    evidence = forms.CharField(
        label=_("evidence"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("The new paper: its number, its date, who saw it. Nothing of anybody's health."),
    )

    def cleaned(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**said, "evidence_kind": EvidenceKind(said["evidence_kind"])}
