"""The ledgers whose every row has an entry in a chain, with a digest of the row. One table; add yours below.

A column that is added to such a ledger later is either null in the rows from before (null columns are left out of
digests), or named in `added_later` with the value those rows were given: a column that holds just this
value is left out too. So old digests stay true, and changing either value still shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compliance.disclosure_reasons import ReasonCode
from compliance.models import (
    Chain,
    Clearance,
    Contact,
    ContactOutcome,
    DataRequestEvent,
    Disclosure,
    Export,
    Kind,
    OverrideUse,
    PolicySnapshot,
    PurgeRun,
    Refusal,
    RestrictionReview,
    Stoppage,
)
from config.ledger import Ledger


@dataclass(frozen=True)
class Audited:
    """A ledger, its chain, and the columns an entry repeats as its detail: codes only, no personal data."""

    model: type[Ledger]
    chain: Chain
    kind: Kind
    tells: tuple[str, ...] = ()
    added_later: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def key(self) -> str:
        """The column of the primary key."""
        return next(str(column.column) for column in self.model._meta.concrete_fields if column.primary_key)


AUDITED = (
    Audited(Clearance, Chain.DECISIONS, Kind.DECISION, tells=("channel", "purpose")),
    Audited(Refusal, Chain.DECISIONS, Kind.DECISION, tells=("channel", "purpose")),
    Audited(Contact, Chain.DECISIONS, Kind.CONTACT, tells=("channel", "purpose")),
    Audited(
        ContactOutcome,
        Chain.DECISIONS,
        Kind.OUTCOME,
        tells=("contact_id", "reached", "party_reached", "refused_further"),
    ),
    Audited(OverrideUse, Chain.DECISIONS, Kind.OVERRIDE, tells=("override_id", "purpose", "clearance_id")),
    Audited(PolicySnapshot, Chain.POLICY, Kind.POLICY, tells=("rulebook",)),
    Audited(
        Stoppage,
        Chain.EVIDENCE,
        Kind.RESTRICTION,
        tells=("restriction_id", "area_restriction_id", "visits", "under_way", "messages", "calls"),
    ),
    Audited(RestrictionReview, Chain.EVIDENCE, Kind.RESTRICTION, tells=("restriction_id", "next_on")),
    Audited(
        Disclosure,
        Chain.PEOPLE,
        Kind.DISCLOSURE,
        tells=("field",),
        added_later={"reason_code": ReasonCode.UNCODED.value},
    ),
    Audited(Export, Chain.PEOPLE, Kind.EXPORT, tells=("what", "row_count", "sha256")),
    Audited(DataRequestEvent, Chain.EVIDENCE, Kind.DATA_REQUEST, tells=("old", "new")),
    Audited(PurgeRun, Chain.EVIDENCE, Kind.RETENTION, tells=("keep_days", "rows")),
)

BY_LABEL = {it.label: it for it in AUDITED}
