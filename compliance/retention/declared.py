"""What each retention class covers, in words, and where its bounds come from. The packages that own the data declare
their classes (`visits.retention`, `followups.retention`); `settings.RETENTION` lists them, so that compliance need
not know the packages above it.
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Bound:
    """One end of a class's span in days, its source, and how far the source was confirmed (`wording.VERIFICATIONS`)."""

    days: int
    source: Promise
    verification: str = ""


@dataclass(frozen=True)
class Declared:
    """A retention class. `counts_from` says from when its days count, `what_goes` what a purge takes away.

    `function` is the database function that purges it (`compliance.retention.sql`).
    """

    key: str
    title: Promise
    counts_from: Promise
    what_goes: Promise
    at_least: Bound
    at_most: Bound
    function: str


BANK_POLICY = _("bank policy")
CARD_68 = _("Measures for credit card business of commercial banks, art. 68: at least two years")
CARD_68_70 = _(
    "Measures for credit card business of commercial banks, art. 68: at least two years; art. 70: agreements made by"
    " word of mouth until the debt is settled"
)
MINIMISATION = _(
    "bank policy, after the Personal Information Protection Law, art. 19: no longer than necessary"
)


def collection_records(*, words: bool = False) -> Bound:
    """The minimum of everything that shows how a debt was collected; `words` may hold an agreement."""
    return Bound(730, CARD_68_70 if words else CARD_68, "SECONDARY")


def as_long_as_needed(days: int) -> Bound:
    """The law names no number; this one is the bank's."""
    return Bound(days, MINIMISATION)


@cache
def declared() -> dict[str, Declared]:
    """Every class by its key, in the order of the settings."""
    modules = (import_string(f"{path}.CLASSES") for path in settings.RETENTION)
    return {one.key: one for classes in modules for one in classes}
