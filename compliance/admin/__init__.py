from compliance.admin.areas import AreaRestrictionAdmin, StoppageAdmin
from compliance.admin.audit import AuditEntryAdmin
from compliance.admin.holidays import HolidayAdmin, HolidayYearAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.outcomes import ContactOutcomeAdmin
from compliance.admin.restrictions import RestrictionAdmin
from compliance.admin.rulebook import RuleBookAdmin

__all__ = [
    "AreaRestrictionAdmin",
    "AuditEntryAdmin",
    "ClearanceAdmin",
    "ContactAdmin",
    "ContactOutcomeAdmin",
    "DisclosureAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "RuleBookAdmin",
    "StoppageAdmin",
]
