"""Correcting a source of the rules: somebody read the text, or found the article that was missing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from compliance.audit import Chain, Kind, record
from compliance.models import LegalSource

CORRECTABLE = ("verification", "name_zh", "name_en", "article", "says_zh", "says_en", "address")


class NotYours(Exception):
    """Only a compliance officer vouches for a text."""


@transaction.atomic
def correct_source(source: LegalSource, *, by: User, now: datetime, **said: Any) -> None:
    """Keep what a person read in the text itself; `migrate` leaves the row alone from then on. Raises NotYours.

    A rule whose sources are all unconfirmed reads as bank policy from now on, whatever it has in mind.
    """
    if by.role != Role.COMPLIANCE_OFFICER:
        raise NotYours(gettext("Only a compliance officer corrects the sources of the rules."))
    before = {name: getattr(source, name) for name in CORRECTABLE}
    changed = {name: value for name, value in said.items() if name in CORRECTABLE}
    LegalSource.objects.filter(pk=source.pk).update(**changed, verified_at=now, verified_by=by)
    source.refresh_from_db()
    different = {name: [before[name], value] for name, value in changed.items() if before[name] != value}
    record(
        chain=Chain.POLICY,
        kind=Kind.SOURCE,
        subject=f"compliance.legalsource:{source.pk}",
        detail={"changed": different},
        by=by,
        now=now,
    )
