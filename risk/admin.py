from collections.abc import Iterable
from datetime import datetime

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.admin import ReadOnlyAdmin
from risk.card import parse
from risk.models import Assessment, BehaviourFacts, Scorecard, Standing
from risk.wording import (
    DIMENSIONS,
    attributes_of,
    known_of,
    label_of,
    reasons_of,
    value_text,
)


@admin.register(Scorecard)
class ScorecardAdmin(ReadOnlyAdmin[Scorecard]):
    list_display = ["name", "version", "status", "created_at"]
    list_filter = ["status"]
    fields = ["name", "version", "status", "created_at", "sha256", "points_table"]

    @admin.display(description=_("points"))
    def points_table(self, card: Scorecard) -> SafeString:
        rows = (
            (
                DIMENSIONS[one.dimension] if place == 0 else "",
                label_of(one.code) if place == 0 else "",
                attribute,
                points,
            )
            for one in parse(card.definition).characteristics
            for place, (attribute, points) in enumerate(attributes_of(one))
        )
        return _table([_("dimension"), _("characteristic"), _("value"), _("points")], rows)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin[Assessment]):
    list_display = [
        "assessed_at",
        "customer",
        "tier",
        "strategy",
        "safety_band",
        "ability",
        "willingness",
        "safety",
    ]
    list_filter = ["tier", "strategy", "safety_band"]
    list_select_related = ["customer"]
    search_fields = ["customer__bank_number"]
    ordering = ["-pk"]
    fields = [
        ("customer", "case"),
        ("assessed_at", "scorecard"),
        ("tier", "strategy", "safety_band"),
        ("ability", "willingness", "safety", "factors_known"),
        "why",
        "points_table",
    ]

    @admin.display(description=_("known factors"))
    def factors_known(self, assessment: Assessment) -> str:
        return known_of(assessment)

    @admin.display(description=_("reasons"))
    def why(self, assessment: Assessment) -> SafeString:
        return format_html_join(
            "",
            "<h3>{}</h3><ul>{}</ul>",
            (
                (DIMENSIONS[dimension], format_html_join("", "<li>{}</li>", ((one,) for one in sentences)))
                for dimension, sentences in reasons_of(assessment).items()
                if sentences
            ),
        )

    @admin.display(description=_("points"))
    def points_table(self, assessment: Assessment) -> SafeString:
        card = parse(assessment.scorecard.definition)
        rows = (
            (
                DIMENSIONS[one.dimension],
                label_of(one.code),
                value_text(one.code, assessment.facts.get(one.code)),
                points,
                one.best,
            )
            for one, points in zip(card.characteristics, assessment.points, strict=True)
        )
        return _table([_("dimension"), _("characteristic"), _("value"), _("points"), _("best")], rows)


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin[Standing]):
    """Where each case stands now: what plans and the gate look at."""

    list_display = ["case", "tier", "strategy", "safety_band", "assessed_at"]
    list_filter = ["assessment__tier", "assessment__strategy", "assessment__safety_band"]
    list_select_related = ["case__customer", "assessment"]
    search_fields = ["case__customer__bank_number"]
    ordering = ["-assessment"]
    fields = ["case", "assessment", "facts_of"]

    @admin.display(description=_("tier"), ordering="assessment__tier")
    def tier(self, standing: Standing) -> str:
        return standing.assessment.get_tier_display()

    @admin.display(description=_("strategy"), ordering="assessment__strategy")
    def strategy(self, standing: Standing) -> str:
        return standing.assessment.get_strategy_display()

    @admin.display(description=_("safety band"), ordering="assessment__safety_band")
    def safety_band(self, standing: Standing) -> str:
        return standing.assessment.get_safety_band_display()

    @admin.display(description=_("assessed at"), ordering="assessment")
    def assessed_at(self, standing: Standing) -> datetime:
        return standing.assessment.assessed_at


@admin.register(BehaviourFacts)
class BehaviourFactsAdmin(ReadOnlyAdmin[BehaviourFacts]):
    list_display = [
        "customer",
        "last_right_party_contact_at",
        "attitude",
        "promises_kept",
        "promises_broken",
        "updated_at",
    ]
    list_filter = ["attitude"]
    list_select_related = ["customer"]
    search_fields = ["customer__bank_number"]
    ordering = ["-updated_at"]


def _table(head: Iterable[object], rows: Iterable[tuple[object, ...]]) -> SafeString:
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        format_html_join(
            "",
            "<tr>{}</tr>",
            ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
        ),
    )
