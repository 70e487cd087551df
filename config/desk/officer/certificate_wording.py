"""What a certificate says, on the page and on paper."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.certificate import FIGURES, Certificate
from config.desk.counted import Counted

TOLD: dict[str, str | Promise] = {
    "contacts": _("contacts made in the period"),
    "outside": _("outside the contact hours 08:00–21:00 of the customer"),
    "without_clearance": _("without a clearance for this customer, channel and purpose"),
    "after_expiry": _("before their clearance was given, or after it had run out"),
    "alone": _("visits by fewer than two people"),
    "used_twice": _("on a clearance that another contact used, too"),
}


def statement(one: Certificate) -> str:
    """What the certificate says, in one sentence."""
    if not one.holds:
        return gettext("This certificate does not hold: contacts that must not be were found.")
    if not one.contacts:
        return gettext("No contact was made in the period.")
    return gettext(
        "Every contact of the period was made inside the contact hours of the customer's own time zone, under a"
        " clearance of its own that was valid at that moment; nobody visited alone."
    )


@dataclass(frozen=True)
class Figure(Counted):
    """One line of the certificate; `wrong` when it must be zero and is not."""

    name: str
    count: int
    wrong: bool


def figures(one: Certificate) -> list[Figure]:
    counts = {name: getattr(one, name) for name in FIGURES}
    return [
        Figure(str(TOLD[name]), count, wrong=name != "contacts" and count > 0)
        for name, count in counts.items()
    ]


def how_to_verify() -> str:
    return gettext(
        "How to verify: “manage.py verify_audit” proves that the entry and all before it are unchanged; the entry holds"
        " the period, the figures and the hash of the query. Issue the certificate for the same period again: the"
        " figures and the hash of the query must be the same."
    )
