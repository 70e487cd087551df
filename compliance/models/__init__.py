from compliance.models.areas import AreaRestriction, Stoppage
from compliance.models.audit import AuditEntry, Chain, Kind
from compliance.models.complaint_events import ComplaintEvent, Filing
from compliance.models.complaints import Complaint
from compliance.models.content import ForbiddenWord
from compliance.models.data_requests import Correction, DataRequest, DataRequestEvent
from compliance.models.exports import Export
from compliance.models.history import (
    AreaRestrictionHistory,
    HolidayHistory,
    HolidayYearHistory,
    LegalSourceHistory,
    OverrideHistory,
    QuietHoursHistory,
    RestrictionHistory,
    RuleAmendmentHistory,
)
from compliance.models.holidays import Holiday, HolidayYear
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.outcomes import ContactOutcome
from compliance.models.overrides import Override, OverrideUse
from compliance.models.quiet_hours import QuietHours
from compliance.models.quotas import DisclosureAlert, DisclosureQuota
from compliance.models.restrictions import Restriction, RestrictionReview
from compliance.models.retention import LegalHold, PurgeRun, RetentionClass
from compliance.models.rulebook import LegalSource, PolicySnapshot, RuleAmendment, RuleLimit

__all__ = [
    "AreaRestriction",
    "AreaRestrictionHistory",
    "AuditEntry",
    "Chain",
    "Clearance",
    "Complaint",
    "ComplaintEvent",
    "Contact",
    "ContactOutcome",
    "Correction",
    "DataRequest",
    "DataRequestEvent",
    "Disclosure",
    "DisclosureAlert",
    "DisclosureQuota",
    "Export",
    "Filing",
    "ForbiddenWord",
    "Holiday",
    "HolidayHistory",
    "HolidayYear",
    "HolidayYearHistory",
    "Kind",
    "LegalHold",
    "LegalSource",
    "LegalSourceHistory",
    "Override",
    "OverrideHistory",
    "OverrideUse",
    "PolicySnapshot",
    "PurgeRun",
    "QuietHours",
    "QuietHoursHistory",
    "Refusal",
    "Restriction",
    "RestrictionHistory",
    "RestrictionReview",
    "RetentionClass",
    "RuleAmendment",
    "RuleAmendmentHistory",
    "RuleLimit",
    "Stoppage",
]
