from compliance.admin import history
from compliance.admin.amendments import PolicySnapshotAdmin, RuleAmendmentAdmin, RuleLimitAdmin
from compliance.admin.areas import AreaRestrictionAdmin, StoppageAdmin
from compliance.admin.audit import AuditEntryAdmin
from compliance.admin.complaints import ComplaintAdmin, ComplaintEventAdmin, FilingAdmin
from compliance.admin.content import ForbiddenWordAdmin
from compliance.admin.data_requests import CorrectionAdmin, DataRequestAdmin, DataRequestEventAdmin
from compliance.admin.exports import ExportAdmin
from compliance.admin.holidays import HolidayAdmin, HolidayYearAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.outcomes import ContactOutcomeAdmin
from compliance.admin.overrides import OverrideAdmin, OverrideUseAdmin
from compliance.admin.quiet_hours import QuietHoursAdmin
from compliance.admin.quotas import DisclosureAlertAdmin, DisclosureQuotaAdmin
from compliance.admin.restrictions import RestrictionAdmin
from compliance.admin.retention import LegalHoldAdmin, PurgeRunAdmin, RetentionClassAdmin
from compliance.admin.sources import LegalSourceAdmin

__all__ = [
    "AreaRestrictionAdmin",
    "AuditEntryAdmin",
    "ClearanceAdmin",
    "ComplaintAdmin",
    "ComplaintEventAdmin",
    "ContactAdmin",
    "ContactOutcomeAdmin",
    "CorrectionAdmin",
    "DataRequestAdmin",
    "DataRequestEventAdmin",
    "DisclosureAdmin",
    "DisclosureAlertAdmin",
    "DisclosureQuotaAdmin",
    "ExportAdmin",
    "FilingAdmin",
    "ForbiddenWordAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "LegalHoldAdmin",
    "LegalSourceAdmin",
    "OverrideAdmin",
    "OverrideUseAdmin",
    "PolicySnapshotAdmin",
    "PurgeRunAdmin",
    "QuietHoursAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "RetentionClassAdmin",
    "RuleAmendmentAdmin",
    "RuleLimitAdmin",
    "StoppageAdmin",
    "history",
]
