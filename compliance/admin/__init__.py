from compliance.admin.audit import AuditEntryAdmin
from compliance.admin.complaints import ComplaintAdmin, ComplaintEventAdmin, FilingAdmin
from compliance.admin.holidays import HolidayAdmin, HolidayYearAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.outcomes import ContactOutcomeAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "AuditEntryAdmin",
    "ClearanceAdmin",
    "ComplaintAdmin",
    "ComplaintEventAdmin",
    "ContactAdmin",
    "ContactOutcomeAdmin",
    "DisclosureAdmin",
    "FilingAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
from compliance.admin.rulebook import *  # noqa
