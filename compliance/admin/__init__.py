from compliance.admin.exports import ExportAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.quotas import DisclosureAlertAdmin, DisclosureQuotaAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "ClearanceAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "DisclosureAlertAdmin",
    "DisclosureQuotaAdmin",
    "ExportAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
