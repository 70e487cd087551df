from compliance.admin.data_requests import CorrectionAdmin, DataRequestAdmin, DataRequestEventAdmin
from compliance.admin.exports import ExportAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.quotas import DisclosureAlertAdmin, DisclosureQuotaAdmin
from compliance.admin.restrictions import RestrictionAdmin
from compliance.admin.retention import LegalHoldAdmin, PurgeRunAdmin, RetentionClassAdmin

__all__ = [
    "ClearanceAdmin",
    "ContactAdmin",
    "CorrectionAdmin",
    "DataRequestAdmin",
    "DataRequestEventAdmin",
    "DisclosureAdmin",
    "DisclosureAlertAdmin",
    "DisclosureQuotaAdmin",
    "ExportAdmin",
    "LegalHoldAdmin",
    "PurgeRunAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "RetentionClassAdmin",
]
