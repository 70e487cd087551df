from compliance.admin.areas import AreaRestrictionAdmin, StoppageAdmin
from compliance.admin.audit import AuditEntryAdmin
from compliance.admin.data_requests import CorrectionAdmin, DataRequestAdmin, DataRequestEventAdmin
from compliance.admin.exports import ExportAdmin
from compliance.admin.holidays import HolidayAdmin, HolidayYearAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.outcomes import ContactOutcomeAdmin
from compliance.admin.quotas import DisclosureAlertAdmin, DisclosureQuotaAdmin
from compliance.admin.restrictions import RestrictionAdmin
from compliance.admin.retention import LegalHoldAdmin, PurgeRunAdmin, RetentionClassAdmin
from compliance.admin.rulebook import RuleBookAdmin

__all__ = [
    "AreaRestrictionAdmin",
    "AuditEntryAdmin",
    "ClearanceAdmin",
    "ContactAdmin",
    "ContactOutcomeAdmin",
    "CorrectionAdmin",
    "DataRequestAdmin",
    "DataRequestEventAdmin",
    "DisclosureAdmin",
    "DisclosureAlertAdmin",
    "DisclosureQuotaAdmin",
    "ExportAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "LegalHoldAdmin",
    "PurgeRunAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "RetentionClassAdmin",
    "RuleBookAdmin",
    "StoppageAdmin",
]
