"""A card's reasons as sentences a supervisor can say to a customer, with the customer's own value."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.customers import Access, AreaRisk, Hardship, IncomeKind
from risk.card import Characteristic
from risk.models import Animal, Assessment, Attitude, IncidentKind, People, Signal
from risk.terms import FACTS, Dimension, Unit, Value

Text = str | Promise

DIMENSIONS: dict[str, Text] = {
    Dimension.ABILITY: _("ability to pay"),
    Dimension.WILLINGNESS: _("willingness to pay"),
    Dimension.SAFETY: _("danger"),
}

LABELS: dict[str, Text] = {
    "paid_of_billed": _("Paid of what was billed in six months"),
    "instalments_of_income": _("Instalments of verified income"),
    "income": _("Income"),
    "other_lenders_overdue": _("Other lenders overdue"),
    "limit_used": _("Limit used"),
    "hardship": _("Hardship"),
    "overdue_of_income": _("Overdue of a month's income"),
    "collateral": _("Collateral or guarantor"),
    "days_past_due": _("Days past due"),
    "late_months": _("Late months of the last six"),
    "broken_promises": _("Promises broken"),
    "paid_since_overdue": _("Paid of the arrears since they began"),
    "days_since_contact": _("Days since the customer was reached"),
    "attitude": _("Attitude"),
    "contact_data": _("Contact data"),
    "incident": _("Incident in 24 months"),
    "animal": _("Animal"),
    "area_risk": _("Area"),
    "access": _("Access"),
    "people_present": _("People present"),
    "address_checked": _("Days since the address was verified"),
    "travel": _("Minutes of travel from the branch"),
    "phone_signal": _("Phone signal"),
}

# Where a label and its value, with a colon between them, would not make a sentence.
SENTENCES: dict[str, Text] = {
    "paid_of_billed": _("Paid %(value)s of what was billed in six months"),
    "instalments_of_income": _("Instalments take %(value)s of the verified income"),
    "limit_used": _("%(value)s of the limit is used"),
    "hardship": _("Hardship: %(value)s, which softens the treatment and never makes a case more urgent"),
    "overdue_of_income": _("The overdue amount is %(value)s of a month's income"),
    "late_months": _("Late in %(value)s of the last six months"),
    "paid_since_overdue": _("Paid %(value)s of the arrears since they began"),
}

WORDS: dict[str, dict[str, Text]] = {
    "income": {kind.value: kind.label for kind in IncomeKind},
    "hardship": {kind.value: kind.label for kind in Hardship},
    "collateral": {"YES": _("yes"), "NO": _("no")},
    "attitude": {kind.value: kind.label for kind in Attitude},
    "contact_data": {
        "PHONE_AND_ADDRESS": _("phone and address"),
        "ONE": _("only a phone or only an address"),
        "NONE": _("neither phone nor address"),
    },
    "incident": {"NONE": _("no incident"), **{kind.value: kind.label for kind in IncidentKind}},
    "animal": {kind.value: kind.label for kind in Animal},
    "area_risk": {kind.value: kind.label for kind in AreaRisk},
    "access": {kind.value: kind.label for kind in Access},
    "people_present": {kind.value: kind.label for kind in People},
    "phone_signal": {kind.value: kind.label for kind in Signal},
    "broken_promises": {"NONE_MADE": _("no promise was made")},
    "paid_since_overdue": {"TOO_EARLY": pgettext_lazy("paid of the arrears", "too early to say")},
    "days_since_contact": {
        "FEW_ATTEMPTS": _("not reached, after fewer than six attempts"),
        "UNREACHABLE": _("not reached in 60 days by six attempts or more"),
    },
    "address_checked": {
        "UNVERIFIED": _("never verified"),
        "CONTRADICTED": _("a visit contradicted it"),
    },
    "travel": {"DARK": _("in the dark")},
}


def label_of(code: str) -> str:
    return str(LABELS[code])


def value_text(code: str, value: Value) -> str:
    """A fact's value as people write it: 8.3 %, salary, not known."""
    if value is None:
        return said("not known")
    if isinstance(value, str):
        return str(WORDS[code][value])
    if FACTS[code].unit is Unit.BASIS_POINTS:
        return f"{round(value / 100, 1):g} %"
    return str(value)


def fact_sentence(code: str, value: Value) -> str:
    """What is known, or that it is not: "Paid 8 % of what was billed in six months"."""
    sentence = SENTENCES.get(code)
    if sentence is not None and (isinstance(value, int) or (value is not None and FACTS[code].is_choice)):
        return str(sentence) % {"value": value_text(code, value)}
    return said("%(label)s: %(value)s") % {"label": label_of(code), "value": value_text(code, value)}


def reason_sentence(reason: Mapping[str, Any]) -> str:
    """One of an assessment's reasons: what is known, and what it earned of what it could have."""
    told = {
        "what": fact_sentence(reason["characteristic"], reason["value"]),
        "points": reason["points"],
        "best": reason["best"],
    }
    if reason["dimension"] == Dimension.SAFETY:
        return said("%(what)s (danger %(points)s)") % told
    return said("%(what)s (%(points)s of %(best)s points)") % told


def reasons_of(assessment: Assessment) -> dict[str, list[str]]:
    """The sentences of each dimension (`terms.Dimension`), most points lost first."""
    told: dict[str, list[str]] = {dimension: [] for dimension in DIMENSIONS}
    for reason in assessment.reasons:
        told[reason["dimension"]].append(reason_sentence(reason))
    return told


def known_of(assessment: Assessment) -> str:
    return said("%(known)s of %(asked)s factors known") % {
        "known": assessment.known,
        "asked": assessment.asked,
    }


def attributes_of(one: Characteristic) -> list[tuple[str, int]]:
    """Every attribute of a characteristic in words, with its points: its steps, its words, and not known."""
    steps = [
        *(said("up to %(limit)s") % {"limit": value_text(one.code, cut)} for cut in one.cuts),
        *([said("more")] if one.steps else []),
    ]
    words = [value_text(one.code, word) for word in one.fact.words]
    return list(zip([*steps, *words, value_text(one.code, None)], one.possible, strict=True))
