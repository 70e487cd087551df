from compliance.models.areas import AreaRestriction, Stoppage
from compliance.models.audit import AuditEntry, Chain, Kind
from compliance.models.holidays import Holiday, HolidayYear
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.outcomes import ContactOutcome
from compliance.models.overrides import Override, OverrideUse
from compliance.models.quiet_hours import QuietHours
from compliance.models.restrictions import Restriction, RestrictionReview
from compliance.models.rulebook import LegalSource, PolicySnapshot, RuleAmendment, RuleLimit

__all__ = [
    "AreaRestriction",
    "AuditEntry",
    "Chain",
    "Clearance",
    "Contact",
    "ContactOutcome",
    "Disclosure",
    "Holiday",
    "HolidayYear",
    "Kind",
    "LegalSource",
    "Override",
    "OverrideUse",
    "PolicySnapshot",
    "QuietHours",
    "Refusal",
    "Restriction",
    "RestrictionReview",
    "RuleAmendment",
    "RuleLimit",
    "Stoppage",
]
